// SPDX-License-Identifier: Apache-2.0
// An HTTP server that fetches from itself; worker threads, child processes, files, compression, crypto.
import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { generateKeyPair, scryptSync } from 'node:crypto';
import { watch } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { gunzipSync, gzip } from 'node:zlib';

if (process.argv[2] === 'child') {
    process.send('from the child');
    process.disconnect();
} else {
    const server = createServer((request, response) => response.end(`you asked for ${request.url}`));
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const answers = await Promise.all([1, 2, 3, 4].map((n) =>
        fetch(`http://127.0.0.1:${server.address().port}/${n}`).then((answer) => answer.text())));
    assert.deepEqual(answers, [1, 2, 3, 4].map((n) => `you asked for /${n}`));
    server.close();

    const code = 'require("worker_threads").parentPort.postMessage([...Array(1e5).keys()].reduce((a, b) => a + b))';
    const sums = await Promise.all([1, 2, 3].map(() => new Promise((done, failed) =>
        new Worker(code, { eval: true }).on('message', done).on('error', failed))));
    assert.deepEqual(sums, [4999950000, 4999950000, 4999950000]);

    const { stdout } = await promisify(execFile)('uname', ['-s']);
    assert.equal(stdout, 'Linux\n');
    const child = fork(process.argv[1], ['child']);
    assert.equal(await new Promise((done) => child.on('message', done)), 'from the child');

    const directory = await mkdtemp('/tmp/node-');
    const seen = new Promise((done) => watch(directory, (event, name) => done(name)));
    await writeFile(`${directory}/file`, 'text');
    assert.equal(await seen, 'file');
    assert.equal(await readFile(`${directory}/file`, 'utf8'), 'text');
    assert.equal(gunzipSync(await promisify(gzip)('packed')).toString(), 'packed');
    await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
    assert.equal(scryptSync('password', 'salt', 32).length, 32);
    console.log('works');
    process.exit(0);
}

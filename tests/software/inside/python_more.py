#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the whole of Python has beyond python.py."""
import asyncio
import concurrent.futures
import ctypes
import mmap
import multiprocessing
import multiprocessing.shared_memory
import os
import resource
import sqlite3
import tempfile
import urllib.request
import wsgiref.simple_server
import threading


def square(number):
    return number * number


def pools():
    for method in ("fork", "spawn", "forkserver"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            assert pool.map(square, range(10)) == [n * n for n in range(10)], method
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(square, range(10))) == 285
    shared = multiprocessing.shared_memory.SharedMemory(create=True, size=1 << 20)
    shared.buf[:4] = b"mine"
    shared.close()
    shared.unlink()


async def loop():
    process = await asyncio.create_subprocess_exec("echo", "hello", stdout=asyncio.subprocess.PIPE)
    assert (await process.communicate())[0] == b"hello\n"

    async def serve(reader, writer):
        writer.write((await reader.readline()).upper())
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"hello\n")
        assert await reader.read() == b"HELLO\n"
        writer.close()
    assert await asyncio.to_thread(square, 5) == 25


def page(_environment, start):
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"page"]


def http():
    server = wsgiref.simple_server.make_server("127.0.0.1", 0, page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/") as answer:
        assert answer.read() == b"page"
    server.shutdown()


def memory():
    with mmap.mmap(-1, 1 << 20) as shared:
        if os.fork() == 0:
            shared[:5] = b"child"
            os._exit(0)
        os.wait()
        assert shared[:5] == b"child"
    # What compilers at run time do: memory that is written, then run.
    with mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC):
        pass
    assert ctypes.CDLL(None).getpid() == os.getpid()
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


def database():
    with tempfile.TemporaryDirectory() as directory:
        with sqlite3.connect(f"{directory}/base") as base:
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("CREATE TABLE things (name TEXT)")
            base.executemany("INSERT INTO things VALUES (?)", [("one",), ("two",)])
            assert base.execute("SELECT count(*) FROM things").fetchone() == (2,)


if __name__ == "__main__":
    pools()
    asyncio.run(loop())
    http()
    memory()
    database()
    print("works")

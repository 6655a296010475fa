#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What any Python has: threads, processes, sockets, TLS, descriptors."""
import errno
import os
import select
import signal
import socket
import ssl
import subprocess
import tempfile
import threading


def threads():
    total, lock, together = [0], threading.Lock(), threading.Barrier(8)

    def work():
        together.wait(10)
        for _ in range(1000):
            with lock:
                total[0] += 1

    everyone = [threading.Thread(target=work) for _ in range(8)]
    for one in everyone:
        one.start()
    for one in everyone:
        one.join()
    assert total == [8000], total


def processes():
    shell = ["/bin/sh", "-c", "cat; exit 3"]
    done = subprocess.run(shell, input=b"in", capture_output=True, start_new_session=True)
    assert (done.returncode, done.stdout) == (3, b"in"), done
    done = subprocess.run(["/bin/true"], preexec_fn=lambda: os.nice(1), check=True)
    child = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 7"], os.environ)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    child = os.fork()
    if child == 0:
        signal.pause()
    handle = os.pidfd_open(child)
    signal.pidfd_send_signal(handle, signal.SIGTERM)
    assert select.select([handle], [], [], 10)[0] == [handle]
    assert os.waitpid(child, 0)[1] == signal.SIGTERM


def answer(listener, wrap):
    connection = wrap(listener.accept()[0])
    connection.sendall(connection.recv(100).upper())
    connection.close()


def ask(name, serve=lambda sock: sock, join=lambda sock: sock):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=answer, args=(listener, serve))
        server.start()
        with join(socket.create_connection(listener.getsockname(), 10)) as client:
            client.sendall(b"hello")
            assert client.recv(100) == b"HELLO", name
        server.join()


def tls_context(purpose):
    """Without certificates: nobody has to make one."""
    context = ssl.SSLContext(purpose)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AECDH-AES256-SHA:@SECLEVEL=0")
    return context


def sockets():
    ask("tcp")
    server, client = tls_context(ssl.PROTOCOL_TLS_SERVER), tls_context(ssl.PROTOCOL_TLS_CLIENT)
    ask("tls", lambda sock: server.wrap_socket(sock, server_side=True), client.wrap_socket)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    reading, writing = os.pipe()
    socket.send_fds(ours, [b"descriptor"], [writing])
    os.write(socket.recv_fds(theirs, 100, 1)[1][0], b"passed")
    assert os.read(reading, 100) == b"passed"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.sendto(b"datagram", udp.getsockname())
        assert udp.recv(100) == b"datagram"


def descriptors():
    counter, waiting = os.eventfd(0), select.epoll()
    waiting.register(counter, select.EPOLLIN)
    os.eventfd_write(counter, 5)
    assert waiting.poll(10) == [(counter, select.EPOLLIN)] and os.eventfd_read(counter) == 5
    memory = os.memfd_create("memory")
    os.write(memory, b"0123456789")
    with tempfile.TemporaryFile() as file:
        assert os.sendfile(file.fileno(), memory, 0, 5) == 5
        os.posix_fallocate(file.fileno(), 0, 4096)
        os.fsync(file.fileno())
        assert os.pread(file.fileno(), 5, 0) == b"01234"
    os.sched_setaffinity(0, os.sched_getaffinity(0))
    assert len(os.getrandom(16)) == 16


def no_way_back():
    """A daemon that gives its user away does not get it back."""
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        try:
            os.setuid(0)
        except OSError as error:
            os._exit(0 if error.errno == errno.EPERM else 2)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


threads()
processes()
sockets()
descriptors()
if os.getuid() == 0:
    no_way_back()
print("works")

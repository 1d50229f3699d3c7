"""What the targets share: a listening socket, the line that names its port, a tally printed at the end."""

import asyncio
import collections
import json
import signal
import socket
import struct
import sys


def listen(port=0, backlog=4096):
    """A listening socket on 127.0.0.1; its port goes to standard output as the first line."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    sock.listen(backlog)
    announce(sock)
    return sock


def announce(sock):
    print(f"port {sock.getsockname()[1]}", flush=True)


class Tally:
    """What really happened, counted by (word, path); printed as one line of JSON when the target ends."""

    def __init__(self):
        self.counts = collections.defaultdict(collections.Counter)
        self.extra = {}

    def add(self, word, path="", count=1):
        self.counts[word][path] += count

    def print(self):
        result = {word: dict(paths) for word, paths in self.counts.items()} | self.extra
        print(json.dumps(result, sort_keys=True), flush=True)


def reset(writer):
    """Closes a connection by RST instead of FIN."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Request:
    """One request's line and body; headers by lower-case name."""

    def __init__(self, method, target, headers, body):
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.path, _, query = target.partition("?")
        self.query = dict(part.partition("=")[::2] for part in query.split("&") if part)

    def number(self, name, default):
        return float(self.query.get(name, default))


async def read_request(reader):
    """The next request of a connection; None at its end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    headers = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    length = int(headers.get("content-length", "0"))
    try:
        body = await reader.readexactly(length) if length else b""
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return Request(method, target, headers, body)


def reply(status="200 OK", body=b"ok\n", headers=()):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def until_terminated(tally, start):
    """Runs `start()` (which gives a server or None) until SIGTERM or SIGINT, then prints the tally."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await start()
    await ended.wait()
    tally.print()
    sys.stdout.flush()


def serve(handle, tally, port=0):
    """An asyncio server whose `handle(request, reader, writer)` says with True that the connection goes on."""

    async def connection(reader, writer):
        tally.add("connections")
        try:
            while request := await read_request(reader):
                tally.add("received", request.path)
                if not await handle(request, reader, writer):
                    break
        except (ConnectionError, asyncio.CancelledError):
            tally.add("disconnects")
        finally:
            writer.close()

    async def start():
        return await asyncio.start_server(connection, sock=listen(port), limit=1 << 20)

    asyncio.run(until_terminated(tally, start))

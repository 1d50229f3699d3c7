#!/usr/bin/python3
"""A target whose replies are wrong, one way for each path; /ways lists them, anything else is answered well.

Each entry says whether a careful client takes the reply (`good`) or must count an error (`bad`).
"""

import asyncio

import serving

tally = serving.Tally()
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

# path → (kind, bytes, what happens then: "keep", "close" or "reset")
WAYS = {
    "/garbage": ("bad", b"\x16\x03\x01 this is no HTTP at all\r\n\r\n", "close"),
    "/status-line": ("bad", b"HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n", "close"),
    "/version": ("bad", b"HTTP/3.7 200 OK\r\nContent-Length: 0\r\n\r\n", "close"),
    "/length-text": ("bad", HEAD + b"Content-Length: twelve\r\n\r\n", "close"),
    "/length-negative": ("bad", HEAD + b"Content-Length: -1\r\n\r\n", "close"),
    "/length-huge": ("bad", HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n", "close"),
    "/lengths-differ": ("bad", HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "close"),
    "/body-short": ("bad", HEAD + b"Content-Length: 100\r\n\r\nonly this", "close"),
    "/body-reset": ("bad", HEAD + b"Content-Length: 100\r\n\r\nonly this", "reset"),
    "/chunk-size": ("bad", CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n", "close"),
    "/chunk-sign": ("bad", CHUNKED + b"+3\r\nabc\r\n0\r\n\r\n", "close"),
    "/chunk-huge": ("bad", CHUNKED + b"fffffffffffffffff\r\nabc\r\n0\r\n\r\n", "close"),
    "/chunk-end": ("bad", CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n", "close"),
    "/chunk-short": ("bad", CHUNKED + b"10\r\nabc", "close"),
    "/chunk-reset": ("bad", CHUNKED + b"10\r\nabc", "reset"),
    "/head-half": ("bad", b"HTTP/1.1 200 OK\r\nContent-Le", "close"),
    "/head-reset": ("bad", b"HTTP/1.1 200 OK\r\nContent-Le", "reset"),
    "/close": ("bad", b"", "close"),
    "/reset": ("bad", b"", "reset"),
    "/switch": ("bad", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "close"),
    # Header lines that nobody reads are passed over, not judged.
    "/header": ("good", HEAD + b"this header has no colon\r\nContent-Length: 2\r\n\r\nok", "keep"),
    "/no-length": ("good", HEAD + b"\r\nuntil the end", "close"),
    "/no-reason": ("good", b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", "keep"),
    "/bare-lf": ("good", b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "keep"),
    "/fold": ("good", HEAD + b"X-Long: one\r\n two\r\nContent-Length: 2\r\n\r\nok", "keep"),
    "/lengths-equal": ("good", HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", "keep"),
    "/length-and-chunked": (
        "good", HEAD + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "close"),
    "/chunked": ("good", CHUNKED + b"2;x=y\r\nok\r\n0\r\nTrailer: yes\r\n\r\n", "keep"),
    "/continue": ("good", b"HTTP/1.1 100 Continue\r\n\r\n" + serving.reply(), "keep"),
    "/hints": ("good", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + serving.reply(), "keep"),
    "/no-content": ("good", b"HTTP/1.1 204 No Content\r\n\r\n", "keep"),
    "/http10": ("good", b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "close"),
    "/connection-close": ("good", serving.reply(headers=("Connection: close",)), "close"),
    "/500": ("good", serving.reply("500 Internal Server Error"), "keep"),
    "/surplus": ("good", serving.reply() + b"bytes that nobody asked for", "close"),
}


async def endless_head(writer):
    """Header lines until the other side has had enough, at most 64 MiB."""
    writer.write(HEAD)
    for number in range(1 << 14):
        writer.write(b"X-%d: " % number + b"a" * 4096 + b"\r\n")
        await writer.drain()


async def handle(request, reader, writer):
    kind, data, then = WAYS.get(request.path, ("good", serving.reply(), "keep"))
    if request.path == "/ways":
        data = serving.reply(body="".join(f"{path} {way[0]}\n" for path, way in WAYS.items()).encode())
    elif request.path == "/endless-head":
        await endless_head(writer)
        return False
    elif request.path == "/redirect":
        left = int(request.number("n", 1))
        place = f"/redirect?n={left - 1}" if left > 1 else "/end"
        data = serving.reply("302 Found", headers=(f"Location: {place}",))
    elif request.path == "/redirect-loop":
        data = serving.reply("302 Found", headers=("Location: /redirect-loop",))
    if data:
        writer.write(data)
        await writer.drain()
    tally.add("answered" if kind == "good" else "broken", request.path)
    if then == "reset":
        # What was written must be on its way first: a reset throws away what is still queued here.
        await asyncio.sleep(0.01)
        serving.reset(writer)
    return then == "keep"


serving.serve(handle, tally)

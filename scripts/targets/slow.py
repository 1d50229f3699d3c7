#!/usr/bin/python3
"""A target that takes its time, by path:

    /delay?ms=100                 the whole reply after a while
    /drip?bytes=20&ms=50          the head at once, then the body byte by byte with a pause before each
    /body?bytes=1000000&ms=100    the head and half of the body at once, the rest after a while
    /never                        reads the request and says nothing
    /head-only                    the head of a reply whose body never comes
    anything else                 at once
"""

import asyncio

import serving

tally = serving.Tally()


async def handle(request, reader, writer):
    pause = request.number("ms", 100) / 1000
    size = int(request.number("bytes", 20))
    if request.path == "/delay":
        await asyncio.sleep(pause)
        writer.write(serving.reply())
    elif request.path == "/drip":
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
        for _ in range(size):
            await asyncio.sleep(pause)
            writer.write(b".")
            await writer.drain()
    elif request.path == "/body":
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode() + b"a" * (size // 2))
        await writer.drain()
        await asyncio.sleep(pause)
        writer.write(b"b" * (size - size // 2))
    elif request.path in ("/never", "/head-only"):
        if request.path == "/head-only":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        # Ends when the other side closes.
        await reader.read(1)
        return False
    else:
        writer.write(serving.reply())
    await writer.drain()
    tally.add("answered", request.path)
    return True


serving.serve(handle, tally)

#!/usr/bin/python3
"""A target whose replies are made wrong by a seed: thousands of ways in one run.

    mutants.py [--seed N]

The path says the kind; the n-th request of a kind gets the n-th mutant of it, and the connection is ended with it:

    /good          right in a way that is drawn (framing, 1xx before it, pieces); the connection goes on where it may
    /cut-head      ended within the head, or before its first byte
    /cut-body      ended, or reset, within the body: by length or in chunks
    /length        a Content-Length that is none, or two that differ
    /chunk         a chunk whose size, or whose end, is none
    /status        a status line that is none
    /long          a head, a chunk's extension or a trailer that does not end for a long time
    /any           a right reply with bytes changed, doubled, moved or left out: whatever it is now

/hop?to=KIND leads there by a redirect, good but for where it leads. Everything goes out in pieces of drawn lengths.
"""

import argparse
import asyncio
import random

import serving

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--show", nargs=2, metavar=("KIND", "N"), help="print the N-th mutant (from 1) of a kind and end")
options = parser.parse_args()
tally = serving.Tally()

OK = b"HTTP/1.1 200 OK\r\n"
NAMES = (b"Server: x", b"X-Empty:", b"Cache-Control: no-store", b"Vary: *", b"Content-Type: text/plain")


def lines(draw, *own):
    """Header lines: some that nobody minds, and one's own, in any order; with the empty line."""
    chosen = [*draw.sample(NAMES, draw.randrange(4)), *own]
    draw.shuffle(chosen)
    return b"".join(line + b"\r\n" for line in chosen) + b"\r\n"


def text(draw, least=0):
    """A body; JSON as often as not, so that captures have something to read."""
    size = draw.choice([draw.randint(least, 40), draw.randint(least, 4000), draw.randint(least, 100_000)])
    if draw.random() < 0.5:
        return bytes(draw.choices(b"abc\r\n0123 {}[]\",:", k=size))
    return (b'{"token": "' + bytes(draw.choices(b"abcdef\\u0\"{[", k=size)) + b'"}').ljust(least, b" ")


def chunks(draw, body):
    """The pieces of a chunked body, its last chunk and trailers not among them."""
    pieces, place = [], 0
    while place < len(body):
        piece = body[place:place + draw.randint(1, max(1, len(body) // draw.randint(1, 8)))]
        size = (b"%x" if draw.random() < 0.5 else b"%X") % len(piece)
        extension = draw.choice([b"", b";a=b", b";q=\"x;y\""])
        pieces.append(b"0" * draw.randrange(3) + size + extension + b"\r\n" + piece + b"\r\n")
        place += len(piece)
    return pieces


def good(draw):
    """(head, body, whether the connection may go on)."""
    before = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * draw.choice([0, 0, 0, 1, 3])
    body = text(draw)
    way = draw.choice(["length", "length", "chunked", "chunked", "close", "nothing"])
    if way == "length":
        return before + OK + lines(draw, b"Content-Length: %d" % len(body)), body, True
    if way == "chunked":
        last = b"0\r\n" + draw.choice([b"", b"X-Sum: 1\r\n"]) + b"\r\n"
        return before + OK + lines(draw, b"Transfer-Encoding: chunked"), b"".join(chunks(draw, body)) + last, True
    if way == "close":
        return before + OK + lines(draw), body, False
    return before + b"HTTP/1.1 204 No Content\r\n" + lines(draw), b"", True


def framed(draw):
    """A reply that says where its body ends, which is not empty."""
    while True:
        head, body, goes_on = good(draw)
        if goes_on and body:
            return head, body


def cut_head(draw):
    head, _, _ = good(draw)
    return head[:draw.randrange(len(head))]


def cut_body(draw):
    head, body = framed(draw)
    return head + body[:draw.randrange(len(body))]


def length(draw):
    body = text(draw, least=1)
    n = len(body)
    said = draw.choice([
        b"-%d" % n, b"+%d" % n, b"0x%x" % n, b"%d.0" % n, b"%d %d" % (n, n), b"abc", b"%da" % n, b"\"%d\"" % n, b"1e3",
        b"%d" % (draw.getrandbits(64) + (1 << 64)), b"9" * draw.randint(20, 2000), b"%d, %d" % (n, n + 1), b"\xb2",
        b"%d;" % n])
    two = (b"Content-Length: %d" % n, b"Content-Length: %d" % (n + draw.randint(1, 9)))
    own = two if draw.random() < 0.2 else (b"Content-Length: " + said,)
    return OK + lines(draw, *own) + body


def chunk(draw):
    head = OK + lines(draw, b"Transfer-Encoding: chunked")
    pieces = chunks(draw, text(draw, least=2))
    place = draw.randrange(len(pieces))
    size, _, piece = pieces[place].partition(b"\r\n")
    n = len(piece) - 2
    if draw.random() < 0.3:
        # More than was said.
        pieces[place] = size + b"\r\n" + piece[:-2] + bytes(draw.choices(b"xyz", k=draw.randint(1, 20))) + b"\r\n"
    else:
        wrong = draw.choice([
            b"-%x" % n, b"+%x" % n, b"0x%x" % n, b"%xg" % n, b"", b"zz", b";a=b", b" ;", b"f" * draw.randint(17, 300),
            b"\"%x\"" % n, b"%x,%x" % (n, n), b"\x00", b"1.0"])
        pieces[place] = wrong + b"\r\n" + piece
    return head + b"".join(pieces) + b"0\r\n\r\n"


def status(draw):
    first = draw.choice([
        b"HTTP/1.1 abc OK", b"HTTP/1.1 20 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1", b"HTTP/1.1 ", b"HTTP/1.1200 OK",
        b"HTTP/2.0 200 OK", b"HTTP/0.9 200 OK", b"HTTP/1.x 200 OK", b"HTTP/11 200 OK", b"http 200 OK", b"200 OK",
        b"HTTP/1.1 -20 OK", b"HTTP/1.1 +20 OK", b"HTTP/1.1 2 0 OK", b"HTTP/1.1 099 Low", b"HTTP/1.1 999 High",
        b"ICY 200 OK", b"SSH-2.0-OpenSSH_9.2", b"\x16\x03\x01\x02\x00\x01", b"<html>", b"{}", b" HTTP/1.1 200 OK",
        b"HTTP/1.1\x00200 OK", b"HTTP/1.1 \xb2\xb0\xb0 OK",
        bytes(draw.choices(range(33, 127), k=draw.randint(1, 200)))])
    return first + b"\r\n" + lines(draw, b"Content-Length: 2") + b"ok"


def long(draw):
    size = draw.randint(1 << 21, 1 << 22)
    way = draw.randrange(5)
    if way == 0:
        return b"HTTP/1.1 200 " + b"O" * size + b"\r\nContent-Length: 2\r\n\r\nok"
    if way == 1:
        return OK + b"X-Long: " + b"a" * size + b"\r\nContent-Length: 2\r\n\r\nok"
    if way == 2:
        return OK + b"X-Many: a\r\n" * (size // 11) + b"Content-Length: 2\r\n\r\nok"
    if way == 3:
        return OK + b"Transfer-Encoding: chunked\r\n\r\n2;" + b"x" * size + b"\r\nok\r\n0\r\n\r\n"
    return OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n" + b"X-Trailer: a\r\n" * (size // 14) + b"\r\n"


def anything(draw):
    head, body, _ = good(draw)
    data = bytearray(head + body[:2000])
    for _ in range(draw.randint(1, 8)):
        # Mostly in the head, where it tells.
        place = draw.randrange(min(len(data), draw.choice([20, 200, len(data)])))
        way = draw.randrange(5)
        if way == 0:
            data[place] = draw.randrange(256)
        elif way == 1:
            data[place:place] = bytes(draw.choices(b"\r\n\x00:; 0f\xff", k=draw.randint(1, 4)))
        elif way == 2:
            del data[place:place + draw.randint(1, 6)]
        elif way == 3:
            data[place:place] = data[place:place + draw.randint(1, 60)]
        else:
            data[place] ^= 1 << draw.randrange(8)
        if not data:
            break
    return bytes(data)


KINDS = {
    "/cut-head": cut_head, "/cut-body": cut_body, "/length": length, "/chunk": chunk, "/status": status, "/long": long,
    "/any": anything,
}


def made(kind, number):
    """(bytes, whether the connection goes on, the draws that are left for how it is sent)."""
    draw = random.Random(f"{options.seed} {kind} {number}")
    if kind == "/good":
        head, body, goes_on = good(draw)
        return head + body, goes_on, draw
    return KINDS[kind](draw), False, draw


async def send(writer, data, draw):
    """In pieces: at first sight whole, or parted anywhere, or byte by byte."""
    most = draw.choice([1 << 20, 1 << 20, 700, 40, 3]) if len(data) < 5000 else 1 << 20
    place = 0
    while place < len(data):
        size = draw.randint(1, most)
        writer.write(data[place:place + size])
        place += size
        await writer.drain()
        if most < 1000:
            await asyncio.sleep(0)


class Server:
    def __init__(self):
        self.numbers = dict.fromkeys([*KINDS, "/good"], 0)

    async def handle(self, request, reader, writer):
        if request.path == "/hop":
            writer.write(serving.reply("302 Found", headers=(f"Location: /{request.query.get('to', 'good')}",)))
            await writer.drain()
            return True
        if request.path not in self.numbers:
            writer.write(serving.reply("404 Not Found"))
            return True
        self.numbers[request.path] += 1
        data, goes_on, draw = made(request.path, self.numbers[request.path])
        await send(writer, data, draw)
        tally.add("answered", request.path)
        if not goes_on and request.path != "/good" and draw.random() < 0.3:
            # What was written must be on its way first: a reset throws away what is still queued here.
            await asyncio.sleep(0.002)
            # Unless the other side has ended it meanwhile.
            if not writer.is_closing():
                serving.reset(writer)
        return goes_on


if options.show:
    print(made("/" + options.show[0].lstrip("/"), int(options.show[1]))[0])
else:
    serving.serve(Server().handle, tally)

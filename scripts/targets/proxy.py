#!/usr/bin/python3
"""A proxy: HTTP (whole URLs, CONNECT), SOCKS4, 4a, 5 on one port, told apart by the first byte; with --cert inside TLS.

    --user NAME:WORD      who may use it; others get 407, or SOCKS' refusal
    --know NAME=ADDRESS   a name that only this proxy can look up; may be given several times
    --answer 'STATUS'     every HTTP request gets this status, every SOCKS request a refusal
    --fault HOW           what it does in place of its answer to what it is asked: close, reset, hang, garble, drip (a
                          byte of the answer each 50 ms)
    --cut BYTES           resets both ends of a tunnel when so many bytes came back through it
    --after N             answer, fault and cut only from the N-th connection on, counted from 0
    --every N             … and then on each N-th only

It prints a line for each thing it is asked: `CONNECT host:port USER`, `GET url USER`, `SOCKS5 host:port USER`, where
USER is NAME:WORD or `-`. SIGUSR1 resets every connection that is open.
"""

import argparse
import asyncio
import base64
import signal
import ssl
import struct

import serving

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--user")
parser.add_argument("--know", action="append", default=[])
parser.add_argument("--answer")
parser.add_argument("--fault", choices=("close", "reset", "hang", "garble", "drip"))
parser.add_argument("--cut", type=int)
parser.add_argument("--after", type=int, default=0)
parser.add_argument("--every", type=int, default=1)
parser.add_argument("--cert")
parser.add_argument("--key")
options = parser.parse_args()
known = dict(text.split("=", 1) for text in options.know)
tally = serving.Tally()
RUBBISH = b"\x16\x03\x00 neither HTTP nor SOCKS \xff\xfe\r\n\r\n"


class Refused(Exception):
    """What is asked for can't be had, or not by that client."""


class Client:
    """One connection to the proxy."""

    writers = set()
    count = 0

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.is_bad = Client.count >= options.after and (Client.count - options.after) % options.every == 0
        Client.count += 1

    async def serve(self):
        first = await self.reader.readexactly(1)
        if first == b"\x05":
            await self.serve_socks5()
        elif first == b"\x04":
            await self.serve_socks4()
        else:
            await self.serve_http(first)

    async def fails(self):
        """Does what it is to do in place of an answer; false where it is to answer."""
        fault = options.fault if self.is_bad else None
        if fault in (None, "drip"):
            return False
        tally.add("faults", fault)
        if fault == "reset":
            serving.reset(self.writer)
        elif fault == "hang":
            await self.reader.read()
        elif fault == "garble":
            self.writer.write(RUBBISH)
            await self.writer.drain()
        return True

    async def answer(self, good):
        """Says what it has to say, at once or byte by byte."""
        if options.fault != "drip" or not self.is_bad:
            self.writer.write(good)
            return await self.writer.drain()
        tally.add("faults", "drip")
        for byte in good:
            self.writer.write(bytes([byte]))
            await self.writer.drain()
            await asyncio.sleep(0.05)

    async def reach(self, host, port):
        """A connection to what is asked for."""
        try:
            return await asyncio.open_connection(known.get(host, host), port)
        except OSError as error:
            raise Refused(str(error)) from error

    async def tunnel(self, far_reader, far_writer):
        """Bytes go both ways until either side ends."""
        tally.add("tunnels")
        Client.writers.add(far_writer)
        cut = options.cut if self.is_bad else None

        async def pump(reader, writer, most):
            count = 0
            while data := await reader.read(65536):
                writer.write(data if most is None else data[:max(0, most - count)])
                await writer.drain()
                count += len(data)
                if most is not None and count >= most:
                    tally.add("cuts")
                    serving.reset(self.writer)
                    serving.reset(far_writer)

        ways = [asyncio.create_task(pump(self.reader, far_writer, None)),
                asyncio.create_task(pump(far_reader, self.writer, cut))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            Client.writers.discard(far_writer)
            far_writer.close()
            self.writer.close()
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    # HTTP.

    async def serve_http(self, first):
        while True:
            head = first + await self.reader.readuntil(b"\r\n\r\n")
            first = b""
            lines = head.decode("latin-1").split("\r\n")[:-2]
            method, url, _ = lines[0].split(" ", 2)
            fields = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in lines[1:]}
            body = await self.reader.readexactly(int(fields.get("content-length", "0")))
            user = "-"
            if fields.get("proxy-authorization", "").startswith("Basic "):
                user = base64.b64decode(fields["proxy-authorization"][6:]).decode()
            print(method, url, user, flush=True)
            tally.add("asked", method)
            if options.user and user != options.user:
                wanted = ("Proxy-Authenticate: Basic realm=\"x\"",)
                self.writer.write(serving.reply("407 Proxy Authentication Required", b"", wanted))
                await self.writer.drain()
                tally.add("refused", "407")
                continue
            if options.answer and self.is_bad:
                self.writer.write(serving.reply(options.answer, b""))
                await self.writer.drain()
                tally.add("refused", options.answer)
                continue
            place = url if method == "CONNECT" else url.split("/", 3)[2]
            host, _, port = place.rpartition(":") if place.rpartition(":")[2].isdigit() else (place, ":", "80")
            if await self.fails():
                return
            try:
                far = await self.reach(host.strip("[]"), int(port))
            except Refused as error:
                self.writer.write(serving.reply("502 Bad Gateway", str(error).encode()))
                await self.writer.drain()
                tally.add("refused", "502")
                continue
            if method == "CONNECT":
                await self.answer(b"HTTP/1.1 200 Connected\r\n\r\n")
                return await self.tunnel(*far)
            path = "/" + (url.split("/", 3) + [""])[3]
            kept = [line for line in lines[1:] if not line.lower().startswith(("proxy-", "connection:"))]
            request = "\r\n".join([f"{method} {path} HTTP/1.1", *kept, "Connection: close", "", ""])
            far[1].write(request.encode("latin-1") + body)
            head = await far[0].readuntil(b"\r\n\r\n")
            lines = [line for line in head.split(b"\r\n")[:-2] if not line.lower().startswith(b"connection:")]
            lengths = [int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")]
            rest = b"" if method == "HEAD" else await (far[0].readexactly(lengths[0]) if lengths else far[0].read(-1))
            far[1].close()
            await self.answer(b"\r\n".join(lines) + b"\r\n\r\n" + rest)
            if method != "HEAD" and not lengths:
                return

    # SOCKS.

    async def serve_socks5(self):
        count = (await self.reader.readexactly(1))[0]
        methods = await self.reader.readexactly(count)
        user = "-"
        if 2 in methods and options.user:
            self.writer.write(b"\x05\x02")
            version, length = await self.reader.readexactly(2)
            name = await self.reader.readexactly(length)
            word = await self.reader.readexactly((await self.reader.readexactly(1))[0])
            user = f"{name.decode()}:{word.decode()}"
            self.writer.write(bytes([version, 0 if user == options.user else 1]))
            if user != options.user:
                return tally.add("refused", "socks5")
        elif options.user or 0 not in methods:
            self.writer.write(b"\x05\xff")
            return tally.add("refused", "socks5")
        else:
            self.writer.write(b"\x05\x00")
        _, command, _, kind = await self.reader.readexactly(4)
        if kind == 3:
            host = (await self.reader.readexactly((await self.reader.readexactly(1))[0])).decode()
        elif kind == 4:
            host = ssl_text(await self.reader.readexactly(16))
        else:
            host = ".".join(map(str, await self.reader.readexactly(4)))
        port = struct.unpack("!H", await self.reader.readexactly(2))[0]
        print("SOCKS5", f"{host}:{port}", user, flush=True)
        tally.add("asked", "SOCKS5")
        await self.serve_socks(
            command, host, port, lambda good: bytes([5, 0 if good else 5, 0, 1]) + bytes(6))

    async def serve_socks4(self):
        command, port = struct.unpack("!BH", await self.reader.readexactly(3))
        number = await self.reader.readexactly(4)
        name = (await self.reader.readuntil(b"\0"))[:-1].decode()
        host = ".".join(map(str, number))
        if number[:3] == b"\0\0\0":
            host = (await self.reader.readuntil(b"\0"))[:-1].decode()
        print("SOCKS4", f"{host}:{port}", name or "-", flush=True)
        tally.add("asked", "SOCKS4")
        await self.serve_socks(command, host, port, lambda good: bytes([0, 90 if good else 91]) + bytes(6))

    async def serve_socks(self, command, host, port, reply):
        if command != 1 or options.answer and self.is_bad:
            self.writer.write(reply(False))
            return tally.add("refused", "socks")
        if await self.fails():
            return
        try:
            far = await self.reach(host, port)
        except Refused:
            self.writer.write(reply(False))
            return tally.add("refused", "socks")
        await self.answer(reply(True))
        await self.tunnel(*far)


def ssl_text(number):
    """An IPv6 address in words."""
    return ":".join(f"{high:02x}{low:02x}" for high, low in zip(number[::2], number[1::2]))


async def connection(reader, writer):
    tally.add("connections")
    Client.writers.add(writer)
    try:
        await Client(reader, writer).serve()
    except (OSError, EOFError, asyncio.LimitOverrunError, ValueError):
        tally.add("disconnects")
    finally:
        Client.writers.discard(writer)
        writer.close()


def reset_all():
    tally.add("resets")
    for writer in list(Client.writers):
        serving.reset(writer)


async def start():
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, reset_all)
    context = None
    if options.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)
    return await asyncio.start_server(connection, sock=serving.listen(), limit=1 << 20, ssl=context)


asyncio.run(serving.until_terminated(tally, start))

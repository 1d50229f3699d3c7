#!/usr/bin/python3
"""A target that goes away: from single connections, or altogether.

    --after-requests N    each connection is closed N replies after it was opened, without a word in the last reply
    --idle-ms T           a connection idle for T ms is closed
    --after-seconds S     S seconds after the first request the listener is closed; connections go on …
    --drop                … or are reset then
    --back-after S        and S seconds after that it listens again on the same port
"""

import argparse
import asyncio

import serving

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--after-requests", type=int)
parser.add_argument("--idle-ms", type=float)
parser.add_argument("--after-seconds", type=float)
parser.add_argument("--back-after", type=float)
parser.add_argument("--drop", action="store_true")
options = parser.parse_args()
tally = serving.Tally()


class Target:
    def __init__(self):
        self.server = None
        self.port = None
        self.writers = set()
        self.leaving = None

    async def start(self):
        sock = serving.listen()
        self.port = sock.getsockname()[1]
        self.server = await asyncio.start_server(self.connection, sock=sock)

    async def connection(self, reader, writer):
        tally.add("connections")
        self.writers.add(writer)
        replies = 0
        idle = options.idle_ms / 1000 if options.idle_ms is not None else None
        try:
            while True:
                try:
                    request = await asyncio.wait_for(serving.read_request(reader), idle)
                except asyncio.TimeoutError:
                    tally.add("closed_idle")
                    break
                if request is None:
                    break
                if self.leaving is None and options.after_seconds is not None:
                    self.leaving = asyncio.create_task(self.leave())
                tally.add("received", request.path)
                writer.write(serving.reply())
                await writer.drain()
                tally.add("answered", request.path)
                replies += 1
                if replies == options.after_requests:
                    tally.add("closed_after_requests")
                    break
        except ConnectionError:
            tally.add("disconnects")
        finally:
            self.writers.discard(writer)
            writer.close()

    async def leave(self):
        await asyncio.sleep(options.after_seconds)
        self.server.close()
        print("gone", flush=True)
        if options.drop:
            for writer in list(self.writers):
                serving.reset(writer)
        if options.back_after is not None:
            await asyncio.sleep(options.back_after)
            self.server = await asyncio.start_server(
                self.connection, "127.0.0.1", self.port, reuse_address=True, backlog=4096)
            print("back", flush=True)


asyncio.run(serving.until_terminated(tally, Target().start))

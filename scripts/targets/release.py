#!/usr/bin/python3
"""Serves a small archive as Apache serves a release: FOLDER/NAME.tgz and NAME.tgz.sha512. The folder says how.

good        whole, by parts where asked for (Range)
gpg         the hash in gpg's form: behind the name, in groups over several lines
whole-only  minds no Range
cut         ends the first reply in the middle, then goes on as asked
truncated   ends each reply in the middle of the archive, and has nothing behind it
wrong       the hash of something else
empty       an archive that holds no Kafka
silent      takes the request for the hash and says nothing
stalled     the hash, then silence in the middle of the archive
"""

import gzip
import hashlib
import io
import random
import sys
import tarfile

import serving

SCRIPT = "kafka_test-1.0/bin/kafka-server-start.sh"


def archive(name, size=200_000):
    """The same bytes each time; the padding does not shrink."""
    packed = io.BytesIO()
    # tarfile's own gzip would write the time of day.
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream, tarfile.open(fileobj=stream, mode="w") as tar:
        for path, data in ((name, b"#!/bin/sh\n"), ("kafka_test-1.0/libs/padding", random.Random(1).randbytes(size))):
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            entry.mode = 0o755
            tar.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


WHOLE = archive(SCRIPT)
EMPTY = archive("kafka_test-1.0/README")
HALF = len(WHOLE) // 2


def digest(kind, data):
    text = hashlib.sha512(b"else" if kind == "wrong" else data).hexdigest()
    if kind != "gpg":
        return f"{text}  kafka.tgz\n".encode()
    groups = [text[at:at + 8].upper() for at in range(0, 128, 8)]
    lines = ["  ".join(groups[at:at + 4]) for at in range(0, 16, 4)]
    return ("kafka.tgz: " + "\n           ".join(lines) + "\n").encode()


class Server:
    def __init__(self):
        self.tally = serving.Tally()
        self.cut = False

    async def handle(self, request, reader, writer):
        kind = request.path.strip("/").split("/")[0]
        data = EMPTY if kind == "empty" else WHOLE
        if request.path.endswith(".sha512"):
            if kind == "silent":
                await reader.read()
                return False
            writer.write(serving.reply(body=digest(kind, data)))
            return True
        if not request.path.endswith(".tgz"):
            writer.write(serving.reply("404 Not Found", b""))
            return True
        start = int(request.headers.get("range", "bytes=0-")[6:-1]) if kind != "whole-only" else 0
        self.tally.add(f"from {start}", request.path)
        if start >= len(data):
            writer.write(serving.reply("416 Range Not Satisfiable", b""))
            return True
        headers = [f"Content-Range: bytes {start}-{len(data) - 1}/{len(data)}"] if start else []
        whole = serving.reply("206 Partial Content" if start else "200 OK", data[start:], headers)
        head = len(whole) - len(data) + start
        if kind == "truncated" or (kind == "cut" and not self.cut):
            self.cut = True
            writer.write(whole[:head + max(0, HALF - start)])
            return False
        if kind == "stalled":
            writer.write(whole[:head + max(0, HALF - start)])
            await reader.read()
            return False
        writer.write(whole)
        return True


def main():
    server = Server()
    serving.serve(server.handle, server.tally, int(sys.argv[1]) if len(sys.argv) > 1 else 0)


if __name__ == "__main__":
    main()

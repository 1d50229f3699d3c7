#!/usr/bin/env python3
"""Prints the records of a run as JSON, one a line: read-records.py FILE|DIRECTORY [--schema records.schema]

A reader of its own, which knows nothing but the schema file: it parses that at the start and follows it. Empty
fields of a tail are left out. It reads the frames of rpc.schema as well. With --hex the file is golden/*.hex. Exit 1
for bytes that are no records.
"""
import argparse
import json
import os
import struct
import sys
import uuid

FIXED = {"u8": "<B", "u16": "<H", "u32": "<I", "u64": "<Q"}
TEN_YEARS = 315_360_000_000_000_000
BUCKETS = 3_328
MOST_BUCKETS = 4_194_304
HIGHEST_TOTAL = 1 << 58
RECORDS = range(0x0100, 0x0200)


class Damaged(Exception):
    pass


class Schema:
    def __init__(self, path):
        self.messages, self.parts, self.enums = {}, {}, {}
        section = None
        with open(path, encoding="utf-8") as file:
            for line in file:
                words = line.split("#")[0].split()
                if not words:
                    continue
                if words[0] == "version":
                    continue
                if words[0] == "frame":
                    self.shortest, self.longest = int(words[2]), int(words[4])
                    section = self.frame = []
                elif words[0] == "message":
                    section = self.messages[int(words[1], 0)] = []
                    self.parts[words[2]] = ("message", section)
                elif words[0] in ("block", "struct"):
                    section = []
                    self.parts[words[1]] = (words[0], section)
                elif words[0] == "enum":
                    section = {}
                    self.enums[words[1]] = (words[2], section)
                elif isinstance(section, dict):
                    section[int(words[0])] = words[1]
                else:
                    section.append((int(words[0]), words[1], words[2], "tail" in words))


class Account:
    """What one message claims in all."""

    def __init__(self):
        self.total = self.buckets = 0

    def add(self, number):
        self.total += number
        if self.total >= HIGHEST_TOTAL:
            raise Damaged("counts sum up to 2^58 or more")


class Reader:
    def __init__(self, schema, data, account):
        self.schema, self.data, self.account, self.at = schema, data, account, 0

    def take(self, count):
        if count > len(self.data) - self.at:
            raise Damaged(f"{count} bytes wanted, {len(self.data) - self.at} left")
        self.at += count
        return self.data[self.at - count : self.at]

    def fixed(self, kind):
        return struct.unpack(FIXED[kind], self.take(struct.calcsize(FIXED[kind])))[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                if (byte == 0 and shift > 7) or value >= 1 << 64:
                    raise Damaged("varint not in its shortest form or beyond 64 bits")
                return value
            if shift >= 70:
                raise Damaged("varint of more than 10 bytes")

    def bounded(self, most):
        value = self.varint()
        if value > most:
            raise Damaged(f"{value} is more than {most}")
        return value

    def value(self, kind):
        if kind in FIXED:
            return self.fixed(kind)
        if kind == "varint":
            return self.varint()
        if kind == "count":
            value = self.varint()
            self.account.add(value)
            return value
        if kind == "amount":
            code = self.varint()
            value = code >> 1 if code & 1 == 0 else -(code >> 1) - 1
            self.account.add(abs(value))
            return value
        if kind == "instant":
            return self.bounded(TEN_YEARS)
        if kind == "duration":
            return self.bounded((1 << 48) - 1)
        if kind == "bool":
            return self.choice(2) == 1
        if kind == "string":
            return bytes(self.take(self.varint())).decode("utf-8")
        if kind.startswith("string<"):
            return bytes(self.take(self.bounded(int(kind[7:-1])))).decode("utf-8")
        if kind.startswith("bytes<"):
            return bytes(self.take(self.bounded(int(kind[6:-1])))).hex()
        if kind == "moment":
            value = self.fixed("u64")
            if value >= 1 << 63:
                raise Damaged(f"the moment {value}")
            return value
        if kind == "uuid":
            return str(uuid.UUID(bytes=bytes(self.take(16))))
        if kind == "histogram":
            return self.histogram()
        if kind.startswith("list<"):
            element, _, most = kind[5:-1].partition(",")
            count = self.bounded(int(most) if most else len(self.data) - self.at)
            return [self.value(element) for _ in range(count)]
        if kind in self.schema.enums:
            base, words = self.schema.enums[kind]
            number = self.value(base)
            if number not in words:
                raise Damaged(f"{kind} {number} is unknown")
            return words[number]
        shape, fields = self.schema.parts[kind]
        if shape == "struct":
            return self.fields(fields, tail=False)
        inner = Reader(self.schema, self.take(self.varint()), self.account)
        return inner.fields(fields, tail=True)

    def choice(self, most):
        byte = self.take(1)[0]
        if byte >= most:
            raise Damaged(f"{byte} is not below {most}")
        return byte

    def fields(self, fields, tail):
        values = {name: self.value(kind) for _, name, kind, in_tail in fields if not in_tail}
        known = {number: (name, kind) for number, name, kind, in_tail in fields if in_tail}
        last = 0
        while tail and self.at < len(self.data):
            tag = self.varint()
            if tag <= last:
                raise Damaged(f"tag {tag} after {last}")
            last = tag
            inner = Reader(self.schema, self.take(self.varint()), self.account)
            if tag not in known:
                continue
            name, kind = known[tag]
            values[name] = inner.value(kind)
            if inner.at < len(inner.data):
                raise Damaged(f"{len(inner.data) - inner.at} bytes behind {name}")
            empty_at_zero = kind in FIXED or kind in ("count", "instant", "duration")
            if values[name] in ([], None, "") or (values[name] == 0 and empty_at_zero):
                raise Damaged(f"{name} is in the tail and empty")
        return values

    def histogram(self):
        used = self.varint()
        if used == 0:
            return None
        buckets, next_bucket = [], 0
        for _ in range(used):
            bucket = next_bucket + self.varint()
            count = self.varint()
            if bucket >= BUCKETS or count == 0:
                raise Damaged(f"bucket {bucket} with count {count}")
            self.account.add(count)
            buckets.append([bucket, count])
            next_bucket = bucket + 1
        self.account.buckets += next_bucket
        if self.account.buckets > MOST_BUCKETS:
            raise Damaged("histograms over too many buckets")
        total, least, greatest = self.varint(), self.varint(), self.varint()
        if least > greatest or (bucket_of(least), bucket_of(greatest)) != (buckets[0][0], buckets[-1][0]):
            raise Damaged(f"least {least} and greatest {greatest} are not in the first and last bucket")
        return {"buckets": buckets, "sum": total, "min": least, "max": greatest}


def bucket_of(value):
    if value < 128:
        return value
    k = value.bit_length() - 8
    return (k + 1) * 128 + (value >> k) - 128


def records(schema, data):
    """Each record of the bytes, then the number of bytes that are a record cut short."""
    at = 0
    while at < len(data):
        if len(data) - at < 4:
            break
        (length,) = struct.unpack_from("<I", data, at)
        if not schema.shortest <= length <= schema.longest:
            raise Damaged(f"a frame of length {length} at byte {at}")
        if len(data) - at - 4 < length:
            break
        reader = Reader(schema, memoryview(data)[at : at + 4 + length], Account())
        head = {name: reader.value(kind) for _, name, kind, _ in schema.frame}
        if head["flags"] != 0 or head["type"] not in schema.messages:
            raise Damaged(f"a frame of type {head['type']:#06x} with flags {head['flags']} at byte {at}")
        if head["request"] != 0 and head["type"] in RECORDS:
            raise Damaged(f"a record with request {head['request']} at byte {at}")
        body = Reader(schema, reader.take(length - 12), reader.account)
        record = body.fields(schema.messages[head["type"]], tail=True)
        if "sequence" in record and (record["sequence"] == 0 or record["from"] > record["to"]):
            raise Damaged(f"sequence {record['sequence']} from {record['from']} to {record['to']}")
        yield record
        at += 4 + length
    yield len(data) - at


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--schema", default=os.path.join(here, "..", "proto-free-schema", "records.schema"))
    parser.add_argument("--hex", action="store_true")
    options = parser.parse_args()
    path = os.path.join(options.file, "records") if os.path.isdir(options.file) else options.file
    schema = Schema(options.schema)
    try:
        with open(path, "rb") as file:
            data = file.read()
        if options.hex:
            data = bytes.fromhex("".join(line.split("#")[0] for line in data.decode().splitlines()))
        for record in records(schema, data):
            if isinstance(record, int):
                if record > 0:
                    print(f"{path}: {record} bytes at the end are a record cut short", file=sys.stderr)
            else:
                print(json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    except (Damaged, UnicodeDecodeError, OSError, ValueError) as error:
        sys.exit(f"{path}: {error}")


if __name__ == "__main__":
    # Line ends and text are the same whatever the locale says.
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    main()

#!/usr/bin/env python3
"""Prints the samples of a run as CSV: read-samples.py FILE|DIRECTORY [--schema samples.schema] [--head]

A reader of its own, which knows nothing but the schema file: it parses that at the start and follows it. Times are in
microseconds: intended since the run's start, the others since intended; what never happened is empty. With --head it
prints the file's head as JSON instead. With --hex the file is golden/samples.hex. Exit 1 for bytes that are no samples.
"""
import argparse
import csv
import json
import os
import struct
import sys
import uuid

FIXED = {"i64": "<q", "u64": "<Q", "u32": "<I", "u16": "<H", "u8": "<B"}
NEVER = 0xFFFFFFFF


class Damaged(Exception):
    pass


class Schema:
    def __init__(self, path):
        self.head, self.record, self.flags, self.enums = [], [], {}, {}
        part = None
        with open(path, encoding="utf-8") as file:
            for line in file:
                words = line.split("#")[0].split()
                if not words:
                    continue
                if words[0] == "version" and part is None:
                    self.version = int(words[1])
                elif words == ["head"]:
                    part = "head"
                elif words[0] == "record":
                    part, self.size = "record", int(words[1])
                elif words[0] in ("flags", "enum") and len(words) == 2:
                    part = (self.flags if words[0] == "flags" else self.enums).setdefault(words[1], {})
                elif part == "head":
                    self.head.append((words[0], words[1]))
                elif part == "record":
                    self.record.append((int(words[0]), words[1], FIXED[words[2]]))
                else:
                    part[int(words[0])] = words[1]


class Bytes:
    def __init__(self, file):
        self.file, self.place = file, 0

    def take(self, count):
        found = self.file.read(count)
        if len(found) != count:
            raise Damaged(f"byte {self.place}: found {len(found)} bytes, expected {count}")
        self.place += count
        return found

    def value(self, kind):
        if kind in FIXED:
            return struct.unpack(FIXED[kind], self.take(struct.calcsize(FIXED[kind])))[0]
        if kind == "uuid":
            return str(uuid.UUID(bytes=self.take(16)))
        if kind == "string":
            return self.take(self.bounded()).decode("utf-8")
        if kind == "list<string>":
            return [self.value("string") for _ in range(self.bounded())]
        return self.take(int(kind[len("bytes<") : -1])).decode("latin-1")

    def bounded(self):
        count = self.value("u32")
        if count > 1 << 20:
            raise Damaged(f"byte {self.place - 4}: found {count}, expected at most {1 << 20}")
        return count


def read_head(source, schema):
    head = {name: source.value(kind) for name, kind in schema.head[:4]}
    for name, expected in (("magic", "STMPSMPL"), ("version", schema.version), ("recordSize", schema.size)):
        if head[name] != expected:
            raise Damaged(f"{name}: found {head[name]!r}, expected {expected!r}")
    head.update((name, source.value(kind)) for name, kind in schema.head[4:])
    if source.place != head["headSize"]:
        raise Damaged(f"headSize: found {head['headSize']}, expected {source.place}")
    return head


def row(bytes_, schema, names):
    values = {name: struct.unpack_from(form, bytes_, offset)[0] for offset, name, form in schema.record}
    if values["name"] >= len(names):
        raise Damaged(f"name: found {values['name']}, expected less than {len(names)}")
    values["name"] = names[values["name"]]
    values["intended"] = f"{values['intended'] / 1000:.3f}"
    for name in ("woke", "sent", "firstByte", "end"):
        values[name] = "" if values[name] == NEVER else values[name]
    words = schema.enums["error"]
    values["error"] = words.get(values["error"], f"error {values['error']}") if values["error"] else ""
    values["flags"] = " ".join(word for bit, word in schema.flags["flags"].items() if values["flags"] & bit)
    values["status"] = values["status"] or ""
    return list(values.values())


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("path")
    options.add_argument("--schema", default=os.path.join(here, "..", "proto-free-schema", "samples.schema"))
    options.add_argument("--head", action="store_true")
    options.add_argument("--hex", action="store_true")
    given = options.parse_args()
    schema = Schema(given.schema)
    path = os.path.join(given.path, "samples.bin") if os.path.isdir(given.path) else given.path
    try:
        with open(path, "rb") as file:
            if given.hex:
                import io

                lines = [line for line in file.read().decode().split("\n") if not line.startswith("#")]
                file = io.BytesIO(bytes.fromhex("".join(lines)))
            source = Bytes(file)
            head = read_head(source, schema)
            if given.head:
                print(json.dumps(head))
                return 0
            out = csv.writer(sys.stdout, lineterminator="\n")
            out.writerow([name for _, name, _ in schema.record])
            while record := file.read(schema.size):
                if len(record) < schema.size:
                    print(f"{path}: the last record was cut off", file=sys.stderr)
                    break
                out.writerow(row(record, schema, head["names"]))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Damaged, UnicodeDecodeError, ValueError, OSError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 1
    return 0


sys.exit(main())

#!/usr/bin/env python3
"""Counts what a topic of results holds: read-topic.py --brokers HOST:PORT [--topic NAME] [--run ID]

A reader of its own, to hold the consumer's rows against: it knows Kafka (python3-kafka) and the schema file. Prints one
JSON object: records = distinct + repeated + unreadable + conflicting, each run's counts, its final records, and the
percentiles of its merged histograms by name. Reads to the ends that the partitions had when it began.
"""
import argparse
import hashlib
import importlib.util
import json
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ASKED = ("0", "50", "75", "90", "95", "99", "99.9", "99.99", "100")


def sibling(name):
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), os.path.join(HERE, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def middle(bucket):
    if bucket < 128:
        return bucket
    k = bucket // 128 - 1
    return ((128 + bucket % 128) << k) + ((1 << k) - 1) // 2


class Histogram:
    """Exactly merged; asked as docs/sql.md says."""

    def __init__(self):
        self.buckets, self.least, self.greatest = {}, None, None

    def add(self, other):
        if other is None:
            return
        for bucket, count in other["buckets"]:
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count
        self.least = other["min"] if self.least is None else min(self.least, other["min"])
        self.greatest = other["max"] if self.greatest is None else max(self.greatest, other["max"])

    def percentile(self, text):
        count = sum(self.buckets.values())
        if count == 0:
            return None
        if text == "0":
            return self.least
        if text == "100":
            return self.greatest
        rank = max(1, -(-count * round(float(text) * 1_000_000) // 100_000_000))
        seen = 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen >= rank:
                return max(self.least, min(self.greatest, middle(bucket)))

    def told(self):
        return {"count": sum(self.buckets.values()), "percentiles": {p: self.percentile(p) for p in ASKED}}


class Run:
    def __init__(self):
        self.records = self.descriptions = 0
        self.finals, self.sequences, self.names, self.schedule = {}, {}, {}, {}

    def add(self, record):
        if "sequence" not in record:
            self.descriptions += 1
            return
        self.records += 1
        self.sequences.setdefault(record["incarnation"], set()).add(record["sequence"])
        if record.get("final"):
            self.finals[record["incarnation"]] = record["final"]
        for word, count in record.get("schedule", {}).items():
            self.schedule[word] = self.schedule.get(word, 0) + count
        for name in record.get("names", []):
            sums = self.names.setdefault(name["name"], {"counts": {}, "response": Histogram(), "service": Histogram()})
            for word, count in name.get("counts", {}).items():
                sums["counts"][word] = sums["counts"].get(word, 0) + count
            for word in ("redirected", "retried"):
                if word in name:
                    sums["counts"][word] = sums["counts"].get(word, 0) + name[word]
            for word in ("response", "service"):
                sums[word].add(name.get(word))

    def told(self):
        missing = 0
        for life, seen in self.sequences.items():
            missing += max(max(seen), self.finals.get(life, {}).get("records", 0)) - len(seen)
        return {
            "records": self.records,
            "descriptions": self.descriptions,
            "missing": missing,
            "finals": self.finals,
            "schedule": self.schedule,
            "names": {
                name: {
                    "counts": sums["counts"],
                    "response": sums["response"].told(),
                    "service": sums["service"].told(),
                }
                for name, sums in self.names.items()
            },
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--topic", default="stampede.results")
    parser.add_argument("--run", help="tell of this run alone")
    options = parser.parse_args()
    from kafka import KafkaConsumer, TopicPartition

    reader = sibling("read-records")
    schema = reader.Schema(os.path.join(HERE, "..", "proto-free-schema", "records.schema"))
    consumer = KafkaConsumer(
        bootstrap_servers=options.brokers.split(","), group_id=None, enable_auto_commit=False,
        auto_offset_reset="earliest")
    places = [TopicPartition(options.topic, n) for n in sorted(consumer.partitions_for_topic(options.topic) or [])]
    if not places:
        sys.exit(f"the topic {options.topic} is not there")
    consumer.assign(places)
    firsts, ends = consumer.beginning_offsets(places), consumer.end_offsets(places)
    for place in places:
        consumer.seek(place, firsts[place])
    counts = dict.fromkeys(("records", "distinct", "repeated", "unreadable", "conflicting"), 0)
    seen, runs = {}, {}
    while any(consumer.position(place) < ends[place] for place in places):
        for place, messages in consumer.poll(timeout_ms=1_000).items():
            for message in messages:
                if message.offset >= ends[place]:
                    continue
                counts["records"] += 1
                counts[judge(reader, schema, message.value, seen, runs)] += 1
    told = {
        "topic": options.topic,
        "endOffsets": sum(ends.values()),
        "counts": counts,
        "runs": {run: sums.told() for run, sums in runs.items() if options.run in (None, run)},
    }
    print(json.dumps(told, sort_keys=True))


def judge(reader, schema, value, seen, runs):
    try:
        *found, rest = reader.records(schema, value or b"")
        if len(found) != 1 or rest != 0:
            raise reader.Damaged("not one whole record")
    except (reader.Damaged, UnicodeDecodeError, ValueError, struct.error):
        return "unreadable"
    (record,) = found
    key = (record["run"], record["incarnation"], record.get("sequence", 0))
    digest = hashlib.sha256(value).digest()
    if key in seen:
        return "repeated" if seen[key] == digest else "conflicting"
    seen[key] = digest
    runs.setdefault(record["run"], Run()).add(record)
    return "distinct"


if __name__ == "__main__":
    main()

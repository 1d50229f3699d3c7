"""A master for benchmarks: the frames of proto-free-schema/rpc.schema and nothing else, one thread a worker."""

import json
import socket
import struct
import threading
import time
import uuid

TOKEN = "the token of a benchmark"
LEASE = 5_000_000_000
HELLO, WELCOME, REGISTER, REGISTERED, HEARTBEAT, BEAT = 1, 2, 4, 5, 6, 7
ASSIGN, READY, START, COMPLETE, COMPLETED = 0x10, 0x11, 0x12, 0x15, 0x16


def now():
    """Nanoseconds of the clock that leases and starts are told on."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def varint(number):
    result = bytearray()
    while number >= 0x80:
        result.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(result) + bytes([number])


def string(text):
    data = text.encode()
    return varint(len(data)) + data


def block(data):
    return varint(len(data)) + data


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


class Worker:
    """One connection, and the run it has."""

    def __init__(self, master, connection):
        self.master, self.connection = master, connection
        self.name = ""
        self.lock = threading.Lock()
        self.changed = threading.Condition()
        self.run = self.life = None
        self.begin = None
        self.ready = self.end = None
        threading.Thread(target=self.serve, daemon=True).start()

    def send(self, kind, fields, request=0):
        with self.lock:
            self.connection.sendall(struct.pack("<IHHQ", 12 + len(fields), kind, 0, request) + fields)

    def take(self, count):
        data = b""
        while len(data) < count:
            part = self.connection.recv(count - len(data))
            if not part:
                raise OSError("closed")
            data += part
        return data

    def grant(self):
        horizon = 0 if self.begin is None else max(0, now() - self.begin) + LEASE + 1_000_000_000
        return block(self.run.bytes + self.life.bytes + struct.pack("<QI", 1, 1) + varint(horizon) + varint(LEASE))

    def serve(self):
        try:
            while True:
                length = struct.unpack("<I", self.take(4))[0]
                frame = self.take(length)
                self.hear(*struct.unpack("<HHQ", frame[:12]), frame[12:], now())
        except OSError:
            pass

    def hear(self, kind, _flags, request, fields, at):
        if kind == HELLO:
            length, place = read_varint(fields, 4)
            assert fields[place : place + length].decode() == TOKEN
            length, place = read_varint(fields, place + length)
            self.name = fields[place : place + length].decode()
            times = varint(1_000_000_000) + varint(LEASE) + varint(1_000_000_000)
            self.send(WELCOME, struct.pack("<HQ", 1, 1) + times + varint(7) + varint(16) + self.master.id.bytes)
        elif kind == REGISTER:
            self.send(REGISTERED, string(self.name), request)
            self.master.join(self)
        elif kind == HEARTBEAT:
            nonce = struct.unpack("<Q", fields[:8])[0]
            tail = b""
            if self.run is not None:
                grant = self.grant()
                tail = varint(5) + varint(len(grant)) + grant
            self.send(BEAT, struct.pack("<QQQQ", nonce, 1, at, now()) + tail, request)
        elif kind == READY:
            with self.changed:
                self.ready = fields
                self.changed.notify_all()
        elif kind == COMPLETE:
            self.send(COMPLETED, fields[:32], request)
            with self.changed:
                self.end = struct.unpack("<QQB", fields[32:49])
                self.changed.notify_all()

    def wait(self, what, condition, seconds=60):
        with self.changed:
            if not self.changed.wait_for(condition, seconds):
                raise SystemExit(f"{self.name}: no {what} within {seconds} s")

    def assign(self, plan):
        """Gives it a whole plan, and waits until it is ready."""
        self.run, self.life = uuid.uuid4(), uuid.uuid4()
        self.begin = self.ready = self.end = None
        users = plan.get("users", 0)
        fields = self.grant() + string(json.dumps(plan)) + varint(1) + struct.pack("<HH", 0, 1)
        fields += struct.pack("<IIIII", 0, 1, users, 0, 1) + string("stampede.results")
        self.send(ASSIGN, fields, 1)
        self.wait("Ready", lambda: self.ready is not None)
        if len(self.ready) > 36 and self.ready[36] == 4:
            raise SystemExit(f"{self.name}: {self.ready[38:].decode(errors='replace')}")

    def start(self, begin):
        self.begin = begin
        self.send(START, self.grant() + struct.pack("<Q", begin))

    def result(self):
        """Records, completed requests, reason; waits for the end."""
        self.wait("Complete", lambda: self.end is not None)
        records, completed, reason = self.end
        self.run = self.life = None
        return records, completed, reason


class Master:
    def __init__(self):
        self.id = uuid.uuid4()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.workers = {}
        self.changed = threading.Condition()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Worker(self, connection)

    def join(self, worker):
        with self.changed:
            self.workers[worker.name] = worker
            self.changed.notify_all()

    def worker(self, name, seconds=30):
        with self.changed:
            if not self.changed.wait_for(lambda: name in self.workers, seconds):
                raise SystemExit(f"{name} does not join")
            return self.workers[name]

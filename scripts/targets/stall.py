#!/usr/bin/python3
"""A target whose delays are known: it answers at once, except that it is silent for a while of every period.

It answers one request at a time, never two within the spacing, in the order in which they came. For arrivals at a
steady rate r, with spacing c, stall s, period T and load ρ = r·c, an arrival x seconds after the beginning of a
stall is answered after s − (1 − ρ)·x, until the backlog is gone at x = s / (1 − ρ). So a share f = s / ((1 − ρ)·T)
of the arrivals waits, evenly between 0 and s, and the quantile of the wait is

    W(p) = 0                         for p ≤ 1 − f
    W(p) = s · (p − (1 − f)) / f     above

however many connections there are, as long as they are enough for r. The first stall begins `first` seconds after
the first request, so that whole periods can be observed.
"""

import argparse
import collections
import select
import signal
import socket
import time

import serving

REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"


class Stall:
    def __init__(self, options):
        self.options = options
        self.tally = serving.Tally()
        self.origin = None
        self.due = collections.deque()
        self.partial = {}
        self.sockets = {}
        self.next_reply = 0.0
        self.late = 0.0
        self.ended = False

    def run(self):
        listener = serving.listen(self.options.port)
        listener.setblocking(False)
        poll = select.epoll()
        poll.register(listener.fileno(), select.EPOLLIN)
        while not self.ended:
            try:
                events = poll.poll(self.pause())
            except InterruptedError:
                continue
            for descriptor, _ in events:
                if descriptor == listener.fileno():
                    self.accept(listener, poll)
                else:
                    self.read(descriptor, poll)
            self.answer()
        self.tally.extra = {"late_max_us": round(1e6 * self.late)}
        self.tally.print()

    def accept(self, listener, poll):
        while True:
            try:
                connection, _ = listener.accept()
            except BlockingIOError:
                return
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sockets[connection.fileno()] = connection
            poll.register(connection.fileno(), select.EPOLLIN)
            self.tally.add("connections")

    def read(self, descriptor, poll):
        connection = self.sockets[descriptor]
        try:
            data = connection.recv(65536)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            poll.unregister(descriptor)
            del self.sockets[descriptor]
            self.partial.pop(descriptor, None)
            connection.close()
            return
        data = self.partial.pop(descriptor, b"") + data
        now = time.monotonic()
        if self.origin is None:
            self.origin = now
            print(f"first request at {now:.6f}", flush=True)
        while (end := data.find(b"\r\n\r\n")) >= 0:
            if not self.due:
                self.next_reply = max(self.next_reply, now)
            self.due.append(connection)
            self.tally.add("received")
            data = data[end + 4:]
        if data:
            self.partial[descriptor] = data

    def silent_until(self, now):
        """The end of the stall that now lies in; 0 outside."""
        since = now - self.origin - self.options.first
        if since < 0:
            return 0.0
        into = since % self.options.every
        return now - into + self.options.stall if into < self.options.stall else 0.0

    def pause(self):
        """How long nothing can be due: a reply that is due soon is waited for with open eyes."""
        if not self.due:
            return 0.5
        now = time.monotonic()
        wait = max(self.silent_until(now), self.next_reply) - now
        return wait - 0.002 if wait > 0.003 else 0.0

    def answer(self):
        while self.due:
            now = time.monotonic()
            if silent_until := self.silent_until(now):
                self.next_reply = max(self.next_reply, silent_until)
            if now < self.next_reply:
                return
            connection = self.due.popleft()
            # Counted on from when this one was due, so that a late reply shifts no other.
            self.late = max(self.late, now - self.next_reply)
            self.next_reply += self.options.spacing
            if connection.fileno() < 0:
                self.tally.add("gone")
                continue
            try:
                connection.send(REPLY)
                self.tally.add("answered")
            except OSError:
                self.tally.add("gone")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--every", type=float, default=5.0, help="period in seconds")
    parser.add_argument("--stall", type=float, default=1.0, help="silence in each period, in seconds")
    parser.add_argument("--first", type=float, default=2.0, help="seconds from the first request to the first stall")
    parser.add_argument("--spacing", type=float, default=100e-6, help="least time between replies, in seconds")
    target = Stall(parser.parse_args())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: setattr(target, "ended", True))
    target.run()


main()

"""Processes of a cluster: each with its log and, in a pid file, its id and the instant of its start.

They are ended by that id alone, and only while the instant is the same: an id that the system has given to somebody
else meanwhile is left in peace.
"""

import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import time


class Trouble(Exception):
    """What went wrong, for a person."""


class Interrupted(BaseException):
    """A signal asked for the end."""

    def __init__(self, number):
        super().__init__(number)
        self.code = 128 + number


class Signals:
    """INT, TERM and HUP raise Interrupted, but never between the start of a process and the note that it is ours."""

    held = 0
    pending = None

    @classmethod
    def listen(cls):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, cls.came)

    @classmethod
    def came(cls, number, _):
        if cls.held:
            cls.pending = number
        else:
            raise Interrupted(number)

    def __enter__(self):
        Signals.held += 1

    def __exit__(self, *_):
        Signals.held -= 1
        if Signals.pending and not Signals.held:
            number, Signals.pending = Signals.pending, None
            raise Interrupted(number)


def started_at(pid):
    """When the process was started, in ticks since the machine was; None where there is none, or it has ended."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


class Part:
    """One process, of ours or left by an earlier `up`."""

    def __init__(self, name, pid, start, log):
        self.name, self.pid, self.start, self.log = name, pid, start, log
        self.child = None

    @classmethod
    def launch(cls, name, words, folder, environment=None, dies_with_us=False):
        """Starts it in a session of its own: the terminal's Ctrl-C reaches only the script, which ends it in order."""
        log = folder / f"{name}.log"
        if dies_with_us:
            words = ["setpriv", "--pdeathsig", "TERM", *words]
        with open(log, "ab") as output:
            child = subprocess.Popen(
                [str(word) for word in words], stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment,
                start_new_session=True)
        part = cls(name, child.pid, started_at(child.pid), log)
        part.child = child
        (folder / f"{name}.pid").write_text(f"{child.pid} {part.start}\n")
        return part

    @classmethod
    def left(cls, folder):
        """Those whose pid files stand in the folder and that still run."""
        found = {}
        for file in sorted(folder.glob("*.pid")):
            pid, start = (file.read_text().split() + ["", ""])[:2]
            if pid.isdigit() and started_at(int(pid)) == start:
                found[file.stem] = cls(file.stem, int(pid), start, folder / f"{file.stem}.log")
            else:
                file.unlink()
        return found

    @property
    def is_running(self):
        if self.child and self.child.poll() is not None:
            return False
        return self.start is not None and started_at(self.pid) == self.start

    @property
    def words(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def last_words(self, lines=8):
        return "\n".join("    " + line for line in self.words.strip().splitlines()[-lines:])

    def wait_for(self, condition, seconds, what):
        """Asks until the condition gives something; Trouble where the process ends or the time is over."""
        end = time.monotonic() + seconds
        while True:
            if found := condition():
                return found
            if not self.is_running:
                raise Trouble(f"{self.name} has ended before {what}; {self.log} ends with\n{self.last_words()}")
            if time.monotonic() > end:
                raise Trouble(f"{self.name}: {what} took longer than {seconds} s; see {self.log}\n{self.last_words()}")
            time.sleep(0.03)

    def wait_for_text(self, pattern, seconds, what):
        """The pattern's first group in its log."""
        return self.wait_for(lambda: re.search(pattern, self.words, re.MULTILINE), seconds, what).group(1)

    def ask(self, number):
        """A signal, if it is still the process that was started."""
        if self.is_running:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                pass

    def stop(self, folder, seconds=20, first=signal.SIGTERM):
        """Asks it to end, and ends it where that takes too long; True where asking was enough."""
        self.ask(first)
        went = self.wait(seconds)
        if not went:
            # Its children, too: the session is its own.
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                self.ask(signal.SIGKILL)
            self.wait(5)
        (folder / f"{self.name}.pid").unlink(missing_ok=True)
        return went

    def wait(self, seconds):
        end = time.monotonic() + seconds
        while self.is_running:
            left = end - time.monotonic()
            if left <= 0:
                return False
            try:
                descriptor = os.pidfd_open(self.pid)
            except OSError:
                time.sleep(min(left, 0.05))
                continue
            try:
                select.select([descriptor], [], [], min(left, 0.2))
            finally:
                os.close(descriptor)
        return True


class Ports:
    """Free ports of 127.0.0.1. What was preferred is taken where nobody listens on it."""

    def __init__(self):
        self.given = set()

    def take(self, preferred=0):
        for port in ([preferred] if preferred else []) + [0] * 20:
            with socket.socket() as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    listener.bind(("127.0.0.1", port))
                except OSError:
                    continue
                found = listener.getsockname()[1]
            if found not in self.given:
                self.given.add(found)
                return found
        raise Trouble("no free port on 127.0.0.1")


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False

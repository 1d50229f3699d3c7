"""Does the generator say when it is the limit itself, on the live line and in the result, with the right reason; and
does it keep silent when it is not? It is starved on purpose: of CPU by a quota and by neighbours, of descriptors, of
ports. What this machine does not allow (control groups, namespaces) is said and left out.
"""

import fcntl
import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

import laws
import parties
import parts
import servers

HEALTHY, MOST_FLAGGED = 50, 1


class Delayed(laws.Law):
    """So long each, however many at once."""

    def __init__(self, delay):
        self.delay, self.count = delay, 1

    def quantile(self, p):
        return self.delay


class Quota:
    """A control group of its own with a CPU quota, version 2 or 1."""

    def __init__(self, share, period=50_000):
        self.name = f"stampede-truth-{os.getpid()}"
        base = pathlib.Path("/sys/fs/cgroup")
        if (base / "cgroup.controllers").exists():
            self.folder = base / self.name
            self.files, self.members = {"cpu.max": f"{int(share * period)} {period}"}, "cgroup.procs"
        else:
            self.folder = base / "cpu" / self.name
            self.files = {"cpu.cfs_period_us": period, "cpu.cfs_quota_us": int(share * period)}
            self.members = "tasks"

    def __enter__(self):
        try:
            self.folder.mkdir()
            for name, value in self.files.items():
                (self.folder / name).write_text(str(value))
        except OSError as error:
            self.__exit__()
            raise parts.Trouble(f"no control group can be made here ({error.strerror})") from error
        return self

    def __exit__(self, *_):
        # The kernel may need a moment for the last process to be gone.
        for _ in range(100):
            try:
                return self.folder.rmdir()
            except FileNotFoundError:
                return None
            except OSError:
                time.sleep(0.02)

    def words(self, words):
        return ["sh", "-c", f"echo $$ > {self.folder}/{self.members} && exec \"$@\"", "sh", *map(str, words)]


class Run:
    """What one run said: the words of its live line and of its result."""

    def __init__(self, binary, place, url, flags, wrap=lambda words: words, is_first=False):
        shutil.rmtree(place, ignore_errors=True)
        words = [binary, "run", url, *flags, "--output", place]
        with subprocess.Popen(
                parties.child(wrap([str(word) for word in words])), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                text=True, env=servers.clean()) as process, parties.Promotion(*([process.pid] if is_first else [])):
            _, self.said = process.communicate(timeout=60)
        file = pathlib.Path(place, "summary.json")
        if not file.exists():
            raise parts.Trouble(f"there is no result: {self.said}")
        self.summary = json.loads(file.read_text())
        self.generator = self.summary["generator"]

    @property
    def causes(self):
        return [finding["cause"] for finding in self.generator["findings"]]

    @property
    def is_honest(self):
        """Each response time has its request's lateness in it, so no percentile of the whole may be below the same of
        lateness. Failed and given-up requests are no part of the percentiles, so a run that has them is not asked."""
        totals, late = self.summary["totals"], self.generator["lateness"]
        if totals["err"] or totals["ok"] == 0:
            return True
        return all(totals["response"][word]["us"] >= 0.99 * late[word]["us"] for word in ("p50", "p90", "p99"))

    @property
    def live(self):
        """What the live line names."""
        return {word for line in self.said.splitlines() if "generator late (" in line
                for word in line.rsplit("(", 1)[1].rstrip(")").split(", ")}


class Confession:
    def __init__(self, binary, folder, program, say, healthy=HEALTHY, only=""):
        self.binary, self.folder, self.program, self.say = binary, folder, program, say
        self.healthy, self.only = healthy, only
        self.failures = []

    def run(self):
        self.starved("CPU quota of 2 %", {"throttled"}, {"no free CPU"}, self.quota)
        for model, load in (("open", ("--rate", "1000/s")), ("closed", ("--users", "4"))):
            self.starved(
                f"four neighbours on its core, {model}", {"throttled"}, {"no free CPU"}, lambda: self.neighbours(*load))
        self.starved(
            "100 descriptors for 250 connections", {"no_descriptors"}, {"no free descriptor"}, self.descriptors)
        self.starved("100 ports for 250 connections", {"no_ports"}, {"no free port"}, lambda: self.ports(0))
        self.starved("100 ports, others have 90", {"no_ports"}, {"no free port"}, lambda: self.ports(90))
        if self.is_wanted("healthy runs"):
            self.well()
        return self.failures

    def is_wanted(self, title):
        return self.only in f"confession, {title}"

    def starved(self, title, causes, words, make):
        if not self.is_wanted(title):
            return
        try:
            run = make()
        except parts.Trouble as trouble:
            return self.say(f"    {title}: left out: {trouble}")
        missing = []
        if not run.generator["limited"]:
            missing.append("the result has no badge")
        if not causes & set(run.causes):
            missing.append(f"the result names {run.causes or 'nothing'}, expected {' or '.join(causes)}")
        if not run.is_honest:
            missing.append("its response times are below the lateness that is part of them")
        if not words & run.live:
            missing.append(f"the live line names {sorted(run.live) or 'nothing'}, expected {' or '.join(words)}")
        said = f"result: {', '.join(run.causes)}; live: {', '.join(sorted(run.live))}"
        self.say(f"    {title}: {said if not missing else 'WRONG: ' + '; '.join(missing)}")
        self.failures += [f"{title}: {reason}" for reason in missing]

    def target(self, delay):
        return parties.Target(self.program, self.folder, Delayed(delay), 1, 1)

    def attack(self, target, *flags, wrap=lambda words: words):
        return Run(self.binary, self.folder / "run", f"http://127.0.0.1:{target.port}/", flags, wrap)

    # What starves it.

    def quota(self):
        with Quota(0.02) as quota, self.target(laws.MS) as target:
            return self.attack(target, "--rate", "2000/s", "--duration", "3s", wrap=quota.words)

    def neighbours(self, *load):
        core = min(os.sched_getaffinity(0))
        busy = [subprocess.Popen(parties.child(["taskset", "-c", core, "sh", "-c", "while :; do :; done"]))
                for _ in range(4)]
        try:
            with self.target(laws.MS) as target:
                return self.attack(
                    target, *load, "--duration", "3s",
                    wrap=lambda words: ["taskset", "-c", str(core), *words])
        finally:
            for process in busy:
                process.kill()
                process.wait()

    def descriptors(self):
        with self.target(500 * laws.MS) as target:
            return self.attack(
                target, "--rate", "500/s", "--duration", "2s",
                wrap=lambda words: ["prlimit", "--nofile=100:100", *words])

    def ports(self, held):
        """In a network namespace of its own, by this file's other half."""
        words = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
        probe = subprocess.run([*words, "true"], stderr=subprocess.PIPE, text=True, check=False)
        if probe.returncode != 0:
            raise parts.Trouble(f"no network namespace can be made here ({probe.stderr.strip()})")
        with Inside(words, self.program, self.folder, held) as inside:
            return self.attack(
                inside, "--rate", "500/s", "--duration", "2s",
                wrap=lambda words: ["nsenter", f"--target={inside.pid}", "--net", *inside.user, *words])

    def well(self):
        """Runs that are not starved: at most one in fifty may say that it is."""
        flagged = []
        with self.target(laws.MS) as target:
            for number in range(self.healthy):
                # One half of them by rate, the other by users.
                load = ("--users", "4") if number % 2 else ("--rate", "1000/s")
                run = Run(
                    self.binary, self.folder / "run", f"http://127.0.0.1:{target.port}/",
                    [*load, "--duration", "1s"], is_first=True)
                if run.generator["limited"]:
                    flagged.append(run.causes)
        most = max(MOST_FLAGGED, self.healthy * MOST_FLAGGED // HEALTHY)
        verdict = "" if len(flagged) <= most else f", WRONG: at most {most} may be"
        self.say(f"    {self.healthy} healthy runs: {len(flagged)} flagged {flagged or ''}{verdict}")
        if verdict:
            self.failures.append(f"of {self.healthy} healthy runs {len(flagged)} are flagged: {flagged}")


class Inside:
    """A target in a network namespace with a hundred local ports, of which so many are held by somebody else."""

    def __init__(self, unshare, program, folder, held):
        self.user = ["--user", "--preserve-credentials"] if "--map-root-user" in unshare else []
        self.process = subprocess.Popen(
            parties.child([*unshare, sys.executable, __file__, program, folder, held]), stdout=subprocess.PIPE,
            text=True)
        line = self.process.stdout.readline().split()
        if len(line) != 2:
            self.__exit__()
            raise parts.Trouble("its target did not start there")
        self.port, self.pid = int(line[0]), int(line[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.process.stdout.close()


def inside(program, folder, held):
    """Runs in the namespace: the loopback device up, few ports, a target, and those that hold ports."""
    with socket.socket() as anything:
        # SIOCSIFFLAGS: IFF_UP | IFF_RUNNING
        fcntl.ioctl(anything, 0x8914, struct.pack("16sh14x", b"lo", 0x41))
    pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").write_text("40000 40099")
    with parties.Target(program, pathlib.Path(folder), Delayed(500 * laws.MS), 1, 1, port=8080) as target:
        kept = [socket.create_connection(("127.0.0.1", target.port)) for _ in range(held)]
        print(target.port, os.getpid(), flush=True)
        signal.signal(signal.SIGTERM, lambda *_: None)
        signal.pause()
        for connection in kept:
            connection.close()


if __name__ == "__main__":
    inside(sys.argv[1], sys.argv[2], int(sys.argv[3]))

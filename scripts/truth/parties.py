"""Who takes part: the target (C, compiled here), and the product as it is run, on this machine or as a fleet."""

import array
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time



HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "scripts" / "cluster"))
import cluster
import laws
import parts
import servers

# What is measured goes before whatever else this machine does, the target before all: where that is allowed.
ALLOWED = all(
    subprocess.run([*words, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0
    for words in (["chrt", "-f", "30"], ["setpriv", "--pdeathsig", "TERM"]))


def child(words, *policy):
    """It ends with this script, and is scheduled as anything else unless said so (`make test` runs at a priority)."""
    policy = (policy or ("chrt", "-o", "0")) if ALLOWED else ()
    return [*policy, "setpriv", "--pdeathsig", "TERM", *map(str, words)]


class Promotion(threading.Thread):
    """Lets the loops of processes go before other work of this machine, from when they are there; not their other
    threads, before which the loops go, too."""

    def __init__(self, *pids):
        super().__init__(daemon=True)
        self.pids, self.over = pids, threading.Event()

    def run(self):
        known = set()
        while not self.over.wait(0.005 if len(known) < len(self.pids) else 0.05):
            for pid in self.pids:
                self.promote(f"/proc/{pid}/task", known)

    def promote(self, tasks, known):
        """A process or a thread may be gone at any moment."""
        try:
            for task in set(os.listdir(tasks)) - known:
                if pathlib.Path(tasks, task, "comm").read_text().startswith("loop-"):
                    os.sched_setscheduler(int(task), os.SCHED_FIFO, os.sched_param(20))
                    known.add(task)
        except OSError:
            pass

    def __enter__(self):
        if ALLOWED:
            self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        if self.is_alive():
            self.join()


def compiled(folder, name="target", libraries=("-lssl", "-lcrypto")):
    """The program of NAME.c, made anew where its source is newer."""
    program, source = folder / f"truth-{name}", HERE / f"{name}.c"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        folder.mkdir(parents=True, exist_ok=True)
        compiler = shutil.which("cc") or shutil.which("clang")
        subprocess.run(
            [compiler or "cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source, *libraries], check=True)
    return program


class Witness:
    """Notes for one round how late this machine wakes those who go before all others (witness.c)."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            child([program], "chrt", "-f", "30"), stdout=subprocess.PIPE, text=True)

    def end(self):
        """Lateness in ns at each of laws.PERCENTS."""
        self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=20)
        return dict(zip(laws.PERCENTS, map(int, said.split())))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Target:
    """One round's target: started with its delays, ended with its log."""

    def __init__(self, program, folder, law, count, seed, port=0, tls=None):
        self.log = folder / "target.log"
        delays = folder / "delays"
        delays.write_bytes(array.array("q", law.delays(law.accepted(count), seed)).tobytes())
        words = [program, "--delays", delays, "--log", self.log, "--port", str(port), *law.words()]
        if tls:
            words += ["--tls", *tls]
        self.process = subprocess.Popen(child(words, "chrt", "-f", "30"), stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().split()
        if len(line) != 2:
            raise parts.Trouble("the target did not start")
        self.port = int(line[1])

    def end(self):
        """Rows of (received, due, sent)."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        numbers = array.array("q", self.log.read_bytes())
        self.log.unlink()
        return list(zip(numbers[0::3], numbers[1::3], numbers[2::3]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def load(law, is_open):
    """The load as flags; the number of requests bounds it."""
    if is_open:
        words = ["--rate", f"{law.rate}/s", "-n", str(law.count)]
        return words + (["--connections", str(law.cap)] if law.cap else [])
    return ["--users", str(law.users), "-n", str(law.closed_count)]


class Local:
    """`stampede run` on this machine."""

    def __init__(self, binary, folder, *flags, tls=False):
        self.binary, self.folder, self.flags, self.tls = binary, folder, flags, tls
        self.port = 0

    def run(self, law, is_open, port):
        """The result, as summary.json has it."""
        place = self.folder / "run"
        shutil.rmtree(place, ignore_errors=True)
        scheme = "https" if self.tls else "http"
        words = [self.binary, "run", f"{scheme}://127.0.0.1:{port}/", *load(law, is_open), "--quiet",
                 "--output", place, *self.flags, *(["--insecure"] if self.tls else [])]
        with subprocess.Popen(
                child(words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                env=servers.clean()) as process, Promotion(process.pid):
            said, _ = process.communicate(timeout=120)
        if not (place / "summary.json").exists():
            raise parts.Trouble(f"{' '.join(map(str, words))}\n{said}")
        return json.loads((place / "summary.json").read_text())

    def end(self):
        pass


class Fleet:
    """A master and two workers, each a process, with PostgreSQL and Kafka; their sum by REST."""

    def __init__(self, binary, say):
        self.binary = binary
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stampede-truth-"))
        # One port for all rounds: the master has to be told which target is allowed.
        self.port = parts.Ports().take()
        self.cluster = cluster.Cluster(
            self.folder, binary, lambda line: None, dies_with_us=True, allowed=[f"127.0.0.1:{self.port}"])
        say("  two workers: starting a master, its workers, PostgreSQL and Kafka")
        try:
            self.cluster.start()
            self.cluster.sign_in()
            self.cluster.wait_for_workers(2)
        except BaseException:
            self.end()
            raise
        self.environment = servers.clean(
            {"STAMPEDE_MASTER": self.cluster.url, "XDG_CONFIG_HOME": str(self.folder / "config")})
        self.client("login", "--username", "admin", "--password-file", "-", given=self.cluster.secrets["admin"] + "\n")

    def client(self, *words, given=""):
        done = subprocess.run(
            [self.binary, *words], input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.environment, timeout=120, check=False)
        if done.returncode != 0:
            raise parts.Trouble(f"stampede {' '.join(words)}: {done.stderr}")
        return done.stdout

    def run(self, law, is_open, port):
        self.cluster.wait_for_workers(2)
        workers = [part.pid for part in self.cluster.parts if part.name in cluster.WORKERS]
        with Promotion(*workers):
            run = self.client(
                "submit", f"http://127.0.0.1:{port}/", "--workers", "2", "--quiet", *load(law, is_open)).strip()
            self.client("status", run, "--follow")
        question = f"SELECT is_complete FROM run_ledger WHERE run = '{run}'"
        end = time.monotonic() + 30
        while self.cluster.postgres.ask(question) != "t":
            if time.monotonic() > end:
                raise parts.Trouble(f"after 30 s the result of {run} is not complete")
            time.sleep(0.1)
        return json.loads(self.client("results", run, "--json"))

    def end(self):
        self.cluster.stop()
        servers.remove_database(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)


def certificate(folder):
    """A certificate of its own for 127.0.0.1 and its key."""
    chain, key = folder / "target.pem", folder / "target.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", chain],
        check=True, stderr=subprocess.DEVNULL)
    return str(chain), str(key)


def has_curl_engine(binary):
    """Whether this build knows `--engine curl`."""
    done = subprocess.run([binary, "help", "run"], stdout=subprocess.PIPE, text=True, env=servers.clean(), check=False)
    return "--engine" in done.stdout



"""What a benchmark stands on: small C programs, an nginx on a core of its own, children whose cost is known."""

import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("STAMPEDE_BINARY", ROOT / ".build/release/stampede"))
BUILT = ROOT / ".build/bench"
TOOL_CORE = 0
TARGET_CORE = 1
LIBRARIES = {"bare-loop": ["-lssl", "-lcrypto"], "light-target": ["-lssl", "-lcrypto"]}


def build(name, shared=False):
    """Compiles Benchmarks/NAME/NAME.c unless it is newer than its source."""
    source = ROOT / "Benchmarks" / name / f"{name}.c"
    result = BUILT / (f"{name}.so" if shared else name)
    BUILT.mkdir(parents=True, exist_ok=True)
    if not result.exists() or result.stat().st_mtime < source.stat().st_mtime:
        flags = ["-shared", "-fPIC"] if shared else []
        subprocess.run(["gcc", "-O2", *flags, "-o", result, source, *LIBRARIES.get(name, []), "-lm"], check=True)
    return str(result)


class Trouble(Exception):
    """A command that did not do what it should, in words."""


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def free_ports(count):
    """So many at once, so that none is named twice."""
    sockets = [socket.socket() for _ in range(count)]
    for sock in sockets:
        sock.bind(("127.0.0.1", 0))
    ports = [sock.getsockname()[1] for sock in sockets]
    for sock in sockets:
        sock.close()
    return ports


def pinned(core, command):
    return ["taskset", "-c", str(core), *map(str, command)]


class Nginx:
    """One process on one core: `/` answers 3 bytes, /1k and /64k files, /login, /items and /items/… what the plan of
    three steps needs; no access log. The same behind TLS (h2 where that is asked for) and as HTTP/2 without TLS.
    """

    def __init__(self, core=TARGET_CORE):
        self.folder = tempfile.mkdtemp(prefix="stampede-bench-")
        self.port, self.tls_port, self.h2_port = free_ports(3)
        self.certificate = f"{self.folder}/certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{self.folder}/key.pem", "-out",
             self.certificate, "-days", "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
        for name, size in (("1k", 1024), ("64k", 65536)):
            pathlib.Path(self.folder, name).write_bytes(b"x" * size)
        paths = "\n".join(
            f"{kind}_temp_path {self.folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        pathlib.Path(self.folder, "nginx.conf").write_text(f"""
            daemon off; master_process off; pid {self.folder}/pid; error_log {self.folder}/error.log;
            worker_rlimit_nofile 16384;
            events {{ worker_connections 8192; }}
            http {{
              access_log off; {paths} keepalive_requests 1000000000; keepalive_timeout 75s; sendfile on;
              open_file_cache max=16; default_type text/plain;
              server {{
                listen 127.0.0.1:{self.port} backlog=4096;
                listen 127.0.0.1:{self.tls_port} ssl http2 backlog=4096;
                listen 127.0.0.1:{self.h2_port} http2 backlog=4096;
                ssl_certificate {self.certificate}; ssl_certificate_key {self.folder}/key.pem;
                ssl_protocols TLSv1.2 TLSv1.3;
                root {self.folder};
                location = / {{ return 200 "ok\\n"; }}
                location = /login {{
                  default_type application/json;
                  add_header X-Session s-4711;
                  return 200 '{{"token": "t-0815", "user": {{"id": 42, "name": "Ada"}}}}';
                }}
                location /items {{
                  default_type application/json;
                  return 200 '{{"items": [{{"id": 7, "name": "seven"}}, {{"id": 8, "name": "eight"}}], "total": 2}}';
                }}
                location = /status {{ stub_status; }}
              }}
            }}""")
        nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        self.process = subprocess.Popen(
            pinned(core, [nginx, "-p", self.folder, "-e", f"{self.folder}/error.log", "-c",
                          f"{self.folder}/nginx.conf"]))
        deadline = time.monotonic() + 10
        while True:
            try:
                self.count()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit("nginx does not start, see " + self.folder) from None
                time.sleep(0.01)

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.port}{path}"

    def tls_url(self, path="/"):
        return f"https://127.0.0.1:{self.tls_port}{path}"

    def h2_url(self, path="/"):
        return f"http://127.0.0.1:{self.h2_port}{path}"

    def count(self):
        """Requests it has handled, this one included."""
        with urllib.request.urlopen(self.url("/status"), timeout=5) as reply:
            return int(re.search(r"requests\s+\d+ \d+ (\d+)", reply.read().decode()).group(1))

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class LightTarget:
    """Benchmarks/light-target on a core of its own, with nginx's certificate: it answers `/` as nginx does, in less
    time than any tool takes to ask.
    """

    def __init__(self, nginx, core=TARGET_CORE):
        self.process = subprocess.Popen(
            pinned(core, [build("light-target"), nginx.certificate, f"{nginx.folder}/key.pem"]),
            stdout=subprocess.PIPE, text=True)
        self.port, self.tls_port = map(int, self.process.stdout.readline().split()[1:])
        self.asked = 0

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.port}{path}"

    def tls_url(self, path="/"):
        return f"https://127.0.0.1:{self.tls_port}{path}"

    def count(self):
        """Requests it has handled, this one included."""
        with urllib.request.urlopen(self.url("/count"), timeout=5) as reply:
            self.asked += 1
            return int(reply.read()) + self.asked

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Cost:
    """What a child cost: seconds of CPU, wall time, MiB at its peak, and how disturbed the machine was meanwhile."""

    def __init__(self, cpu, wall, memory, disturbance, output, code, samples=()):
        self.cpu = cpu
        # (seconds since the start, MiB) of each second.
        self.samples = list(samples)
        self.wall = wall
        self.memory = memory
        self.disturbance = disturbance
        self.output = output
        self.code = code


def core_times(core):
    """Busy and stolen seconds of a core since boot."""
    tick = os.sysconf("SC_CLK_TCK")
    for line in pathlib.Path("/proc/stat").read_text().splitlines():
        if line.startswith(f"cpu{core} "):
            user, nice, system, _idle, _wait, irq, soft, steal = (int(word) / tick for word in line.split()[1:9])
            return user + nice + system + irq + soft, steal
    return 0.0, 0.0


def run(command, core=TOOL_CORE, limit=60.0):
    """Runs a command pinned to a core and gives what it and its children cost."""
    busy, steal = core_times(core)
    target_steal = core_times(TARGET_CORE)[1]
    begin = time.monotonic()
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(pinned(core, command), stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        samples = []
        code, usage, memory = wait4(child, limit, samples)
        wall = time.monotonic() - begin
        output.seek(0)
        text = output.read().decode(errors="replace")
    cpu = usage.ru_utime + usage.ru_stime
    busy_now, steal_now = core_times(core)
    stolen = (steal_now - steal) + (core_times(TARGET_CORE)[1] - target_steal)
    # Others on the tool's core, beside what was stolen; a tick is 10 ms, so short runs see some of it as noise.
    others = max(0.0, busy_now - busy - cpu - 0.03)
    return Cost(cpu, wall, memory, (stolen + others) / wall, text, code, samples)


def wait4(child, limit, samples=None):
    """Waits for a child: exit code, resource usage, MiB at its peak. Kills it, by its id, when the limit has passed.

    ru_maxrss would count the memory of this script, from before the child became the tool; VmHWM starts at exec.
    """
    begin = time.monotonic()
    deadline = begin + limit
    memory = 0.0
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return child.returncode, usage, memory
        memory = max(memory, memory_of(child.pid, "VmHWM"))
        if samples is not None and time.monotonic() - begin >= len(samples):
            samples.append((time.monotonic() - begin, memory_of(child.pid, "VmRSS")))
        if time.monotonic() > deadline:
            os.kill(child.pid, signal.SIGKILL)
            deadline += 10
        time.sleep(0.02)


def memory_of(pid, word):
    """MiB: `VmHWM`, the peak, or `VmRSS`, what it is now; 0 where it is gone."""
    try:
        found = re.search(rf"{word}:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found.group(1)) / 1024 if found else 0.0


def raise_descriptor_limit():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return soft

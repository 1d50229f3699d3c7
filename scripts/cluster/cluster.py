"""A whole cluster on this machine: PostgreSQL, Kafka, master, workers, consumer, each a process with log and pid file.

Ended in the order that lets each finish what it has in hand: workers, master, consumer, Kafka, PostgreSQL, target.
"""

import json
import pathlib
import secrets
import signal
import time
import urllib.error
import urllib.request

import parts
import servers

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKERS = ("worker-1", "worker-2")
STOPPING = (*WORKERS, "master", "consumer", "kafka", "postgres", "target")


class Cluster:
    """Started once by `start`; `stop` may come at any moment, also in the middle of it."""

    def __init__(self, folder, binary, say, dies_with_us=False, has_target=False, allowed=()):
        self.folder, self.binary, self.say = pathlib.Path(folder), pathlib.Path(binary), say
        self.how = {"dies_with_us": dies_with_us}
        self.has_target = has_target
        self.allowed = [word for address in allowed for word in ("--allow-target", address)]
        self.parts = []
        self.secrets = self.kept_secrets()
        # PostgreSQL's user must get to its folder below.
        self.folder.chmod(0o755)
        self.url = self.rpc = self.target = ""
        self.is_new = False

    def kept_secrets(self):
        """What the parts know of each other, in files that only the owner reads; made at the first start."""
        file = self.folder / "secrets.json"
        if file.exists():
            return json.loads(file.read_text())
        made = {name: secrets.token_hex(32) for name in ("jwt-key", "join-token")}
        # Shown to a person: no sign that a shell or a URL minds.
        made |= {name: secrets.token_hex(16) for name in ("database", "admin")}
        for name in ("jwt-key", "join-token"):
            self.write_secret(name, made[name] + "\n")
        kept = {name: value for name, value in made.items() if name != "admin"}
        self.write_secret("secrets.json", json.dumps(kept))
        return made

    def write_secret(self, name, text):
        file = self.folder / name
        file.touch(mode=0o600)
        file.write_text(text)
        return file

    def start(self):
        ports = parts.Ports()
        kept = self.folder / "ports.json"
        before = json.loads(kept.read_text()) if kept.exists() else {}
        if self.has_target:
            part = self.run("target", "demo-target", "--port", 0)
            self.target = part.wait_for_text(r"^(http://\S+)$", 30, "the target named its address")
            self.allowed += ["--allow-target", self.target.split("/")[2]]
        self.postgres = servers.Postgres(self.folder, ports.take(before.get("postgres", 0)), self.secrets["database"])
        self.kafka = servers.choose_kafka(
            self.folder, ROOT, self.binary, ports, self.say, before.get("kafka", 0))
        self.is_new = not (self.postgres.data / "PG_VERSION").exists()
        # Both at once: each takes seconds.
        kafka = self.keep(lambda: self.kafka.start(**self.how))
        if not (self.postgres.data / "PG_VERSION").exists():
            self.postgres.make()
        postgres = self.keep(lambda: self.postgres.start(**self.how))
        self.postgres.wait(postgres)
        self.say(f"PostgreSQL on port {self.postgres.port}")
        self.kafka.wait(kafka)
        self.say(f"Kafka at {self.kafka.address}")
        self.start_master(ports.take(before.get("http", 8080)), ports.take(before.get("rpc", 50051)))
        database = {"DATABASE_URL": self.postgres.url}
        self.run("consumer", "consumer", "--kafka-broker", self.kafka.address, environment=database)
        for name in WORKERS:
            self.run(
                name, "worker", "--worker-id", name, "--master-address", self.rpc,
                "--join-token-file", self.folder / "join-token", "--kafka-broker", self.kafka.address,
                "--spool", self.folder / "spool" / name)
        self.say(f"consumer and {len(WORKERS)} workers")
        kept.write_text(json.dumps({
            "postgres": self.postgres.port, "kafka": getattr(self.kafka, "port", 0),
            "http": int(self.url.rsplit(":", 1)[1]), "rpc": int(self.rpc.rsplit(":", 1)[1])}))
        self.write_environment()

    def start_master(self, http, rpc):
        environment = {"DATABASE_URL": self.postgres.url}
        if self.is_new:
            environment["STAMPEDE_ADMIN_PASSWORD"] = self.secrets["admin"]
        part = self.run(
            "master", "master", "--http-port", http, "--rpc-port", rpc, "--kafka-broker", self.kafka.address,
            "--jwt-secret-key-file", self.folder / "jwt-key", "--join-token-file", self.folder / "join-token",
            *self.allowed,
            environment=environment)
        self.url = f"http://127.0.0.1:{http}"
        self.rpc = f"127.0.0.1:{rpc}"
        part.wait_for(self.is_ready, 60, "the master was ready")
        self.say(f"master at {self.url}")

    def is_ready(self):
        try:
            with urllib.request.urlopen(self.url + "/readyz", timeout=2) as reply:
                return reply.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def run(self, name, *words, environment=None):
        return self.keep(lambda: parts.Part.launch(
            name, [self.binary, *words], self.folder, environment=servers.clean(environment), **self.how))

    def keep(self, start):
        """Starts a part and notes it, undisturbed: no signal finds one that nobody would end."""
        with parts.Signals():
            part = start()
            if part:
                self.parts.append(part)
        return part

    def wait_for_workers(self, count, seconds=30):
        """Until so many are idle, as the master's own list says."""
        end = time.monotonic() + seconds
        while True:
            workers = self.get("/api/workers")["workers"]
            if sum(worker["state"] == "idle" for worker in workers) >= count:
                return
            if time.monotonic() > end:
                raise parts.Trouble(f"of {count} workers the master knows: {workers}; see {self.folder}/worker-1.log")
            time.sleep(0.05)

    def sign_in(self):
        answer = self.ask("/auth/login", {"username": "admin", "password": self.secrets["admin"]})
        self.token = answer["token"]

    def get(self, path):
        return self.ask(path)

    def ask(self, path, body=None):
        """JSON over REST."""
        headers = {"Content-Type": "application/json"}
        if token := getattr(self, "token", ""):
            headers["Authorization"] = "Bearer " + token
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(
                    urllib.request.Request(self.url + path, data, headers), timeout=20) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            raise parts.Trouble(f"{self.url}{path}: {error.code} {error.read(500).decode(errors='replace')}") from error

    def write_environment(self):
        """What a shell needs to use the cluster: `. .cluster/env`."""
        lines = {
            "STAMPEDE_MASTER": self.url, "KAFKA_BROKER": self.kafka.address, "DATABASE_URL": self.postgres.url,
            "MASTER_ADDRESS": self.rpc, "STAMPEDE_JOIN_TOKEN_FILE": self.folder / "join-token",
        }
        self.write_secret("env", "".join(f"export {name}='{value}'\n" for name, value in lines.items()))

    def stop(self):
        stop(self.folder, {part.name: part for part in self.parts}, self.say)


def stop(folder, running, say):
    """Ends the parts in order; a second Ctrl-C hurries, and still leaves nothing behind."""
    hurry = []
    handlers = {number: signal.signal(number, lambda *_: hurry.append(1)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for name in sorted(running, key=lambda name: STOPPING.index(name) if name in STOPPING else 0):
            part = running[name]
            # PostgreSQL: not waiting for its clients.
            first = signal.SIGINT if name == "postgres" else signal.SIGTERM
            if not part.stop(folder, seconds=2 if hurry else 30, first=first):
                say(f"{name} did not end by itself and was killed")
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)

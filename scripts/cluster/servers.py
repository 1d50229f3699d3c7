"""PostgreSQL and Kafka of the cluster's own, on 127.0.0.1."""

import os
import pathlib
import pwd
import secrets
import shutil
import subprocess

import kafka_release
import parts

# What Kafka is given beside its ports and its folder; deploy/kafka.properties says the same for containers.
KAFKA_SETTINGS = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
"""


def database_user():
    """PostgreSQL refuses to run as root: its package's user does it then. Words to put in front, and the ids."""
    if os.getuid() != 0:
        return [], None
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        raise parts.Trouble("there is no user postgres; 'scripts/setup cluster' installs PostgreSQL") from None
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"], user


def database_folder(folder):
    """Where its data may be: in the cluster's folder, unless the user postgres can't get there."""
    prefix, user = database_user()
    if user is None or subprocess.run([*prefix, "test", "-x", folder], check=False).returncode == 0:
        return folder / "postgres"
    # One for each cluster's folder, found again by `up`.
    place = pathlib.Path("/var/tmp", "stampede-" + str(folder).strip("/").replace("/", "-"))
    place.mkdir(mode=0o755, exist_ok=True)
    return place / "postgres"


def remove_database(folder):
    data = database_folder(folder)
    shutil.rmtree(data, ignore_errors=True)
    if data.parent != folder:
        data.parent.rmdir()


def binaries():
    versions = [path for path in pathlib.Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if versions:
        return max(versions, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    if found := shutil.which("initdb"):
        return pathlib.Path(found).parent
    raise parts.Trouble("PostgreSQL is not installed; 'scripts/setup cluster' does it")


class Postgres:
    """One database server in a folder; its superuser is `stampede`, with a password."""

    def __init__(self, folder, port, password):
        self.folder, self.port, self.password = folder, port, password
        self.data = database_folder(folder)
        self.prefix, self.user = database_user()
        self.binaries = binaries()

    @property
    def url(self):
        return f"postgresql://stampede:{self.password}@127.0.0.1:{self.port}/stampede"

    def start(self, **how):
        settings = {
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": 100,
        }
        words = [*self.prefix, self.binaries / "postgres", "-D", self.data]
        for name, value in settings.items():
            words += ["-c", f"{name}={value}"]
        return parts.Part.launch("postgres", words, self.folder, environment=clean(), **how)

    def wait(self, part):
        ready = [self.binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        part.wait_for(lambda: subprocess.run(ready, check=False).returncode == 0, 60, "PostgreSQL answered")
        if self.ask("SELECT count(*) FROM pg_database WHERE datname = 'stampede'", "postgres") == "0":
            self.ask("CREATE DATABASE stampede", "postgres")

    def make(self):
        """initdb, with the password in a file that goes at once."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        word = self.data.parent / f".password-{secrets.token_hex(4)}"
        word.touch(mode=0o600)
        word.write_text(self.password + "\n")
        if self.user:
            for path in (self.data, word):
                os.chown(path, self.user.pw_uid, self.user.pw_gid)
        try:
            done = subprocess.run(
                [*self.prefix, self.binaries / "initdb", "-A", "scram-sha-256", "-U", "stampede", "-E", "UTF8",
                 "--locale=C", "--pwfile", word, "-D", self.data],
                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, env=clean(), cwd="/")
        finally:
            word.unlink()
        if done.returncode != 0:
            raise parts.Trouble("initdb: " + (done.stderr or done.stdout).strip())

    def ask(self, statement, database="stampede"):
        """What psql prints, values separated by `|`."""
        done = subprocess.run(
            [self.binaries / "psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port),
             "-U", "stampede", "-d", database, "-c", statement],
            capture_output=True, text=True, check=False, env=clean({"PGPASSWORD": self.password}))
        if done.returncode != 0:
            raise parts.Trouble(f"psql: {done.stderr.strip()}\n{statement}")
        return done.stdout.strip()


class Kafka:
    """One broker of a distribution: KRaft, a single node, in a folder."""

    def __init__(self, folder, home, ports, preferred=0):
        self.folder, self.home = folder, home
        self.port, self.controller = ports.take(preferred), ports.take()
        if not shutil.which("java"):
            raise parts.Trouble("Kafka needs Java, and there is none; 'scripts/setup cluster' installs it")

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self, **how):
        settings = self.folder / "kafka.properties"
        data = self.folder / "kafka"
        settings.write_text(KAFKA_SETTINGS.format(port=self.port, controller=self.controller, data=data).lstrip())
        environment = clean({"KAFKA_HEAP_OPTS": "-Xmx512m -Xms128m", "LOG_DIR": str(self.folder / "kafka-logs")})
        tools = self.home / "bin"
        # 22 characters of base64 for URLs, as the distribution's own tool makes them. A folder that is formatted stays.
        format_first = (
            f'"{tools}/kafka-storage.sh" format -t S{secrets.token_urlsafe(16)[1:]} -c "{settings}" && '
            if not (data / "meta.properties").exists() else "")
        line = f'{format_first}exec "{tools}/kafka-server-start.sh" "{settings}"'
        return parts.Part.launch("kafka", ["bash", "-c", line], self.folder, environment=environment, **how)

    def wait(self, part):
        part.wait_for(lambda: parts.answers(self.port), 90, "Kafka answered")


class GivenKafka:
    """A cluster that somebody else runs."""

    def __init__(self, address):
        self.address = address

    def start(self, **how):
        return None

    def wait(self, part):
        for server in self.address.split(","):
            host, _, port = server.rpartition(":")
            if not host or not port.isdigit():
                raise parts.Trouble(f"STAMPEDE_KAFKA={self.address}: expected HOST:PORT, several separated by commas")


class DevBroker:
    """librdkafka's mock cluster, where no Apache Kafka is to be had."""

    def __init__(self, folder, binary, reason):
        self.folder, self.binary, self.reason = folder, binary, reason
        self.address = ""

    def start(self, **how):
        return parts.Part.launch("kafka", [self.binary, "dev-broker"], self.folder, environment=clean(), **how)

    def wait(self, part):
        self.address = part.wait_for_text(r"^(127\.0\.0\.1:\d+)$", 30, "the in-memory broker named its address")


def choose_kafka(folder, root, binary, ports, say, preferred=0):
    """STAMPEDE_KAFKA, KAFKA_HOME, Apache's release from the cache or the network, else the in-memory broker."""
    if given := os.environ.get("STAMPEDE_KAFKA"):
        return GivenKafka(given)
    cache = os.environ.get("STAMPEDE_CACHE") or root / ".cache"
    try:
        return Kafka(folder, kafka_release.find(root, os.environ, cache, say), ports, preferred)
    except kafka_release.NoKafka as error:
        if os.environ.get("KAFKA_HOME"):
            raise parts.Trouble(str(error)) from error
        say(f"no Apache Kafka: {error}")
        say("instead: stampede dev-broker, an in-memory imitation. What it holds is lost when it ends, and what is "
            "sent twice is stored twice; the way of the data is the same.")
        return DevBroker(folder, binary, str(error))


def clean(added=None):
    """The environment without what would configure the parts behind our back."""
    ours = ("STAMPEDE_", "KAFKA_", "PG", "DATABASE_URL", "JWT_SECRET_KEY", "HTTP_PORT", "GRPC_PORT", "MASTER_ADDRESS",
            "WORKER_ID", "LOG_DIR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | (added or {})


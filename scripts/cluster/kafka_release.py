"""An Apache Kafka on this machine: KAFKA_HOME, else a release kept in the cache, else Apache's own, downloaded once.

A download counts only when its SHA-512 is the published one. What has come so far is kept in NAME.part and gone on
with next time; the folder that is used appears whole, by a rename.
"""

import fcntl
import hashlib
import http.client
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

VERSION = "4.2.0"
NAME = f"kafka_2.13-{VERSION}.tgz"
# Where the archive is and where its hash is. Apache moves what is no longer current to its archive.
PLACES = (
    (f"https://dlcdn.apache.org/kafka/{VERSION}/{NAME}", f"https://downloads.apache.org/kafka/{VERSION}/{NAME}.sha512"),
    (f"https://archive.apache.org/dist/kafka/{VERSION}/{NAME}",
     f"https://archive.apache.org/dist/kafka/{VERSION}/{NAME}.sha512"),
)
# A network that says nothing for so long is none.
PATIENCE = 5
LARGEST = 1 << 30
START = "bin/kafka-server-start.sh"


class NoKafka(Exception):
    """Why there is none, in one line."""


def find(root, environment, cache, say=lambda line: None):
    """The folder of a Kafka distribution; downloads one where it must."""
    named = environment.get("KAFKA_HOME", "")
    if named:
        home = pathlib.Path(root, named).resolve()
        if not (home / START).is_file():
            raise NoKafka(f"KAFKA_HOME={named}: found no {START} in {home}, expected an unpacked Apache Kafka")
        return home
    url = environment.get("STAMPEDE_KAFKA_URL", "")
    name = NAME.removesuffix(".tgz")
    if url:
        # Another address may be another release, whatever its file is called.
        name = re.sub(r"[^A-Za-z0-9._-]", "-", url.rsplit("/", 1)[-1].removesuffix(".tgz"))[:80] or "kafka"
        name += "-" + hashlib.sha256(url.encode()).hexdigest()[:8]
    folder = pathlib.Path(cache, "kafka")
    home = folder / name
    if (home / START).is_file():
        return home
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (home / START).is_file():
                archive, digest = published(((url, url + ".sha512"),) if url else PLACES)
                say(f"downloading {archive} (once; kept in {folder})")
                download(archive, digest, folder / (name + ".tgz.part"), home, say)
    except OSError as error:
        raise NoKafka(f"the cache {folder}: {error}") from error
    return home


def published(places):
    """The first place that has the release, and the SHA-512 that is published there."""
    for archive, address in places:
        try:
            text = within(PATIENCE, lambda: read_small(address))
        except urllib.error.HTTPError as error:
            refusal = f"{address}: answered {error.code}"
            continue
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise NoKafka(f"no network to download Apache Kafka with ({address}: {words(error)})") from error
        return archive, digest_in(text, address)
    raise NoKafka(refusal)


def read_small(address):
    with urllib.request.urlopen(address, timeout=PATIENCE) as reply:
        return reply.read(65_536).decode("ascii", "replace")


def digest_in(text, address):
    """128 hexadecimal digits, in sha512sum's form or in gpg's: behind the name, in groups over several lines."""
    found = re.search(r"\b[0-9A-Fa-f]{128}\b", text)
    bare = found.group() if found else re.sub(r"\s", "", text.partition(":")[2])
    if not re.fullmatch(r"[0-9A-Fa-f]{128}", bare):
        raise NoKafka(f"{address}: found no SHA-512 in it, expected 128 hexadecimal digits")
    return bare.lower()


def within(seconds, work):
    """The work's result, or TimeoutError: a name's lookup minds no time-out of sockets."""
    box = []

    def run():
        try:
            box.append((work(), None))
        except BaseException as error:
            box.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not box:
        raise TimeoutError(f"no answer within {seconds} s")
    result, error = box[0]
    if error is not None:
        raise error
    return result


def words(error):
    reason = getattr(error, "reason", error)
    return " ".join(str(reason).split()) or type(error).__name__


def download(archive, digest, part, home, say):
    """Brings the archive into `part`, holds it against the hash and unpacks it into `home`."""
    # Pieces of two different files give a wrong hash that a whole download would not.
    for resumes in (part.exists(), False):
        if not resumes:
            part.unlink(missing_ok=True)
        fetch(archive, part, say)
        if sha512(part) == digest:
            break
        if not resumes:
            part.unlink()
            raise NoKafka(f"{archive}: its SHA-512 is not the published one; deleted, nothing of it is used")
    temporary = pathlib.Path(tempfile.mkdtemp(prefix=".unpack-", dir=part.parent))
    try:
        done = subprocess.run(
            ["tar", "-xzf", part, "--strip-components=1", "--no-same-owner", "-C", temporary], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False)
        if done.returncode != 0 or not (temporary / START).is_file():
            part.unlink()
            raise NoKafka(f"{archive}: unpacked, it has no {START} {done.stderr.strip()[:200]}".strip())
        temporary.chmod(0o755)
        temporary.rename(home)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    part.unlink()


def fetch(archive, part, say):
    """Goes on with the part until it is whole, as long as each try brings something."""
    while True:
        before = part.stat().st_size if part.exists() else 0
        try:
            total = fetch_some(archive, part, before, say)
            trouble = "the server ended early"
        except urllib.error.HTTPError as error:
            if error.code == 416 and before:
                part.unlink()
                continue
            raise NoKafka(f"{archive}: answered {error.code}") from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            total, trouble = None, words(error)
        now = part.stat().st_size if part.exists() else 0
        if now == total:
            return
        if now > LARGEST:
            part.unlink()
            raise NoKafka(f"{archive}: more than {LARGEST >> 20} MiB, no Kafka is so large")
        if now <= before:
            kept = f"{now} bytes are kept, the next try goes on from there" if now else "nothing came"
            raise NoKafka(f"{archive}: {trouble}; {kept}")


def fetch_some(archive, part, offset, say):
    """One request; how long the whole is, or None where the server does not say."""
    request = urllib.request.Request(archive, headers={"Range": f"bytes={offset}-"} if offset else {})
    reply = within(PATIENCE, lambda: urllib.request.urlopen(request, timeout=PATIENCE))
    with reply:
        length = reply.headers.get("Content-Length", "")
        goes_on = reply.status == 206 and reply.headers.get("Content-Range", "").startswith(f"bytes {offset}-")
        if reply.status == 206 and not goes_on:
            raise ValueError("it answered with another part than was asked for")
        offset = offset if goes_on else 0
        total = offset + int(length) if length.isdigit() else None
        spoken = time.monotonic()
        with open(part, "ab" if goes_on else "wb") as file:
            while piece := reply.read1(1 << 16):
                file.write(piece)
                if file.tell() > LARGEST:
                    return None
                if time.monotonic() - spoken > 4:
                    spoken = time.monotonic()
                    say(f"  {file.tell() >> 20} MiB" + (f" of {total >> 20}" if total else ""))
        # A server that names no length ends with the connection; the hash says whether it was all.
        return part.stat().st_size if total is None else total


def sha512(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    cache = os.environ.get("STAMPEDE_CACHE") or root / ".cache"
    try:
        print(find(root, os.environ, cache, lambda line: print(line, file=sys.stderr, flush=True)))
    except NoKafka as error:
        print(f"kafka: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()

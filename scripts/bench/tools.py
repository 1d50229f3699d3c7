"""The tools that are compared, each with its way to say the same thing."""

import shlex
import shutil
import subprocess

import surroundings


class Tool:
    """A tool's name, and its command for N connections for some seconds; nil command = it can't."""

    def __init__(self, name, program, closed, paced=None):
        self.name = name
        self.program = program
        self.closed = closed
        self.paced = paced

    @property
    def is_here(self):
        return shutil.which(str(self.program)) is not None


def runs(binary):
    """Whether the binary knows `run`: its help must not be an error."""
    if not binary.exists():
        return False
    said = subprocess.run([binary, "run", "--help"], capture_output=True, check=False)
    return said.returncode == 0 and b"--users" in said.stdout


def all_tools(folder, names=None):
    """Every tool that is installed, the bare loop and stampede; `folder` takes what they write."""
    bare = surroundings.build("bare-loop")
    binary = surroundings.BINARY
    seconds = "{:g}s".format
    tools = [
        Tool("bare loop", bare, lambda url, n, t: [bare, port(url), n, t, path(url)]),
        Tool("wrk", "wrk", lambda url, n, t: ["wrk", "-t1", f"-c{n}", "-d", seconds(t), url]),
        Tool("h2load", "h2load", lambda url, n, t: ["h2load", "--h1", "-t1", f"-c{n}", "-D", f"{t:g}", url],
             # h2load's rate is for each client.
             lambda url, n, t, rate: ["h2load", "--h1", "-t1", f"-c{n}", "-D", f"{t:g}", f"--rps={rate / n:g}", url]),
        Tool("ab", "ab", lambda url, n, t: [
            # ab lays out a record for each request beforehand, so its bound must not be generous.
            "ab", "-q", "-k", "-c", n, "-t", t, "-n", 200_000 * t, url]),
        Tool("hey", "hey", lambda url, n, t: ["hey", "-cpus", 1, "-c", n, "-z", seconds(t), url],
             # hey's rate is for each worker.
             lambda url, n, t, rate: ["hey", "-cpus", 1, "-c", n, "-q", f"{rate / n:g}", "-z", seconds(t), url]),
    ]
    if runs(binary):
        own = lambda *words: [binary, *words, "--cores", 1, "--out", folder]
        tools.insert(1, Tool(
            "stampede", binary,
            lambda url, n, t: own("run", "--users", n, "--duration", seconds(t), url),
            lambda url, n, t, rate: own("attack", "--rate", f"{rate:g}/s", "--duration", seconds(t), url)))
    here = [tool for tool in tools if tool.is_here and (names is None or tool.name in names)]
    missing = [tool.name for tool in tools if not tool.is_here]
    return here, missing


def described(words):
    """A tool from NAME=COMMAND with places to fill in."""
    name, _, command = words.partition("=")

    def closed(url, connections, seconds):
        places = {"url": url, "port": port(url), "path": path(url), "connections": connections, "seconds": seconds}
        return [part.format(**places) for part in shlex.split(command)]

    return Tool(name, shlex.split(command)[0], closed)


def port(url):
    return url.split("/")[2].split(":")[1]


def path(url):
    return "/" + url.split("/", 3)[3]

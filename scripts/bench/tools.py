"""The tools that are compared, each with its way to say the same thing."""

import json
import pathlib
import shlex
import shutil
import subprocess

import surroundings


class Tool:
    """A tool's name and its command for N connections for some seconds.

    `paced` and `h2` are its commands for a rate and for HTTP/2, None = it can't.
    """

    def __init__(self, name, program, closed, paced=None, h2=None):
        self.name = name
        self.program = program
        self.closed = closed
        self.paced = paced
        self.h2 = h2

    @property
    def is_here(self):
        return shutil.which(str(self.program)) is not None


def help_of(binary):
    """What `run --help` says; nothing where the binary is missing or lacks the command."""
    if not binary.exists():
        return ""
    said = subprocess.run([binary, "run", "--help"], capture_output=True, check=False, text=True)
    return said.stdout if said.returncode == 0 else ""


def all_tools(folder, names=None):
    """Every tool that is installed, the bare loop and stampede; `folder` takes what stampede writes."""
    bare = surroundings.build("bare-loop")
    seconds = "{:g}s".format
    tools = [
        Tool("bare loop", bare, lambda url, n, t: [
            bare, port(url), n, t, path(url), *(["tls"] if url.startswith("https") else [])]),
        Tool("wrk", "wrk", lambda url, n, t: ["wrk", "-t1", f"-c{n}", "-d", seconds(t), url]),
        Tool("h2load", "h2load", lambda url, n, t: ["h2load", "--h1", "-t1", f"-c{n}", "-D", f"{t:g}", url],
             # h2load's rate is for each client.
             lambda url, n, t, rate: ["h2load", "--h1", "-t1", f"-c{n}", "-D", f"{t:g}", f"--rps={rate / n:g}", url],
             h2=lambda url, n, t: ["h2load", "-t1", f"-c{n}", "-m1", "-D", f"{t:g}", url]),
        Tool("ab", "ab", lambda url, n, t: [
            # ab lays out a record for each request beforehand, so its bound must not be generous.
            "ab", "-q", "-k", "-c", n, "-t", int(max(t, 1)), "-n", int(200_000 * max(t, 1)), url]),
        Tool("hey", "hey", lambda url, n, t: ["hey", "-cpus", 1, "-c", n, "-z", seconds(t), url],
             # hey's rate is for each worker.
             lambda url, n, t, rate: ["hey", "-cpus", 1, "-c", n, "-q", f"{rate / n:g}", "-z", seconds(t), url]),
        Tool("oha", "oha", lambda url, n, t: ["oha", "--no-tui", "--insecure", "-c", n, "-z", seconds(t), url],
             lambda url, n, t, rate: ["oha", "--no-tui", "-c", n, "-q", f"{rate:g}", "-z", seconds(t), url]),
        Tool("vegeta", "vegeta", lambda url, n, t: vegeta(url, t, f"-rate=0 -workers={n} -max-workers={n}"),
             lambda url, n, t, rate: vegeta(url, t, f"-rate={rate:g}")),
        Tool("k6", "k6", lambda url, n, t: k6(folder, url, {"vus": n, "duration": seconds(t)}),
             lambda url, n, t, rate: k6(folder, url, {"scenarios": {"even": {
                 "executor": "constant-arrival-rate", "rate": rate, "timeUnit": "1s", "duration": seconds(t),
                 "preAllocatedVUs": 50}}})),
    ]
    if "--users" in (said := help_of(surroundings.BINARY)):
        tools.insert(1, stampede(folder, said))
    here = [tool for tool in tools if tool.is_here and (names is None or tool.name in names)]
    missing = [tool.name for tool in tools if not tool.is_here]
    return here, missing


def stampede(folder, said):
    def own(*words, cores=1):
        return [surroundings.BINARY, *words, "--cores", cores, "--quiet", "--out", folder]

    def closed(url, n, t, *more, cores=1):
        insecure = ["--insecure-tls"] if url.startswith("https") else []
        return own("run", "--users", n, "--duration", f"{t:g}s", *insecure, *more, url, cores=cores)

    tool = Tool(
        "stampede", surroundings.BINARY, closed,
        # Its core is its own, which it can't know: it sees one CPU and would sleep rather than take all of it.
        lambda url, n, t, rate: own("attack", "--spin", "--rate", f"{rate:g}/s", "--duration", f"{t:g}s", url))
    # Where libcurl is linked in, it brings HTTP/2.
    if "--engine" in said:
        tool.h2 = lambda url, n, t: closed(url, n, t, "--http2")
    tool.plan = lambda plan: own("run", "--plan", plan)
    return tool


def vegeta(url, t, words):
    words = f"vegeta attack -insecure -keepalive -duration={t:g}s {words} -output=/dev/null"
    return ["sh", "-c", f"echo 'GET {url}' | {words}"]


def k6(folder, url, options):
    script = pathlib.Path(folder).parent / "k6.js"
    options = json.dumps(options | {"insecureSkipTLSVerify": True, "discardResponseBodies": True})
    script.write_text(
        f"import http from 'k6/http'; export const options = {options};\n"
        f"export default function () {{ http.get('{url}'); }}\n")
    return ["k6", "run", "--quiet", "--no-usage-report", "--no-summary", script]


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

"""How exactly a rate is kept: by the tool's own stamp where it has one, and for all tools alike as the distance of each
arrival from an even grid, seen by the target."""

import json
import pathlib
import signal
import statistics
import subprocess
import sys

import surroundings

CONNECTIONS = 10


def one(bench, tool, rate, seconds):
    """One paced run: what the target saw, what the tool says itself, and the share of its core."""
    surroundings.remove(bench.folder)
    target = subprocess.Popen(
        surroundings.pinned(surroundings.TARGET_CORE, [surroundings.build("grid-target"), rate, 1]),
        stdout=subprocess.PIPE, text=True)
    port = target.stdout.readline().split()[1]
    try:
        cost = surroundings.run(tool.paced(f"http://127.0.0.1:{port}/", CONNECTIONS, seconds, rate), limit=seconds + 60)
    finally:
        target.send_signal(signal.SIGTERM)
        said = target.stdout.read()
        target.wait()
    if cost.code != 0:
        raise surroundings.Trouble(f"{tool.name} ended with {cost.code}:\n{cost.output[-2000:]}")
    result = json.loads(said) | {"cpu_share": cost.cpu / cost.wall, "disturbance": cost.disturbance}
    summary = pathlib.Path(bench.folder, "summary.json")
    if tool.name == "stampede" and summary.exists():
        lateness = json.loads(summary.read_text())["generator"]["lateness"]
        result |= {f"own_{word}_us": lateness[word]["us"] for word in ("p50", "p99", "max")}
    return result


def measure(bench, rates, seconds, runs):
    found = {}
    for rate in rates:
        rows = {}
        for _ in range(runs):
            for tool in [tool for tool in bench.tools if tool.paced]:
                try:
                    rows.setdefault(tool.name, []).append(one(bench, tool, rate, seconds))
                except surroundings.Trouble as trouble:
                    print(f"  {tool.name} is left out at {rate:,}/s: {trouble}", file=sys.stderr)
        found[rate] = rows
        say(rate, rows)
        own = rows.get("stampede")
        if own and rate == 10_000:
            # Hiccups of the machine are not the tool's: the best run says what it does when it is left alone.
            bench.table.most("pacing at 10,000/s, p99 by own stamp", min(run["own_p99_us"] for run in own), 50, "µs")
            bench.table.most("pacing at 10,000/s, p99 at the target", min(run["p99_us"] for run in own), 100, "µs", 1)
        elif own:
            middle = statistics.median(run["p99_us"] for run in own)
            bench.table.add(
                f"pacing at {rate:,}/s, p99 by own stamp and at the target",
                f"{statistics.median(run['own_p99_us'] for run in own):,.0f} µs, {middle:,.1f} µs")
    return found


def say(rate, rows):
    print(f"\n{rate:,}/s: distance of arrivals from the even grid, as the target's kernel stamped them (median of the "
          "runs);\n\"read\" is p99 by when the target's process had read them")
    print(f"  {'tool':<10} {'p50':>12} {'p99':>12} {'max':>12} {'read':>12} {'rate':>12} {'core':>6}   "
          "by own stamp: p50, p99, max")
    for name, runs in rows.items():
        middle = {key: statistics.median(run.get(key, float("nan")) for run in runs)
                  for key in ("p50_us", "p99_us", "max_us", "read_p99_us", "rate", "cpu_share")}
        own = [statistics.median(run[key] for run in runs) for key in ("own_p50_us", "own_p99_us", "own_max_us")
               if all(key in run for run in runs)]
        print(f"  {name:<10} {middle['p50_us']:>9,.1f} µs {middle['p99_us']:>9,.1f} µs {middle['max_us']:>9,.1f} µs "
              f"{middle['read_p99_us']:>9,.1f} µs {middle['rate']:>10,.1f}/s {100 * middle['cpu_share']:>4.0f} %   "
              + ", ".join(f"{value:,.0f} µs" for value in own))
    sys.stdout.flush()

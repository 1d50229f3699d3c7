"""What memory is taken: by users that wait, by TLS connections, by many names, and by time."""

import pathlib
import statistics

import surroundings


def resident(bench, text, seconds):
    """Runs a plan; MiB resident in the second half of its time, and the peak."""
    surroundings.remove(bench.folder)
    file = pathlib.Path(bench.parent, "memory.yaml")
    file.write_text(text)
    cost = surroundings.run(bench.own.plan(file), limit=seconds + 60)
    if cost.code != 0:
        raise surroundings.Trouble(f"ended with {cost.code}:\n{cost.output[-1000:]}")
    samples = [mib for at, mib in cost.samples if seconds / 2 <= at <= seconds and mib > 0]
    return statistics.median(samples or [cost.memory]), cost.memory


def users(count, url, think, seconds, more=""):
    return (f"users: {count}\nduration: {seconds}s\nthink_time: {think}\ninsecure_tls: true\n{more}"
            f"scenarios:\n  - name: one\n    steps:\n      - {{name: get, url: '{url}'}}\n")


def per_user(bench, few, many, plan, seconds):
    """KiB that one more user takes."""
    low, _ = resident(bench, plan(few), seconds)
    high, peak = resident(bench, plan(many), seconds)
    return 1024 * (high - low) / (many - few), peak


def measure(bench):
    table, found = bench.table, {}
    quick = bench.options.quick

    def attempt(what, measure_it):
        try:
            measure_it()
        except surroundings.Trouble as trouble:
            table.left_out(what, str(trouble).strip().splitlines()[-1][:70])

    def idle_users():
        many = 20_000 if quick else 100_000
        size, peak = per_user(
            bench, 100, many, lambda n: users(n, bench.nginx.url(), "60s", 8, "connections: shared\n"), 8)
        found["idle_user_kib"] = size
        table.most(f"memory of an idle user ({many:,} users, shared connections)", size, 4, "KiB", 2)

    def secure_users():
        many = 300 if quick else 1_000
        size, _ = per_user(bench, 10, many, lambda n: users(n, bench.nginx.tls_url(), "60s", 8), 8)
        found["tls_user_kib"] = size
        table.most(f"memory of a TLS user ({many:,} connections)", size, 40, "KiB", 1)

    def many_names():
        entries = "".join(f"  - {{name: n{index}, path: '/items/{index}'}}\n" for index in range(1_000))
        text = (f"base_url: {bench.nginx.url()[:-1]}\nrate: 10000/s\nduration: 5s\nscenarios:\n{entries}")
        _, peak = resident(bench, text, 5)
        found["names_mib"] = peak
        table.most("memory with 1,000 names at 10,000/s", peak, 100, "MiB", 1)

    def over_time():
        seconds = bench.options.memory_seconds
        text = (f"base_url: {bench.nginx.url()[:-1]}\nrate: 10000/s\nduration: {seconds}s\n"
                "scenarios:\n  - {name: get, path: /}\n")
        surroundings.remove(bench.folder)
        file = pathlib.Path(bench.parent, "memory.yaml")
        file.write_text(text)
        cost = surroundings.run(bench.own.plan(file), limit=seconds + 60)
        if cost.code != 0:
            raise surroundings.Trouble(f"ended with {cost.code}:\n{cost.output[-1000:]}")
        found["peak_mib"], found["samples"] = cost.memory, cost.samples
        table.most(f"memory with one name at 10,000/s, {seconds} s", cost.memory, 40, "MiB", 1)
        # Minutes 2 to 10 of ten; of a shorter run its second half.
        later = [(at, mib) for at, mib in cost.samples if min(60, seconds / 2) <= at <= seconds and mib > 0]
        slope = 60 * statistics.linear_regression(*zip(*later)).slope if len(later) > 2 else float("nan")
        found["slope_mib_per_minute"] = slope
        if seconds >= 600:
            table.most("  its growth from the second minute on", slope, 0.1, "MiB/min", 3)
        else:
            table.add("  its growth from the middle on", f"{slope:.3f} MiB/min",
                      "≤ 0.1 MiB/min over ten minutes: --memory-seconds 600")

    attempt("memory of an idle user", idle_users)
    attempt("memory of a TLS user", secure_users)
    attempt("memory with 1,000 names", many_names)
    attempt("memory over time", over_time)
    return found

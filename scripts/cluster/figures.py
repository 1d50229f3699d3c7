#!/usr/bin/python3
"""usage: figures.py REST.json SQL.txt TERMINAL.txt   holds the three against each other; says what differs, exit 1.

One result seen in three ways: the object of REST, rows of psql for NAMES and LEDGER below, the table of the terminal.
Counts must be equal everywhere, percentiles to the microsecond between REST and SQL and to the digits that the
terminal shows; each equation must hold.
"""

import json
import re
import sys

NAMES = """SELECT 'name', name, accepted, failed, p50_us, p90_us, p99_us, max_us FROM run_endpoint
  WHERE run = '{run}' AND NOT is_warm_up ORDER BY name"""
TOTALS = """SELECT 'totals', 'Totals', accepted, failed, p50_us, p90_us, p99_us, max_us FROM run_summary
  WHERE run = '{run}'"""
LEDGER = """SELECT 'ledger', planned, started, unsent, gap, schedule_residual, requests_started, requests_completed,
  unknown, requests_residual, workers_completed, stored_completed, stored_residual, outcomes_residual, is_complete
  FROM run_ledger WHERE run = '{run}'"""
COLUMNS = ("ok", "err", "p50", "p90", "p99", "max")
UNITS = {"µs": 1, "us": 1, "ms": 1e3, "s": 1e6, "min": 6e7}


def of_rest(text):
    """name → its figures, and the residuals in order; the totals stand under ''."""
    result = json.loads(text)

    def row(part):
        times = [part["response"][word] for word in COLUMNS[2:]]
        return (part["ok"], part["err"], *(None if time is None else time["us"] for time in times))

    rows = {part["name"]: row(part) for part in result["names"]}
    return rows | {"": row(result["totals"])}, [equation["residual"] for equation in result["equations"]], \
        result["complete"]


def of_sql(text):
    rows, residuals, complete = {}, [], False
    for line in text.splitlines():
        kind, *values = line.split("|")
        if kind in ("name", "totals"):
            name = values[0] if kind == "name" else ""
            rows[name] = tuple(int(value) if value else None for value in values[1:])
        elif kind == "ledger":
            residuals = [int(values[place]) for place in (4, 8, 11, 12)]
            complete = values[13] == "t"
    return rows, residuals, complete


def of_terminal(text):
    """The table of response times; a time is a pair of its microseconds and half of its last digit."""
    rows = {}
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith("Response time,")), None)
    if start is not None:
        for line in lines[start + 2:]:
            cells = re.split(r"\s{2,}", line.strip())
            if len(cells) < 7:
                break
            rows[cells[0]] = (int(cells[1].replace(",", "")), int(cells[2].replace(",", "")), *map(time_of, cells[3:7]))
    equations = [line.rstrip() for line in lines if re.match(r"\s+\d[\d,]* (planned|requests|workers|completed)", line)]
    return rows, [0 if line.endswith(": holds") else 1 for line in equations]


def time_of(text):
    found = re.fullmatch(r"(?:≥ ?)?([\d.,]+) ?(\S+)", text)
    if not found or found[2] not in UNITS:
        return None
    number = found[1].replace(",", "")
    unit = UNITS[found[2]]
    return float(number) * unit, unit * 10.0 ** -len(number.partition(".")[2]) * 0.51


def agrees(exact, shown):
    if exact is None or shown is None:
        return exact is None and shown is None
    return abs(exact - shown[0]) <= shown[1]


def differences(rest, sql, terminal):
    """What does not agree, in lines; none where all is well."""
    (rest_rows, rest_left, rest_whole), (sql_rows, sql_left, sql_whole) = of_rest(rest), of_sql(sql)
    shown_rows, shown_left = of_terminal(terminal)
    if not any(name for name in rest_rows):
        yield "REST names no request at all"
    for name in sorted(rest_rows | sql_rows):
        label = name or "all names"
        one, other = rest_rows.get(name), sql_rows.get(name)
        if one != other:
            yield f"{label}: REST says {dict(zip(COLUMNS, one or ()))}, SQL {dict(zip(COLUMNS, other or ()))}"
    names = {name for name in rest_rows if name}
    if "All" not in names and "All" in shown_rows:
        # Several names have a line for all of them at the end.
        shown_rows[""] = shown_rows["All"]
    missing = names - set(shown_rows)
    if missing:
        yield f"the terminal's table lacks {', '.join(sorted(missing))}"
    for name in sorted(set(rest_rows) & set(shown_rows)):
        one, shown = rest_rows[name], shown_rows[name]
        if one[:2] != shown[:2] or not all(map(agrees, one[2:], shown[2:])):
            label = name or "all names"
            yield f"{label}: REST says {dict(zip(COLUMNS, one))}, the terminal {dict(zip(COLUMNS, shown))}"
    for place, left, whole in (("REST", rest_left, rest_whole), ("SQL", sql_left, sql_whole)):
        if left != [0] * 4:
            yield f"{place}: the equations leave {left} over"
        if not whole:
            yield f"{place}: the result is not complete"
    if shown_left != [0] * 4:
        yield "the terminal does not show four equations that hold"


def main():
    found = list(differences(*(open(path, encoding="utf-8").read() for path in sys.argv[1:4])))
    for line in found:
        print(line, file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

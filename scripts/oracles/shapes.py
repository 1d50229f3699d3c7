#!/usr/bin/python3
"""Says exactly when arrivals of traffic shapes fall due, for tests that compare the schedule with it.

Writes Tests/Fixtures/shapes.tsv to standard output: a line for each shape, its fields parted by tabs: the shape's text,
the arrivals in all, then `n:due` (the last nanosecond up to which no more than n have come) and `t<count` (arrivals due
before nanosecond t). Lines and constants are computed with fractions, waves with mpmath at 500 bits, every inverse by
bisection over whole nanoseconds. A seed may be given; the one of the file is the default.
"""

import random
import sys
from fractions import Fraction

try:
    from mpmath import ceil, cos, mp, mpf, pi
except ImportError:
    sys.exit("mpmath is missing (Debian: apt-get install python3-mpmath)")

mp.prec = 500
SECOND = 10**9
UNITS = {"": SECOND, "/m": 60 * SECOND, "/h": 3600 * SECOND, "/2s": 2 * SECOND, "/7s": 7 * SECOND}


class Part:
    """One part: its text, its length and the integral of its rate from its beginning on."""

    def __init__(self, kind, numbers, unit, length, period=None):
        self.kind, self.length, self.period = kind, length, period
        scale = 10 ** max((len(n.split(".")[1]) if "." in n else 0) for n in numbers)
        per = UNITS[unit] * scale
        self.rates = [Fraction(int(Fraction(n) * scale), per) for n in numbers]
        time = f"{unit}/{length}ns"
        self.text = {
            "constant": lambda: f"{numbers[0]}{time}",
            "line": lambda: f"{numbers[0]}{unit}..{numbers[1]}{time}",
            "sine": lambda: f"{numbers[0]}{unit}~{numbers[1]}{unit}@{period}ns{time}",
        }[kind]()

    def integral(self, t):
        first = self.rates[0]
        if self.kind == "constant":
            return first * t
        if self.kind == "line":
            return first * t + (self.rates[1] - first) * t * t / (2 * self.length)
        if t % self.period == 0:
            return first * t
        turns = 2 * pi * mpf(t % self.period) / self.period
        swing = self.rates[1] * self.period
        return mpf(first.numerator) / first.denominator * t + mpf(swing.numerator) / swing.denominator / (2 * pi) * (
            1 - cos(turns)
        )


def both(a, b):
    """Their sum, exactly where both are fractions."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a + b
    as_float = lambda x: mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else x
    return as_float(a) + as_float(b)


class Shape:
    """Parts one after the other."""

    def __init__(self, parts):
        self.parts = parts
        self.begins, self.bases = [0], [Fraction(0)]
        for part in parts:
            self.begins.append(self.begins[-1] + part.length)
            self.bases.append(both(self.bases[-1], part.integral(part.length)))

    def integral(self, t):
        for part, begin, base in zip(self.parts, self.begins, self.bases):
            if t <= begin + part.length:
                return both(base, part.integral(t - begin))
        return self.bases[-1]

    def before(self, t):
        value = self.integral(t)
        return -((-value.numerator) // value.denominator) if isinstance(value, Fraction) else int(ceil(value))

    def due(self, n):
        low, high = 0, self.begins[-1]
        while high - low > 1:
            middle = (low + high) // 2
            if self.integral(middle) <= n:
                low = middle
            else:
                high = middle
        return low


def number(draw):
    kind = draw.randrange(4)
    if kind == 0:
        return "0"
    if kind == 1:
        return f"{draw.randrange(1, 100)}.{draw.randrange(1, 10)}"
    return str(draw.randrange(1, 10 ** draw.randrange(1, 6)))


def part(draw, waves):
    unit = draw.choice(list(UNITS)) if draw.random() < 0.4 else ""
    # From a part of a millisecond to weeks; whole seconds as people write them, or any nanosecond.
    length = draw.randrange(1, 3600) * SECOND if draw.random() < 0.5 else draw.randrange(1, 10 ** draw.randrange(5, 16))
    kind = draw.choice(["constant", "line", "line"] + (["sine"] * 3 if waves else []))
    if kind == "constant":
        return Part(kind, [number(draw)], unit, length)
    if kind == "line":
        return Part(kind, [number(draw), number(draw)], unit, length)
    mean, swing = sorted([number(draw), number(draw)], key=Fraction, reverse=True)
    swing = mean if draw.random() < 0.3 else swing
    period = draw.choice([length, 60 * SECOND, 86400 * SECOND, draw.randrange(1000, 10**14)])
    return Part(kind, [mean, swing], unit, length, period)


def row(draw, shape):
    end = shape.begins[-1]
    planned = shape.before(end)
    text = ",".join(part.text for part in shape.parts)
    # Without the comma, a level and a time alone would be a rate.
    fields = [text + ("," if len(shape.parts) == 1 else ""), str(planned)]
    edges = [b for b in shape.begins if b > 0]
    drawn = {draw.randrange(1, end + 1) for _ in range(6)}
    times = {1, 2, end - 1, end} | set(edges) | {e + 1 for e in edges[:-1]} | drawn
    arrivals = {0, planned - 1} | {shape.before(e) for e in edges[:-1]} | {draw.randrange(planned) for _ in range(8)}
    fields += [f"{n}:{shape.due(n)}" for n in sorted(n for n in arrivals if 0 <= n < planned)]
    fields += [f"{t}<{shape.before(t)}" for t in sorted(t for t in times if 0 < t <= end)]
    return "\t".join(fields)


def main():
    draw = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20261121)
    rows = 0
    while rows < 120:
        shape = Shape([part(draw, waves=rows >= 60) for _ in range(draw.randrange(1, 7))])
        if not 0 < shape.bases[-1] < 2**55 or all(r == 0 for p in shape.parts for r in p.rates):
            continue
        print(row(draw, shape))
        rows += 1


if __name__ == "__main__":
    main()

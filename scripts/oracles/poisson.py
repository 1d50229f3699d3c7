#!/usr/bin/python3
"""Says when Poisson arrivals of traffic shapes fall due, for tests that compare the engine's cursor with it.

Writes Tests/Fixtures/poisson.tsv to standard output: a line for each shape and seed, parted by tabs: the shape's text,
the seed, the arrivals in all, then `n:due` for some of them. How many lie in a cell and where comes from SplitMix64's
finalizer and e⁻¹ at 500 bits, Λ⁻¹ from shapes.py. A position is rounded down to a unit, as the schedule counts in: half
of a common fraction of all levels a nanosecond, with a wave among them a very small one.
"""

import math
import random
from fractions import Fraction

from mpmath import exp, factorial, floor, mp, mpf
from shapes import SECOND, Part, Shape

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15
mp.prec = 500
BOUNDS, total = [], 0
for k in range(30):
    total += exp(-1) / factorial(k)
    BOUNDS.append(min(MASK, int(floor(total * 2**64))))
BOUNDS = BOUNDS[: BOUNDS.index(MASK) + 1]


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Scatter:
    """The arrivals of each cell of the axis of arrival indices."""

    def __init__(self, seed):
        self.counts = mix(seed ^ 0x5363617474657231)
        self.places = mix(self.counts ^ 0x5363617474657232)

    def members(self, cell):
        word = mix((self.counts + cell * GOLDEN) & MASK)
        count = sum(word >= bound for bound in BOUNDS)
        return sorted(mix((self.places + (cell << 5 | i) * GOLDEN) & MASK) for i in range(count))


def units(shape):
    """How many there are in an arrival."""
    common = math.lcm(*(rate.denominator for part in shape.parts for rate in part.rates))
    while any(part.kind == "sine" for part in shape.parts) and common <= 2**60:
        common *= 2
    return 2 * common


def row(draw, shape, text, seed):
    end = shape.begins[-1]
    scatter = Scatter(seed)
    unit = units(shape)
    total = shape.bases[-1]
    assert isinstance(total, Fraction)
    positions = [
        cell + Fraction(place * unit >> 64, unit)
        for cell in range(shape.before(end))
        for place in scatter.members(cell)
    ]
    positions = [x for x in positions if x < total]
    chosen = set(range(min(20, len(positions)))) | {draw.randrange(len(positions)) for _ in range(40)}
    chosen.add(len(positions) - 1)
    if any(part.kind == "sine" for part in shape.parts):
        positions = [mpf(x.numerator) / x.denominator for x in positions]
    # due() bisects for the last nanosecond at which no more than so many have come; any number does.
    fields = [text, str(seed), str(len(positions))]
    return "\t".join(fields + [f"{n}:{shape.due(positions[n])}" for n in sorted(chosen)])


def main():
    draw = random.Random(20261121)
    shapes = [
        [Part("constant", ["1000"], "", 10 * SECOND)],
        [Part("constant", ["7"], "/2s", 1000 * SECOND)],
        [Part("line", ["0", "500"], "", 20 * SECOND), Part("constant", ["500"], "", 5 * SECOND)],
        [Part("line", ["900", "0"], "", 10 * SECOND), Part("constant", ["0"], "", SECOND)]
        + [Part("line", ["0", "30"], "/m", 600 * SECOND)],
        [Part("sine", ["100", "100"], "", 60 * SECOND, 20 * SECOND)],
    ]
    for parts in shapes:
        shape = Shape(parts)
        text = ",".join(part.text for part in parts) + ("," if len(parts) == 1 else "")
        for seed in [1, draw.randrange(2**63)]:
            print(row(draw, shape, text, seed))


main()

"""What many noisy rounds say: the median, the spread, and how high the true median may be."""

import math
import statistics


def upper_bound(values, confidence=0.95):
    """A value that the true median is below with that confidence, by order statistics: no law of the noise is assumed.

    None where there are too few values to say so (below 5).
    """
    ordered, count = sorted(values), len(values)
    # The chance that at most k of n values lie above the median is that of at most k heads of n.
    chance, above = 0.0, 0
    for above in range(count):
        chance += math.comb(count, above) / 2**count
        if chance > 1 - confidence:
            break
    return ordered[count - above] if above else None


class Ratio:
    """Ratios of one tool to another, each taken inside a round."""

    def __init__(self, values):
        self.values = [value for value in values if value is not None]
        self.median = statistics.median(self.values) if self.values else float("nan")
        self.upper = upper_bound(self.values) if self.values else None

    def __str__(self):
        if not self.values:
            return "–"
        upper = "" if self.upper is None else f", below {self.upper:.3f} at 95 %"
        return f"{self.median:.3f} ({min(self.values):.2f} … {max(self.values):.2f}{upper}, {len(self.values)} pairs)"


class Table:
    """The one table of a run: what was measured, against what, the goal, and whether it was met."""

    def __init__(self):
        self.rows = []

    def add(self, what, found, goal="", met=None):
        self.rows.append((what, found, goal, met))

    def ratio(self, what, ratio, goal, wants_bound=False):
        judged = ratio.upper if wants_bound else ratio.median
        met = None if judged is None or not ratio.values else judged <= goal
        self.add(what, str(ratio), f"≤ {goal:.2f}" + (" (95 % bound)" if wants_bound else ""), met)

    def most(self, what, value, goal, unit, decimals=0):
        self.add(what, f"{value:,.{decimals}f} {unit}", f"≤ {goal:g} {unit}", value <= goal)

    def least(self, what, value, goal, unit):
        self.add(what, f"{value:,.0f} {unit}", f"≥ {goal:,.0f} {unit}", value >= goal)

    def left_out(self, what, why):
        self.add(what, f"not measured: {why}")

    def __str__(self):
        word = {True: "met", False: "MISSED", None: ""}
        first = max([len(row[0]) for row in self.rows], default=0)
        second = max([len(row[1]) for row in self.rows], default=0)
        third = max([len(row[2]) for row in self.rows], default=0)
        return "\n".join(
            f"  {what:<{first}}  {found:<{second}}  {goal:<{third}}  {word[met]}".rstrip()
            for what, found, goal, met in self.rows)

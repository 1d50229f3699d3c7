"""The targets' laws: what each delay is drawn from, and what an honest tool must report, in closed form.

Times are in nanoseconds. Delays are drawn stratified: of N requests the k-th gets the quantile k/N of the law, in an
order permuted by a seed, so that the sample's percentiles (nearest rank) are those of the law itself.
"""

import heapq
import math
import random
import statistics

US, MS, S = 1_000, 1_000_000, 1_000_000_000
PERCENTS = (50, 90, 95, 99, 99.9)


def rank(percent, count):
    """Nearest rank, counted in whole tenths of a percent."""
    return max(1, -(-count * round(percent * 10) // 1000))


def quantile(ordered, percent):
    return ordered[rank(percent, len(ordered)) - 1]


class Law:
    """Constant delays; the others change a part of it.

    The first request of a connection also waits for that: there are so many requests that these are fewer than one in
    a thousand and p99.9 is not theirs.
    """

    name = "constant 5 ms"
    rate, count = 1000, 10_000
    users, closed_count = 6, 10_000
    spacing = stall = every = first = refuse = 0
    # Connections in the open model; None has no cap.
    cap = 8

    def quantile(self, p):
        """Of one delay."""
        return 5 * MS

    def delays(self, count, seed=1):
        drawn = [round(self.quantile(min(k / count, 1 - 0.5 / count))) for k in range(1, count + 1)]
        random.Random(seed).shuffle(drawn)
        return drawn

    def accepted(self, count):
        """Of so many requests."""
        return count - count // self.refuse if self.refuse else count

    def of(self, is_open):
        """The law as that model meets it."""
        return self

    def words(self):
        return [word for name in ("spacing", "stall", "every", "first", "refuse") for word in
                (f"--{name}", str(getattr(self, name))) if getattr(self, name)]

    # What an honest tool reports at p; None where there is no closed form and the simulation says it.

    def response(self, p, is_open):
        return self.quantile(p)

    def service(self, p, is_open):
        return self.quantile(p)


class TwoPoints(Law):
    name = "98 % 2 ms, 2 % 200 ms"
    count, users, closed_count = 3000, 10, 4000
    cap = None

    def quantile(self, p):
        return 2 * MS if p <= 0.98 + 1e-12 else 200 * MS


class LogNormal(Law):
    name = "log-normal, median 5 ms, sigma 1"
    count = closed_count = 4000
    users = 10
    cap = None

    def quantile(self, p):
        return 5 * MS * math.exp(statistics.NormalDist().inv_cdf(p))


class Refusing(LogNormal):
    """Every fifth request is answered at once with status 503: times are those of the others, or who fails fast looks
    fast."""

    name = "log-normal, every fifth refused at once"
    count = closed_count = 5000
    refuse = 5


class Stall(Law):
    """1 ms, and silent for the second of every five; replies at least 0.1 ms apart, in the order of arrival.

    Open, at rate r with spacing c and load rho = r c: who arrives x after the first that is kept waiting is answered
    after d + s - (1 - rho) x, until that is d. So a share f = s / ((1 - rho) T) waits, evenly between d and d + s.
    """

    name = "1 s stall every 5 s"
    count, users, closed_count = 10_000, 4, 6000
    spacing, stall, every, first = 100 * US, S, 5 * S, 2 * S
    cap = 20
    delay = MS

    def quantile(self, p):
        return self.delay

    def of(self, is_open):
        return self if is_open else SlowStall()

    def response(self, p, is_open):
        if not is_open:
            return None
        share = self.stall / ((1 - self.rate * self.spacing / S) * self.every)
        return self.delay + self.stall * max(0.0, p - (1 - share)) / share

    def service(self, p, is_open):
        return None


class SlowStall(Stall):
    """For users who wait: 5 ms each, so that the one long wait of each user and stall is more than 0.1 %."""

    delay = 5 * MS
    # Users drift apart and together: replies that push each other on would blur the law.
    spacing = 10 * US


class Serial(Law):
    """One at a time, 0.5 ms each, asked 20 % more often than it can.

    Open: the n-th (from 0) is due at n / r and answered at (n + 1) c, so response times grow evenly from c by
    c - 1 / r each. With K connections, K requests are at the target, and each is there for K c; the first K less.
    Closed: K users, each of whom waits for K replies. So many requests a second that a moment of the machine's in
    which somebody is late, of which there may be two a second, is less than one in a thousand of them.
    """

    name = "one at a time, 20 % over capacity"
    rate, count, users, closed_count = 2400, 10_000, 4, 10_000
    spacing = MS // 2
    cap = 10

    def quantile(self, p):
        return self.spacing

    def response(self, p, is_open):
        if not is_open:
            return self.users * self.spacing
        return self.spacing + (rank(100 * p, self.count) - 1) * (self.spacing - S / self.rate)

    def service(self, p, is_open):
        return (self.cap if is_open else self.users) * self.spacing


LAWS = [Law(), TwoPoints(), Stall(), LogNormal(), Refusing(), Serial()]


class Due:
    """When the target answers, by the rule that target.c states."""

    def __init__(self, law, delays):
        self.law, self.delays, self.number, self.refused, self.last = law, delays, 0, 0, -1 << 62

    def __call__(self, received):
        law = self.law
        self.number += 1
        if law.refuse and self.number % law.refuse == 0:
            self.refused += 1
            return received
        due = received + self.delays[(self.number - 1 - self.refused) % len(self.delays)]
        if law.spacing:
            due = max(due, self.last + law.spacing)
        if law.stall and due >= law.first and (due - law.first) % law.every < law.stall:
            due += law.stall - (due - law.first) % law.every
        self.last = max(self.last, due)
        return due


def simulate(law, is_open, count, delays):
    """Response and service times, sorted, of a tool that costs no time itself."""
    due, response, service = Due(law, delays), [], []
    if not is_open:
        # (when to send, user)
        ready = [(0, user) for user in range(law.users)]
        for _ in range(count):
            sent, user = heapq.heappop(ready)
            end = due(sent)
            if end > sent:
                response.append(end - sent)
            heapq.heappush(ready, (end, user))
        response.sort()
        return response, response
    ends = []
    for number in range(count):
        intended = number * S // law.rate
        sent = intended
        while ends and ends[0] <= sent:
            heapq.heappop(ends)
        if law.cap and len(ends) >= law.cap:
            sent = heapq.heappop(ends)
        end = due(sent)
        heapq.heappush(ends, end)
        if end > sent:
            response.append(end - intended)
            service.append(end - sent)
    return sorted(response), sorted(service)


def truth(law, is_open):
    """{time: {percent: ns}}, by the closed form where there is one, and whether all of it is."""
    count = law.count if is_open else law.closed_count
    sampled = dict(zip(("response", "service"), simulate(law, is_open, count, law.delays(law.accepted(count)))))
    result = {}
    for time, ordered in sampled.items():
        result[time] = {}
        for percent in PERCENTS:
            exact = getattr(law, time)(percent / 100, is_open)
            result[time][percent] = quantile(ordered, percent) if exact is None else exact
    return result, sampled


def tolerance(value):
    """1 % or 0.2 ms, whichever is more."""
    return max(0.01 * value, 200 * US)


def check():
    """The closed forms against the simulation: none may be off by more than a tenth of what a tool may be."""
    wrong = []
    for law in LAWS:
        for is_open in (True, False):
            exact, sampled = truth(law.of(is_open), is_open)
            for time, ordered in sampled.items():
                for percent, value in exact[time].items():
                    found = quantile(ordered, percent)
                    if abs(found - value) > 0.1 * tolerance(value):
                        wrong.append(f"{law.name}, {'open' if is_open else 'closed'}, {time} p{percent}: closed form "
                                     f"{value / MS:.3f} ms, simulated {found / MS:.3f} ms")
    return wrong


if __name__ == "__main__":
    problems = check()
    print("\n".join(problems) or f"{len(LAWS)} laws: closed forms and simulation agree")
    raise SystemExit(1 if problems else 0)

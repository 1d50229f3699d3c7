"""What a tool reported, against the law and against the target's own log of that round."""

import laws

WORDS = {50: "p50", 90: "p90", 95: "p95", 99: "p99", 99.9: "p999"}
TIMES = ("response", "service")


class Round:
    """One run of one tool against one target."""

    def __init__(self, law, is_open, summary, rows, wakes, least_beyond=0):
        """`wakes`: how late the machine woke somebody else meanwhile, {percent: ns}."""
        self.law, self.is_open, self.wakes = law, is_open, wakes
        self.count = law.count if is_open else law.closed_count
        self.accepted = law.accepted(self.count)
        # A percentile with only a few requests beyond it says more of the machine's moments than of the tool.
        self.judged = {percent for percent in WORDS if self.accepted * (100 - percent) / 100 >= least_beyond}
        self.summary, self.all_rows = summary, sorted(rows)
        # Refusals are due when they come.
        self.rows = [row for row in self.all_rows if row[1] > row[0]]
        self.truth, _ = laws.truth(law, is_open)
        self.reported = {
            time: {percent: summary["totals"][time][word]["us"] * laws.US for percent, word in WORDS.items()}
            for time in TIMES}

    def delays(self):
        """{percent: (planned, actual)} of the target's delays, by its log."""
        planned = sorted(due - received for received, due, _ in self.rows)
        actual = sorted(sent - received for received, _, sent in self.rows)
        return {percent: (laws.quantile(planned, percent), laws.quantile(actual, percent)) for percent in WORDS}

    @property
    def late(self):
        """Where the target was later than planned by more than 0.4 of what is allowed; None where it was not."""
        for percent, (wanted, was) in self.delays().items():
            if percent in self.judged and was - wanted > 0.4 * laws.tolerance(wanted):
                return f"target late: its p{percent:g} was {was / laws.MS:.3f} ms in place of {wanted / laws.MS:.3f} ms"
        return None

    @property
    def disturbance(self):
        """Where the machine was late by more than 0.4 of what is allowed, in waking somebody who had nothing to do but
        wake; None where it was not."""
        percent = max(self.judged)
        late = self.wakes.get(percent, 0)
        if late > 0.4 * laws.tolerance(0):
            return f"machine late: a thread that only wakes was {late / laws.MS:.2f} ms late at p{percent:g}"
        return None

    @property
    def spoiled(self):
        """The percentiles at which the target, the machine or the tool's own wake-ups (which it tells) were later than
        0.4 of what is allowed: there a figure says more of them than of how the tool measures."""
        own = self.summary["generator"]["lateness"]
        found = set()
        for percent, (wanted, was) in self.delays().items():
            late = max(was - wanted, self.wakes.get(percent, 0), own[WORDS[percent]]["us"] * laws.US)
            if late > 0.4 * laws.tolerance(wanted):
                found.add(percent)
        return found

    def leave_out(self, percents):
        """These percentiles are shown and not judged."""
        self.judged = self.judged - percents

    @property
    def is_limited(self):
        return self.summary["generator"]["limited"]

    @property
    def confession(self):
        """What the tool says against itself; None where it says nothing."""
        generator = self.summary["generator"]
        if self.is_limited:
            return "the tool says of itself: " + ", ".join(finding["cause"] for finding in generator["findings"])
        # Below the badge, but told in figures: what was sent late is not the target's.
        late = generator["lateness"]["p999"]["us"] * laws.US
        if late > 0.4 * laws.tolerance(0):
            return f"the tool says of itself: p99.9 of its lateness is {late / laws.MS:.2f} ms"
        return None

    @property
    def broken(self):
        """What must not be whatever the times are."""
        counts = self.summary["totals"]
        if not self.summary["complete"]:
            return "the result is not complete"
        if counts["ok"] != self.accepted or counts["err"] != self.count - self.accepted:
            return (f"{counts['ok']} accepted and {counts['err']} failed of {self.count}, expected {self.accepted} and "
                    f"{self.count - self.accepted}")
        if len(self.all_rows) != self.count or any(sent == 0 for _, _, sent in self.all_rows):
            return f"the target has {len(self.all_rows)} requests in its log, expected {self.count}"
        if any(figure["atLeast"] for time in TIMES for figure in (counts[time][word] for word in WORDS.values())):
            return "a percentile is only a bound"
        return None

    def logged(self):
        """The same times as the target saw them: it knows neither the way to it nor, but in the open model by the
        order of arrival, when a request was due."""
        seen = {"service": sorted(sent - received for received, _, sent in self.rows)}
        if self.is_open:
            due = [number * laws.S // self.law.rate for number in range(len(self.all_rows))]
            # The schedule's zero: the request that came with the least delay was on time.
            zero = min(received - at for (received, _, _), at in zip(self.all_rows, due))
            seen["response"] = sorted(
                sent - zero - at for (received, expected, sent), at in zip(self.all_rows, due) if expected > received)
        else:
            seen["response"] = seen["service"]
        return {time: {percent: laws.quantile(ordered, percent) for percent in laws.PERCENTS}
                for time, ordered in seen.items()}

    def errors(self, figures, of="response", against="response", truth=None):
        """{percent: (value, error, share of what is allowed)}."""
        result = {}
        for percent, expected in (truth or self.truth)[against].items():
            value = figures[of][percent]
            result[percent] = (value, value - expected, abs(value - expected) / laws.tolerance(expected))
        return result

    def worst(self, of="response", against="response", truth=None):
        """The largest error as a share of what is allowed: above 1 is wrong."""
        errors = self.errors(self.reported, of, against, truth)
        return max(share for percent, (_, _, share) in errors.items() if percent in self.judged)

    @property
    def holds(self):
        return all(holds for _, holds in self.lines())

    def lines(self):
        """A line for each time: the figures with their errors in ms, and the worst as a share of what is allowed."""
        logged = self.logged()
        for time in TIMES:
            cells = " ".join(
                f"{value / laws.MS:9.2f} {error / laws.MS:+6.2f}"
                for value, error, _ in self.errors(self.reported, time, time).values())
            by_law, by_log = self.worst(time, time), self.worst(time, time, logged)
            yield f"    {time:9} {cells}  {by_law:5.0%} {by_log:6.0%}", by_law <= 1 and by_log <= 1

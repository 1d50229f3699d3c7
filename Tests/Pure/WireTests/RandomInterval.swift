import Measuring
import Model

extension Interval {
  /// Any interval the format can hold, with what is rare in practice as likely as what is common.
  static func random(_ source: inout SplitMix) -> Interval {
    let from = Int64(source.number(bits: 57))
    var interval = Interval(
      key: Key(
        run: Identifier(random: &source), incarnation: Identifier(random: &source),
        sequence: max(1, source.number(bits: 64))),
      second: UInt32(source.number(bits: 32)), from: TimeSpan(nanoseconds: from),
      to: TimeSpan(nanoseconds: from + Int64(source.number(bits: 57))))
    interval.epoch = UInt32(source.number(bits: 32))
    interval.phase = Phase(
      index: UInt16(source.number(bits: 16)), name: .random(&source), isWarmUp: source.chance(2))
    if source.chance(4) {
      let reason = EndReason.allCases.randomElement(using: &source) ?? .stopped
      let completed = source.chance(2) ? source.number(bits: 64) : nil
      interval.final = Final(records: max(1, source.number(bits: 64)), reason: reason, completed: completed)
    }
    interval.loops = (0..<source.number(bits: 3)).map { _ in .random(&source) }
    interval.host = .random(&source)
    interval.schedule.planned = source.number(bits: 40)
    interval.schedule.started = source.number(bits: 40)
    interval.schedule.unsent = source.number(bits: 40)
    interval.schedule.gap = source.number(bits: 40)
    interval.worker.lateness = .random(&source)
    interval.worker.fromWoke = .random(&source)
    interval.worker.response = .random(&source)
    interval.iterations = source.chance(2) ? (0..<source.number(bits: 2)).map { _ in .random(&source) } : []
    interval.names = (0..<source.number(bits: 4)).map { _ in .random(&source) }
    return interval
  }
}

extension String {
  /// Texts that are awkward to write: quotes, controls, several bytes a character, composed and decomposed forms.
  static func random(_ source: inout SplitMix) -> String {
    let pieces = ["a", "GET /", "\"", "\\", "\n", "\u{0}", "\u{7F}", "ä", "a\u{308}", "日本", "🐂", " ", "\u{2028}"]
    return (0..<source.number(bits: 4)).map { _ in pieces.randomElement(using: &source) ?? "" }.joined()
  }
}

extension TimeSpan {
  fileprivate static func random(_ source: inout SplitMix) -> TimeSpan {
    TimeSpan(nanoseconds: Int64(source.number(bits: 48)))
  }
}

extension LoopSecond {
  fileprivate static func random(_ source: inout SplitMix) -> LoopSecond {
    var loop = LoopSecond()
    loop.loop = UInt16(source.number(bits: 16))
    loop.busy = .random(&source)
    loop.spinning = .random(&source)
    loop.longestTurn = .random(&source)
    loop.late = source.number(bits: 40)
    loop.takenUpTo = source.number(bits: 64)
    loop.inFlight = UInt32(source.number(bits: 32))
    loop.connections = UInt32(source.number(bits: 32))
    loop.waiting = UInt32(source.number(bits: 32))
    loop.users = UInt32(source.number(bits: 32))
    loop.opened = UInt32(source.number(bits: 32))
    loop.folded = source.number(bits: 40)
    loop.leniencies = source.number(bits: 40)
    loop.capped = source.chance(2) ? source.number(bits: 40) : 0
    loop.http2 = source.chance(2) ? source.number(bits: 40) : 0
    loop.lastEnd = source.chance(2) ? TimeSpan(nanoseconds: Int64(source.number(bits: 57))) : .zero
    return loop
  }
}

extension HostSecond {
  fileprivate static func random(_ source: inout SplitMix) -> HostSecond {
    var host = HostSecond()
    host.cpus = UInt16(source.number(bits: 16))
    host.steal = .random(&source)
    host.throttled = .random(&source)
    host.cpu = .random(&source)
    host.memory = source.number(bits: 64)
    return host
  }
}

extension IterationInterval {
  fileprivate static func random(_ source: inout SplitMix) -> IterationInterval {
    var iteration = IterationInterval(name: .random(&source))
    iteration.started = source.number(bits: 40)
    iteration.completed = source.number(bits: 40)
    iteration.failed = source.number(bits: 40)
    iteration.cut = source.number(bits: 40)
    iteration.duration = .random(&source)
    return iteration
  }
}

extension NameInterval {
  static func random(_ source: inout SplitMix) -> NameInterval {
    var name = NameInterval(name: .random(&source), tenant: .random(&source))
    name.counts.started = source.number(bits: 40)
    name.counts.written = source.number(bits: 40)
    name.counts.answered = source.number(bits: 40)
    name.counts.completed = source.number(bits: 40)
    name.counts.accepted = source.number(bits: 40)
    name.counts.resent = source.number(bits: 40)
    name.counts.bytesOut = source.number(bits: 45)
    name.counts.bytesIn = source.number(bits: 45)
    name.counts.redirected = source.chance(2) ? source.number(bits: 40) : 0
    name.counts.retried = source.chance(2) ? source.number(bits: 40) : 0
    name.checks = (0..<source.number(bits: 2)).map { _ in
      CheckCount(name: .random(&source), passed: source.number(bits: 40), failed: source.number(bits: 40))
    }
    name.causes = (0..<source.number(bits: 2)).map { _ in
      CauseCount(
        kind: ErrorKind.allCases.randomElement(using: &source) ?? .reset, text: .random(&source),
        count: source.number(bits: 40))
    }
    name.statuses = (0..<source.number(bits: 3)).map { _ in
      StatusCount(status: UInt16(source.number(bits: 16)), count: source.number(bits: 40))
    }
    name.errors = ErrorKind.allCases.filter { _ in source.chance(3) }
      .map { ErrorCount(kind: $0, count: source.number(bits: 40)) }
    name.custom = (0..<source.number(bits: 3)).map { _ in
      CustomCount(key: UInt16(source.number(bits: 16)), value: amount(&source))
    }
    name.topUsers = (0..<min(100, source.number(bits: 7))).map { _ in
      UserCount(user: source.number(bits: 64), failures: source.number(bits: 40), cost: amount(&source))
    }
    name.histograms.response = .random(&source)
    name.histograms.service = .random(&source)
    name.histograms.failed = .random(&source)
    name.histograms.censored = .random(&source)
    name.histograms.censoredService = .random(&source)
    name.histograms.connect = .random(&source)
    name.histograms.firstByte = .random(&source)
    return name
  }

  private static func amount(_ source: inout SplitMix) -> Int64 {
    let magnitude = Int64(source.number(bits: 40))
    return source.chance(2) ? -magnitude : magnitude
  }
}

extension Histogram {
  static func random(_ source: inout SplitMix) -> Histogram {
    var histogram = Histogram()
    if source.chance(3) { return histogram }
    for _ in 0..<source.number(bits: 6) {
      histogram.record(UInt32(source.number(bits: source.chance(8) ? 32 : 11)), times: source.number(bits: 16))
    }
    return histogram
  }
}

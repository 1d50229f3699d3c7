import Measuring
import Model

/// What is kept of a second while further records of it may come: exact in whatever order they do.
struct SecondTally: Sendable {
  /// What one second is apart from another by.
  struct Key: Hashable, Comparable {
    var second: UInt32
    var isWarmUp: Bool

    static func < (a: Key, b: Key) -> Bool {
      a.second != b.second ? a.second < b.second : a.isWarmUp && !b.isWarmUp
    }
  }

  /// One worker's gauges; of several records in a second the last one's count.
  private struct Reported {
    var incarnation: Identifier
    var to: TimeSpan
    var gauges: Gauges
  }

  private let phase: Interval.Phase
  private var from: TimeSpan
  private var to: TimeSpan
  private var offered: UInt64 = 0
  private var counts = RequestCounts()
  private var errors = ErrorTally()
  private var response = KeptCurve()
  private var lateness = KeptCurve()
  private var reported: [Reported] = []
  private var taints: Set<Taint> = []
  private var names = NameSeconds()

  /// - Parameter interval: the first record of the second.
  init(_ interval: Interval) {
    phase = interval.phase
    from = interval.from
    to = interval.to
  }

  /// - Parameters:
  ///   - rows: for each of the interval's names the row that it belongs to.
  ///   - shortage: of the machine that the record is of.
  mutating func add(_ interval: Interval, rows: [Int], shortage: RunDescription.Shortage? = nil) {
    if response.isElsewhere { response.takeBack(responseCurve) }
    from = min(from, interval.from)
    to = max(to, interval.to)
    offered = offered.addingClamped(interval.schedule.planned)
    taints.formUnion(Taint.found(in: interval, shortage: shortage))
    lateness.merge(PercentileCurve(accepted: interval.worker.lateness))
    report(interval)
    var parts: [NameSeconds.Part] = []
    parts.reserveCapacity(interval.names.count)
    for (row, name) in zip(rows, interval.names) {
      counts.add(name.counts)
      for error in name.errors { errors.add(error) }
      let curve = PercentileCurve(accepted: name.histograms.response, censored: name.histograms.censored)
      parts.append(NameSeconds.Part(row: row, counts: name.counts, response: curve))
    }
    response.merge(PercentileCurve.sum(of: parts.lazy.map(\.response)))
    if interval.phase.isWarmUp { return }
    let isAscending = zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 }
    if names.count == 0, isAscending { names = NameSeconds(parts) } else { names.merge(parts) }
  }

  /// Makes it small: for seconds of which no further record is expected. One that comes is counted all the same.
  mutating func pack() {
    if names.count == 1, names.parts.first?.response == response.curve { response.entrust() } else { response.pack() }
    lateness.pack()
  }

  /// Response times of all names; where there is but one and the second is packed, its name has them.
  var responseCurve: PercentileCurve {
    response.isElsewhere ? names.parts.first?.response ?? PercentileCurve() : response.curve
  }

  var isPacked: Bool { response.isPacked && lateness.isPacked }

  /// A record without loops is a further part of one that had them, cut to stay short.
  private mutating func report(_ interval: Interval) {
    if interval.loops.isEmpty { return }
    let report = Reported(incarnation: interval.key.incarnation, to: interval.to, gauges: Gauges(interval.loops))
    guard let place = reported.firstIndex(where: { $0.incarnation == report.incarnation }) else {
      reported.append(report)
      return
    }
    if report.to >= reported[place].to { reported[place] = report }
  }

  /// - Parameter places: where each row stands in the finished summary.
  func summary(_ key: Key, places: [Int]) -> SecondSummary {
    var second = SecondSummary(second: key.second, from: from, to: to, isWarmUp: key.isWarmUp)
    second.phase = phase
    second.offered = offered
    second.counts = counts
    second.errors = errors.sorted
    second.response = response.figures
    for report in reported { second.gauges.add(report.gauges) }
    second.latenessP99 = lateness.figures.p99?.microseconds
    second.taints = taints.sorted()
    second.names = names.moved(to: places)
    return second
  }
}

/// Failures summed by kind.
struct ErrorTally: Sendable {
  private var counts: [ErrorKind: UInt64] = [:]

  mutating func add(_ error: ErrorCount) {
    if error.count > 0 { counts[error.kind] = (counts[error.kind] ?? 0).addingClamped(error.count) }
  }

  var sorted: [ErrorCount] {
    counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { ErrorCount(kind: $0.key, count: $0.value) }
  }
}

import Measuring
import Model
import Summary

/// A run as its workers tell it while it goes on: the sum so far, and each second once all of them have told it. Pure.
struct LiveRun: Sendable {
  private(set) var builder: SummaryBuilder
  /// Whether it has heard the run from its beginning: then its sum is the run's.
  let isWhole: Bool
  /// The last second that was whole.
  private(set) var line: LiveLine?
  /// Workers that have told a second that is not whole yet, by second, with a record of it.
  private var told: [UInt32: (workers: Set<Identifier>, sample: Interval)] = [:]
  /// Workers that are not done yet.
  private var expected: Set<Identifier>
  /// Seconds below were shown, or are too late to be.
  private var shown: UInt32 = 0

  /// A second whose successor but one is there is shown as it is: its last record is late, or never comes.
  private static let patience: UInt32 = 2

  init(_ description: RunDescription, isWhole: Bool = true) {
    self.isWhole = isWhole
    builder = SummaryBuilder(description)
    expected = Set(description.incarnations.map(\.id))
  }

  /// Counts a worker's second in.
  ///
  /// - Returns: the seconds that are whole by now, ascending.
  mutating func add(_ interval: Interval) -> [LiveLine] {
    builder.add(interval)
    let second = interval.second
    // What is left of the warm-up comes beside the second's own record, which is still to come.
    let isLeft = interval.phase.isWarmUp && interval.loops.isEmpty
    if second >= shown, !isLeft {
      var bare = Interval(key: interval.key, second: second, from: interval.from, to: interval.to)
      bare.phase = interval.phase
      told[second, default: ([], bare)].workers.insert(interval.key.incarnation)
    }
    if interval.final != nil { expected.remove(interval.key.incarnation) }
    return takeWhole()
  }

  private mutating func takeWhole() -> [LiveLine] {
    var lines: [LiveLine] = []
    while let second = told.keys.min(), let newest = told.keys.max(), let entry = told[second] {
      let isWhole = expected.isSubset(of: entry.workers)
      if !isWhole, newest - second < Self.patience { break }
      told[second] = nil
      // A worker may say any second.
      shown = second == .max ? second : second + 1
      lines.append(builder.liveLine(entry.sample))
    }
    line = lines.last ?? line
    return lines
  }
}

import Measuring
import Model
import Wire

/// The seconds of one incarnation as its records: numbered densely from 1, each small enough to be published.
///
/// For one thread: the one that collects the seconds.
struct RecordSequence {
  private let run: Identifier
  private let incarnation: Identifier
  private let epoch: UInt32
  private var host = Host()
  /// The last record's number; 0 before the first.
  private(set) var last: UInt64 = 0

  init(run: Identifier, incarnation: Identifier, epoch: UInt32 = 0) {
    self.run = run
    self.incarnation = incarnation
    self.epoch = epoch
  }

  /// The records of one second, which also tell how the machine fared since the last one.
  ///
  /// - Parameter end: given for the last second: why it is the last, and how many requests were completed in all.
  mutating func records(
    of second: Interval, end: (reason: EndReason, completed: UInt64)? = nil
  ) -> [Interval] {
    var interval = second
    // Beside the warm-up's part of a second, which says nothing of the machine, there is one that does.
    if !second.loops.isEmpty || end != nil { interval.host = host.second() }
    interval.key = Interval.Key(run: run, incarnation: incarnation, sequence: last + 1)
    interval.epoch = epoch
    var parts = IntervalCodec.split(interval)
    last += UInt64(parts.count)
    if let end {
      parts[parts.count - 1].final = Interval.Final(records: last, reason: end.reason, completed: end.completed)
    }
    return parts
  }

  /// The last second of one that sent nothing.
  mutating func nothing(_ reason: EndReason) -> [Interval] {
    let key = Interval.Key(run: run, incarnation: incarnation, sequence: 0)
    return records(of: Interval(key: key, second: 0, from: .zero, to: .zero), end: (reason, 0))
  }
}

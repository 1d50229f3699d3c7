import Measuring
import Model

/// Sums up a run's records, in any order and of any number of workers, into its one result.
///
/// A record costs time in proportion to what it holds, whatever came before; one that comes twice is counted once.
public struct SummaryBuilder: Sendable {
  /// What the run was; may be replaced while records come in (a worker's own count is known only at its end).
  public var description: RunDescription

  /// Names and tenants tell rows apart.
  struct RowKey: Hashable, Comparable {
    var name: String
    var tenant: String

    static func < (a: RowKey, b: RowKey) -> Bool { (a.name, a.tenant) < (b.name, b.tenant) }
  }

  var rows: [RowKey: Int] = [:]
  var names: [NameTally] = []
  /// What was due in the warm-up, by the row of its name.
  var warmUpNames: [Int: NameTally] = [:]
  var seconds: [SecondTally.Key: SecondTally] = [:]
  /// The seconds whose curves are not packed, ascending; never more than `mostOpen`.
  private(set) var open: [SecondTally.Key] = []
  static let mostOpen = 4
  var ledgers: [Identifier: IncarnationLedger] = [:]
  var worker = WorkerHistograms()
  var counts = RunCounts()
  /// Scenarios in the order in which they came.
  var iterations: [IterationTally] = []
  private var scenarios: [String: Int] = [:]
  /// The end of the last record in which anything fell due.
  var lastDue = TimeSpan.zero
  var foreign: UInt64 = 0
  /// Requests completed so far, warm-up included.
  private(set) var completed: UInt64 = 0

  public init(_ description: RunDescription) {
    self.description = description
    for target in description.targets { _ = row(RowKey(name: target.name, tenant: "")) }
  }

  /// Counts one record in. A record of another run is only counted as such.
  public mutating func add(_ interval: Interval) {
    guard interval.key.run == description.run else {
      foreign += 1
      return
    }
    guard ledgers[interval.key.incarnation, default: IncarnationLedger()].add(interval) else { return }
    var indices: [Int] = []
    indices.reserveCapacity(interval.names.count)
    for name in interval.names { indices.append(row(RowKey(name: name.name, tenant: name.tenant))) }
    sum(interval, indices)
    let key = SecondTally.Key(second: interval.second, isWarmUp: interval.phase.isWarmUp)
    seconds[key, default: SecondTally(interval)].add(interval, rows: indices, shortage: description.shortage)
    keepOpen(key)
  }

  /// A long run is mostly seconds that are over: only the latest few stay as they are quick to add to.
  private mutating func keepOpen(_ key: SecondTally.Key) {
    let place = open.firstIndex { $0 >= key } ?? open.count
    if place == open.count || open[place] != key { open.insert(key, at: place) }
    if open.count > SummaryBuilder.mostOpen { seconds[open.removeFirst()]?.pack() }
  }

  private mutating func sum(_ interval: Interval, _ indices: [Int]) {
    counts.schedule.add(interval.schedule)
    if interval.phase.isWarmUp { counts.warmUpSchedule.add(interval.schedule) }
    for iteration in interval.iterations {
      iterations[scenario(iteration.name)].add(iteration, isWarmUp: interval.phase.isWarmUp)
      counts.iterations.add(iteration)
    }
    for loop in interval.loops {
      counts.http2 = counts.http2.addingClamped(loop.http2)
      counts.folded = counts.folded.addingClamped(loop.folded)
      counts.leniencies = counts.leniencies.addingClamped(loop.leniencies)
      counts.capped = counts.capped.addingClamped(loop.capped)
    }
    if interval.schedule.planned > 0 { lastDue = max(lastDue, interval.to) }
    for (index, name) in zip(indices, interval.names) {
      completed = completed.addingClamped(name.counts.completed)
      for error in name.errors { counts.failed = counts.failed.addingClamped(error.count) }
      if interval.phase.isWarmUp {
        counts.warmUp.add(name.counts)
        warmUpNames[index, default: NameTally()].add(name)
      } else {
        counts.requests.add(name.counts)
        names[index].add(name)
      }
    }
    if interval.phase.isWarmUp { return }
    worker.lateness.merge(interval.worker.lateness)
    worker.fromWoke.merge(interval.worker.fromWoke)
    worker.response.merge(interval.worker.response)
  }

  private mutating func scenario(_ name: String) -> Int {
    if let place = scenarios[name] { return place }
    scenarios[name] = iterations.count
    iterations.append(IterationTally(name: name))
    return iterations.count - 1
  }

  private mutating func row(_ key: RowKey) -> Int {
    if let row = rows[key] { return row }
    rows[key] = names.count
    names.append(NameTally())
    return names.count - 1
  }
}

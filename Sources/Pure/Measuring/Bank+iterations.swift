extension Bank {
  /// A scenario's counters, as in `IterationInterval`.
  public enum IterationCounter: Int, CaseIterable, Sendable {
    case started, completed, failed, cut
  }

  // A check: how often it held, and how often not, 64 bits each. A scenario: its counters, then one cell.
  static let checkSize = 16
  static let scenarioSize = 64 + cellSize

  private func check(_ index: Int) -> UnsafeMutablePointer<UInt64> {
    unsafe (base + (header.pointee.checksAt &+ index &* Bank.checkSize)).assumingMemoryBound(to: UInt64.self)
  }

  private func scenario(_ index: Int) -> UnsafeMutableRawPointer {
    unsafe base + (header.pointee.scenariosAt &+ index &* Bank.scenarioSize)
  }

  /// Counts what one of the plan's checks said of a reply.
  public func countCheck(_ index: Int, passed: Bool) {
    unsafe check(index)[passed ? 0 : 1] &+= 1
  }

  /// Adds to one of a scenario's counters.
  public func count(scenario index: Int, _ counter: IterationCounter, _ amount: UInt64 = 1) {
    unsafe scenario(index).assumingMemoryBound(to: UInt64.self)[counter.rawValue] &+= amount
  }

  /// Counts the duration of an iteration that was completed.
  public func recordIteration(_ index: Int, microseconds: UInt32) {
    unsafe record(BucketedTime(microseconds: microseconds), in: scenario(index) + 64)
  }

  /// Adds what a check said to a count; false where it said nothing.
  @discardableResult
  public func add(check index: Int, to count: inout CheckCount) -> Bool {
    let (passed, failed) = unsafe (check(index)[0], check(index)[1])
    count.passed += passed
    count.failed += failed
    return passed | failed != 0
  }

  /// Adds a scenario's figures to an interval's; false where it has none.
  @discardableResult
  public func add(scenario index: Int, to interval: inout IterationInterval) -> Bool {
    let counters = unsafe scenario(index).assumingMemoryBound(to: UInt64.self)
    func value(_ counter: IterationCounter) -> UInt64 { unsafe counters[counter.rawValue] }
    interval.started += value(.started)
    interval.completed += value(.completed)
    interval.failed += value(.failed)
    interval.cut += value(.cut)
    unsafe interval.duration.merge(histogram(at: scenario(index) + 64))
    return IterationCounter.allCases.contains { value($0) > 0 }
  }
}

public import Model

/// Counts how many of a share's arrivals are due before one time after the other.
///
/// Evenly spaced ones are computed. Poisson arrivals are counted one by one, each once, at some nanoseconds each: there is
/// no shorter way to the sum of so many draws.
public struct ArrivalTally: Sendable {
  private let slots: SlotRange
  private var cursor: ArrivalCursor
  private var count: UInt64 = 0

  public init(_ slots: SlotRange, in schedule: Schedule) {
    self.init(from: ArrivalCursor(slots, in: schedule), of: slots)
  }

  /// - Parameter cursor: at the share's first arrival.
  public init(from cursor: ArrivalCursor, of slots: SlotRange) {
    self.slots = slots
    self.cursor = cursor
  }

  /// - Parameter time: not before that of the last call, for which it would count none twice but none less either.
  public mutating func arrivals(before time: TimeSpan, in schedule: Schedule) -> UInt64 {
    if schedule.scatter == nil { return slots.arrivals(below: schedule.arrivals(before: time)) }
    let time = min(time, schedule.end)
    // Whatever lies in a cell is due before the next one begins.
    let cells = schedule.line.arrivals(before: time)
    while cursor.cell &+ 1 < cells, cursor.arrival < schedule.bound { next() }
    while cursor.cell < cells, cursor.arrival < schedule.bound, schedule.due(at: cursor) < time.nanoseconds { next() }
    return count
  }

  private mutating func next() {
    count += 1
    cursor.advance()
  }
}

/// The part of a schedule from which arrivals are being taken: plain memory, so that a request path that holds one touches
/// no array. Its answers are the schedule's own.
public struct Pace: Sendable {
  @usableFromInline let count: UInt64
  @usableFromInline let per: UInt64
  @usableFromInline let perArrival: UInt128
  @usableFromInline var stretch: Stretch

  /// Stands at the schedule's first part.
  public init(_ schedule: Schedule) {
    // An even grid needs no search for its parts.
    count = schedule.scatter == nil ? schedule.count : 0
    per = schedule.per
    perArrival = schedule.line.perArrival
    stretch = schedule.line.stretches[0]
  }

  /// For who has no arrivals: none is ever due.
  public init() {
    (count, per, perArrival) = (0, 0, 2)
    stretch = Stretch(.constant, begin: 0, length: 1, base: 0, level: 0)
  }

  /// `Schedule.due` of evenly spaced arrivals, where arrival n is in the part that it stands at; nil where it is in another.
  @inlinable
  public func due(_ n: UInt64) -> Int64? {
    if count > 0 { return Schedule.due(n, count: count, per: per) }
    // Written out: a call in between would copy all of this.
    let units = UInt128(n) &* perArrival
    return units >= stretch.base && units < stretch.top ? stretch.last(atMost: units) : nil
  }

  /// `Schedule.due`, where the cursor's arrival is in the part that it stands at; nil where it is in another. Who knows
  /// that arrivals are evenly spaced asks by their number: that copies no cursor.
  @inlinable
  public func due(at cursor: ArrivalCursor) -> Int64? {
    cursor.isScattered ? due(units: cursor.scatteredUnits(perArrival)) : due(cursor.cell)
  }

  @inlinable @inline(__always)
  func due(units: UInt128) -> Int64? {
    units >= stretch.base && units < stretch.top ? stretch.last(atMost: units) : nil
  }

  /// `Schedule.due`; from now on it stands at that arrival's part.
  public mutating func due(at cursor: ArrivalCursor, movingIn schedule: Schedule) -> Int64 {
    guard let found = schedule.line.stretch(atMost: cursor.units(perArrival)) else { return .max }
    stretch = found
    return due(at: cursor) ?? schedule.due(at: cursor)
  }
}

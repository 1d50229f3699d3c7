/// Walks through the arrivals of one share in order: a position in the schedule, in constant memory.
///
/// Evenly spaced, arrival n is cell n of the axis of arrival indices, and belongs to slot n mod 1,024. Poisson arrivals are
/// those that `Scatter` lays into a share's cells. They are numbered over all shares: the cursor counts what lies in
/// the cells of others too, some nanoseconds each, so that everybody has the same number for the same arrival.
public struct ArrivalCursor: Sendable, Hashable {
  /// The number of the arrival it stands at among all of the run, in order, from 0.
  public var arrival: UInt64
  /// The cell that it lies in.
  @usableFromInline var cell: UInt64
  /// Where the next block of slots begins.
  @usableFromInline var nextBlock = UInt64(SlotRange.slots)
  @usableFromInline let offset: UInt32
  @usableFromInline let stride: UInt32
  /// Which of its cell's arrivals it stands at, and how many there are.
  private var member: UInt8 = 0
  private var members: UInt8 = 1
  @usableFromInline let isScattered: Bool
  private let scatter: Scatter

  /// At the first of the share's evenly spaced arrivals.
  public init(_ range: SlotRange) {
    self.init(range, nil)
  }

  /// At the share's first arrival.
  public init(_ range: SlotRange, in schedule: Schedule) {
    self.init(range, schedule.scatter)
  }

  private init(_ range: SlotRange, _ scatter: Scatter?) {
    offset = UInt32(range.offset)
    stride = UInt32(range.stride)
    cell = UInt64(offset)
    arrival = cell
    isScattered = scatter != nil
    self.scatter = scatter ?? Scatter(seed: 0)
    if !isScattered { return }
    arrival = 0
    for other in 0..<cell { arrival += UInt64(self.scatter.members(of: other)) }
    members = self.scatter.members(of: cell)
    if members == 0 { leaveCell() }
  }

  /// Moves on to the share's next arrival.
  @inlinable
  public mutating func advance() {
    if isScattered { return advanceScattered() }
    moveOn()
    arrival = cell
  }

  /// On to the share's next cell.
  @inlinable @inline(__always)
  mutating func moveOn() {
    cell &+= UInt64(stride)
    if cell >= nextBlock {
      cell = nextBlock &+ UInt64(offset)
      nextBlock &+= 1_024
    }
  }

  @usableFromInline @inline(never)
  mutating func advanceScattered() {
    arrival &+= 1
    member += 1
    if member >= members { leaveCell() }
  }

  /// On to the next cell of the share that has any.
  private mutating func leaveCell() {
    member = 0
    repeat {
      var other = cell + 1
      moveOn()
      while other < cell {
        arrival &+= UInt64(scatter.members(of: other))
        other += 1
      }
      members = scatter.members(of: cell)
    } while members == 0
  }

  /// Where it stands on the axis, so many units being an arrival.
  @inlinable @inline(__always)
  func units(_ perArrival: UInt128) -> UInt128 {
    isScattered ? scatteredUnits(perArrival) : UInt128(cell) &* perArrival
  }

  @usableFromInline @inline(never)
  func scatteredUnits(_ perArrival: UInt128) -> UInt128 {
    let whole = UInt128(cell) &* perArrival
    let place = scatter.place(of: member, of: members, in: cell)
    return whole &+ UInt128(place.multipliedFullWidth(by: UInt64(truncatingIfNeeded: perArrival)).high)
  }
}

import Model

/// Values of a list, in the table's `values`.
struct CompiledList: Sendable {
  var at: Int
  var count: Int
}

struct CompiledFeed: Sendable {
  var at: Int
  var rows: Int
  var columns: Int
  var mode: DataFeed.Mode
  var exhausted: DataFeed.Exhausted
}

/// How far a loop has gone in the feeds that its users share: one number, for each iteration takes a row of each.
///
/// The k-th iteration that a loop begins has row `first + k · stride`: of several loops none takes another's turn.
public struct SharedRows: Sendable {
  private var next: UInt64
  private let stride: UInt64

  /// - Parameters:
  ///   - first: the loop's number among all loops of the run; of several workers, the worker's offset is in it.
  ///   - stride: how many loops there are in all.
  public init(first: Int, stride: Int) {
    next = UInt64(max(0, first))
    self.stride = UInt64(max(1, stride))
  }

  mutating func take() -> UInt64 {
    defer { next &+= stride }
    return next
  }
}

extension ScriptTable {
  /// Sets the rows that an iteration has; false where a unique feed has none left, and the user ends.
  ///
  /// Of R rows, for iteration i of user u:
  /// - unique: row (e + i) · U + u mod U, where U is the plan's most users and e the iterations that earlier users began
  ///   in the place of this one, where users come and go; in the open model the arrival's number. No two (place, turn)
  ///   share a row, whatever worker they are on, and users that end at their last row have used every one. Beyond R it
  ///   ends, or begins anew: row mod R.
  /// - perUser: row i mod R; in the open model, where each arrival is the first iteration of somebody, the k-th time that
  ///   its user is taken from the pool has row k mod R.
  /// - shared: the loop's next row, in turn.
  /// - random: drawn from (seed, u, i).
  ///
  /// - Parameter visit: how often an arrival's user was taken from the pool before (open model).
  public func takeRows(
    user: UInt64, iteration: UInt64, earlier: UInt64 = 0, visit: UInt64? = nil, shared: inout SharedRows,
    into memory: UserMemory
  ) -> Bool {
    if feedCount == 0 { return true }
    let turn = shared.take()
    for number in 0..<feedCount {
      let feed = unsafe feeds[number]
      let rows = UInt64(feed.rows)
      let row: UInt64
      switch feed.mode {
      case .unique:
        let (product, over) = (iteration &+ earlier).multipliedReportingOverflow(by: users)
        let (index, beyond) = product.addingReportingOverflow(users == 0 ? user : user % users)
        if over || beyond || index >= rows, feed.exhausted == .stop { return false }
        row = index % rows
      case .perUser: row = (visit ?? iteration) % rows
      case .shared: row = turn % rows
      case .random: row = key.of(user).of(iteration).of(UInt64.max - UInt64(number)).below(rows)
      }
      memory[row: number] = Int(row)
    }
    return true
  }
}

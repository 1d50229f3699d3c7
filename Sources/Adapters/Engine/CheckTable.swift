import Model

/// Where what a plan's checks say is counted: one row for each check of each name, in the plan's order.
struct CheckTable: Sendable {
  /// Most rows.
  static let most = 256

  struct Row: Sendable, Hashable {
    /// The index of the name it belongs to.
    var name: Int
    var check: String
  }

  private(set) var rows: [Row] = []
  /// For each target, and for each of its checks, the row.
  private var places: [[Int]] = []

  /// - Parameter names: the index of each target's name.
  init(_ plan: Plan, names: [Int]) throws(EngineError) {
    var known: [Row: Int] = [:]
    for (target, name) in zip(plan.targets, names) {
      var places: [Int] = []
      for check in target.checks {
        let row = Row(name: name, check: check.name)
        if known[row] == nil {
          known[row] = rows.count
          rows.append(row)
        }
        places.append(known[row] ?? 0)
      }
      self.places.append(places)
    }
    if rows.count > CheckTable.most {
      throw EngineError("the plan has \(rows.count) checks, expected at most \(CheckTable.most)")
    }
  }

  /// The bank's index for a target's check, both counted from 0 in the plan's order.
  func row(target: Int, check: Int) -> Int { places[target][check] }
}

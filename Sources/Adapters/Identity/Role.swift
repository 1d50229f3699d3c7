/// What a user may do; each role may do what those before it may.
public enum Role: String, Sendable, CaseIterable, Comparable {
  /// Sees everything.
  case viewer
  /// Also submits tests, and stops those of their own.
  case `operator`
  /// Also stops anybody's tests and looks after the users.
  case admin

  public static func < (a: Role, b: Role) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .viewer: 0
    case .operator: 1
    case .admin: 2
    }
  }
}

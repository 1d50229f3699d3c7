/// Who asks, as far as a checked token says.
public struct Principal: Sendable, Hashable {
  /// The user's name.
  public let name: String
  public let role: Role

  public init(name: String, role: Role) {
    self.name = name
    self.role = role
  }

  /// Whether this may be changed or stopped by them: their own as an operator, everybody's as an admin.
  public func mayChange(ownedBy owner: String) -> Bool { role == .admin || role == .operator && name == owner }
}

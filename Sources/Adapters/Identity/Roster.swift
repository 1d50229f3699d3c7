/// Who may do what at this moment: what tokens are held against, so that a changed password or role, or a user who was
/// shut out, counts within seconds and not only when his tokens expire.
public struct Roster: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public let role: Role
    public let generation: Int64
    public let isDisabled: Bool

    public init(role: Role, generation: Int64, isDisabled: Bool) {
      self.role = role
      self.generation = generation
      self.isDisabled = isDisabled
    }
  }

  private let entries: [String: Entry]

  public init(_ entries: [String: Entry]) { self.entries = entries }

  /// Who a token stands for now; nil where it is void.
  func principal(of claims: Claims) -> Principal? {
    guard let entry = entries[claims.subject], !entry.isDisabled, claims.generation >= entry.generation else {
      return nil
    }
    // A token younger than the roster knows better.
    return Principal(name: claims.subject, role: claims.generation > entry.generation ? claims.role : entry.role)
  }
}

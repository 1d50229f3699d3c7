import Digests

/// A user as the store of users has it.
public struct Account: Sendable {
  public let name: String
  public let role: Role
  /// Counts the changes of password, role and right to sign in.
  public let generation: Int64
  public let isDisabled: Bool
  public let password: PasswordHash

  public init(name: String, role: Role, generation: Int64, isDisabled: Bool, password: PasswordHash) {
    self.name = name
    self.role = role
    self.generation = generation
    self.isDisabled = isDisabled
    self.password = password
  }
}

/// One attempt to sign in, for the audit log.
public struct LoginRecord: Sendable, Equatable {
  /// The name as it was given; a possible one, whether anybody has it or not.
  public let name: String
  /// The client's address.
  public let address: String
  public let succeeded: Bool
}

/// Where users are kept. Its calls may block; they come from the gate's own threads, several at once.
public protocol Accounts: Sendable {
  /// The user of this name; nil where there is none.
  ///
  /// - Throws: where nobody can say.
  func account(named name: String) throws -> Account?
  /// Writes an attempt to the audit log, as far as that is possible now.
  func record(_ attempt: LoginRecord)
}

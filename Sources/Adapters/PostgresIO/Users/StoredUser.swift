/// A user's row.
public struct StoredUser: Sendable, Equatable {
  public let name: String
  /// The hash, in its stored form.
  public let password: String
  /// `viewer`, `operator` or `admin`.
  public let role: String
  public let generation: Int64
  public let isDisabled: Bool
  /// RFC 3339, UTC, milliseconds.
  public let createdAt: String
  public let changedAt: String
}

/// What is to be changed of a user; nil leaves it as it is.
public struct UserChange: Sendable, Equatable {
  public var role: String?
  /// A hash, in its stored form.
  public var password: String?
  public var isDisabled: Bool?

  public init(role: String? = nil, password: String? = nil, isDisabled: Bool? = nil) {
    self.role = role
    self.password = password
    self.isDisabled = isDisabled
  }
}

/// Why a user was not changed.
public enum UserStoreError: Error, Sendable, Equatable, CustomStringConvertible {
  case postgres(PostgresError)
  /// There is none of this name, and what is given is not enough to make one.
  case unknown(String)
  /// Nobody would be left who may look after users.
  case lastAdmin(String)
  /// No admin may sign in, and none can be made: the name is another user's.
  case nameTaken(String)

  public var description: String {
    switch self {
    case .postgres(let error): error.description
    case .unknown(let name): "there is no user '\(name)'; a new one needs a role and a password"
    case .lastAdmin(let name): "'\(name)' is the only admin who may sign in; make another one first"
    case .nameTaken(let name):
      "no admin may sign in, and '\(name)' exists with another role or disabled: "
        + "UPDATE app_user SET role = 'admin', disabled_at = NULL WHERE name = '\(name)'"
    }
  }
}

/// Who may sign in to the master, in PostgreSQL. Confined to one thread, as its connection is.
public final class UserStore {
  private let database: Database

  public init(_ database: Database) { self.database = database }

  /// Whether the connection is of any use still, as far as the last call saw.
  public var isConnected: Bool { database.isConnected }

  private static let columns = """
    name, password, role, generation, disabled_at IS NOT NULL,
      to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    """

  private static func user(_ row: [String?]) -> StoredUser {
    StoredUser(
      name: row[0] ?? "", password: row[1] ?? "", role: row[2] ?? "", generation: row[3].flatMap { Int64($0) } ?? 0,
      isDisabled: row[4] == "t", createdAt: row[5] ?? "", changedAt: row[6] ?? "")
  }

  /// The user of this name; nil where there is none.
  public func find(_ name: String) throws(PostgresError) -> StoredUser? {
    // A NUL can't be sent, and nobody has one.
    if name.utf8.contains(0) { return nil }
    return try database.run(
      "SELECT \(Self.columns) FROM app_user WHERE name = $1", [PostgresValue(name)], action: "look for a user"
    ).rows.first.map(Self.user)
  }

  /// All users by name.
  public func all() throws(PostgresError) -> [StoredUser] {
    try database.run("SELECT \(Self.columns) FROM app_user ORDER BY name", action: "read the users").rows
      .map(Self.user)
  }

  /// Makes an admin if there is none who may sign in. Of several masters that ask at once one makes it.
  ///
  /// - Parameters:
  ///   - password: makes the hash, in its stored form; called only where one is needed.
  ///   - announce: called before it counts, so that the password is known even if this process dies right after; what
  ///     was announced before a failure does not hold.
  /// - Returns: whether it was made.
  /// - Throws: `.nameTaken` where somebody who is no admin has the name.
  public func makeFirstAdmin(
    _ name: String, password: () throws(PostgresError) -> String, announce: () -> Void
  ) throws(UserStoreError) -> Bool {
    let action = "make the first admin"
    enum Made { case yes, no, taken }
    let made: Made
    do throws(PostgresError) {
      if try hasAdmin(action) { return false }
      let hash = try password()
      var isMade = false
      made = try database.transaction(action, beforeCommit: { if isMade { announce() } }) {
        () throws(PostgresError) in
        try database.run("LOCK TABLE app_user IN SHARE ROW EXCLUSIVE MODE", action: action)
        if try hasAdmin(action) { return .no }
        isMade =
          try database.run(
            "INSERT INTO app_user (name, password, role) VALUES ($1, $2, 'admin') ON CONFLICT (name) DO NOTHING",
            [PostgresValue(name), PostgresValue(hash)], action: action
          ).changed == 1
        if !isMade { return .taken }
        try note("stampede", "user created", name, action)
        return .yes
      }
    } catch { throw .postgres(error) }
    if case .taken = made { throw .nameTaken(name) }
    if case .yes = made { return true }
    return false
  }

  private func hasAdmin(_ action: String) throws(PostgresError) -> Bool {
    try !database.run(
      "SELECT 1 FROM app_user WHERE role = 'admin' AND disabled_at IS NULL LIMIT 1", action: action
    ).rows.isEmpty
  }

  /// Makes a user, or changes one; who did it goes to the audit log. What is no change leaves the generation alone.
  ///
  /// - Throws: `.unknown` for a new one without role or password, `.lastAdmin`.
  public func put(_ name: String, _ change: UserChange, by who: String) throws(UserStoreError) -> StoredUser {
    let action = "change a user"
    let result: Result<StoredUser, UserStoreError>
    do throws(PostgresError) {
      result = try database.transaction(action) { () throws(PostgresError) in
        try database.run("LOCK TABLE app_user IN SHARE ROW EXCLUSIVE MODE", action: action)
        guard let old = try find(name) else { return try create(name, change, by: who) }
        return try update(old, change, by: who)
      }
    } catch { throw .postgres(error) }
    return try result.get()
  }

  private func create(
    _ name: String, _ change: UserChange, by who: String
  ) throws(PostgresError) -> Result<StoredUser, UserStoreError> {
    let action = "make a user"
    guard let role = change.role, let password = change.password else { return .failure(.unknown(name)) }
    let made = try database.run(
      """
      INSERT INTO app_user (name, password, role, disabled_at) VALUES ($1, $2, $3, CASE WHEN $4 THEN now() END)
      RETURNING \(Self.columns)
      """,
      [PostgresValue(name), PostgresValue(password), PostgresValue(role), PostgresValue(change.isDisabled ?? false)],
      action: action)
    try note(who, "user created", name, action)
    return made.rows.first.map { .success(Self.user($0)) } ?? .failure(.unknown(name))
  }

  private func update(
    _ old: StoredUser, _ change: UserChange, by who: String
  ) throws(PostgresError) -> Result<StoredUser, UserStoreError> {
    let action = "change a user"
    let role = change.role ?? old.role
    let isDisabled = change.isDisabled ?? old.isDisabled
    if role == old.role, isDisabled == old.isDisabled, change.password == nil { return .success(old) }
    let wasAdmin = old.role == "admin" && !old.isDisabled
    if wasAdmin, role != "admin" || isDisabled {
      let others = try database.run(
        "SELECT 1 FROM app_user WHERE role = 'admin' AND disabled_at IS NULL AND name <> $1 LIMIT 1",
        [PostgresValue(old.name)], action: action)
      if others.rows.isEmpty { return .failure(.lastAdmin(old.name)) }
    }
    let changed = try database.run(
      """
      UPDATE app_user SET role = $2, password = coalesce($3, password), generation = generation + 1, changed_at = now(),
        disabled_at = CASE WHEN $4 THEN coalesce(disabled_at, now()) END
      WHERE name = $1 RETURNING \(Self.columns)
      """,
      [PostgresValue(old.name), PostgresValue(role), PostgresValue(change.password), PostgresValue(isDisabled)],
      action: action)
    if role != old.role { try note(who, "role changed", old.name, action) }
    if isDisabled != old.isDisabled { try note(who, isDisabled ? "user disabled" : "user enabled", old.name, action) }
    if change.password != nil { try note(who, "password changed", old.name, action) }
    return changed.rows.first.map { .success(Self.user($0)) } ?? .failure(.unknown(old.name))
  }

  /// Notes an attempt to sign in.
  public func noteLogin(_ name: String, address: String, succeeded: Bool) throws(PostgresError) {
    try note(name, succeeded ? "login" : "login refused", address, "note a login")
  }

  private func note(_ who: String, _ what: String, _ object: String, _ action: String) throws(PostgresError) {
    try database.run(
      "INSERT INTO audit (who, what, object) VALUES ($1, $2, $3)",
      [PostgresValue(who), PostgresValue(what), PostgresValue(object)], action: action)
  }
}

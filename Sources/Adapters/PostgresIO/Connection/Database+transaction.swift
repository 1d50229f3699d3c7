extension Database {
  /// Runs the body in a transaction: committed when it returns, rolled back when it throws.
  ///
  /// - Parameter beforeCommit: called when all that is left is COMMIT.
  /// - Throws: what the body threw; or the failure of COMMIT, after which `isDisconnected` means that nobody knows
  ///   whether it was done.
  public func transaction<Result>(
    _ action: String, beforeCommit: () -> Void = {}, _ body: () throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    try run("BEGIN ISOLATION LEVEL READ COMMITTED", action: action)
    let result: Result
    do throws(PostgresError) {
      result = try body()
      beforeCommit()
    } catch {
      _ = try? run("ROLLBACK", action: action)
      throw error
    }
    try commit(action)
    return result
  }

  private func commit(_ action: String) throws(PostgresError) {
    // A transaction that failed unseen answers COMMIT with ROLLBACK, and no error.
    if try run("COMMIT", action: action).tag != "COMMIT" {
      throw PostgresError(action: action, message: "the transaction had failed and was rolled back")
    }
  }

  /// Runs the body under a savepoint: what it did is undone when it throws, and the transaction goes on.
  func savepoint<Result>(
    _ action: String, _ body: () throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    try run("SAVEPOINT one", action: action)
    let result: Result
    do throws(PostgresError) { result = try body() } catch {
      try run("ROLLBACK TO SAVEPOINT one", action: action)
      throw error
    }
    try run("RELEASE SAVEPOINT one", action: action)
    return result
  }
}

extension Bank {
  /// What a bank has room for.
  public struct Room: Sendable, Hashable {
    public var names: Int
    /// Of the whole plan.
    public var checks: Int
    public var scenarios: Int
    public var blocks: Int

    public init(names: Int, checks: Int = 0, scenarios: Int = 0, blocks: Int) {
      self.names = names
      self.checks = checks
      self.scenarios = scenarios
      self.blocks = blocks
    }

    /// Bytes needed.
    public var size: Int { blocksAt + blocks * Bank.blockSize }

    var checksAt: Int { Bank.rowsAt + names * Bank.rowSize }
    var scenariosAt: Int { (checksAt + checks * Bank.checkSize + 63) / 64 * 64 }
    var rowsEnd: Int { scenariosAt + scenarios * Bank.scenarioSize }
    var blocksAt: Int { (rowsEnd + Bank.blockSize - 1) / Bank.blockSize * Bank.blockSize }
  }
}

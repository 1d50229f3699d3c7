/// What was due in the warm-up: in no other figure of the result.
public struct WarmUpSummary: Sendable, Hashable {
  /// All names together. Rates are a second of the warm-up.
  public var totals: NameSummary
  /// Those that were asked for in it, in the order of the result's names.
  public var names: [NameSummary]

  public init(totals: NameSummary, names: [NameSummary]) {
    self.totals = totals
    self.names = names
  }
}

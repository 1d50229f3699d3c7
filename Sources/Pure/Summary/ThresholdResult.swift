/// What a threshold of the plan came to.
public struct ThresholdResult: Sendable, Hashable {
  /// As it was written: `p99<250ms`.
  public var text: String
  public var passed: Bool
  /// What was measured, as people read it: `212 ms`, `≥ 1.20 s`, `0.4 %`; empty where nothing was.
  public var found: String
  /// Why it is broken, where the figure does not say it; empty else.
  public var reason: String

  public init(text: String, passed: Bool, found: String, reason: String = "") {
    self.text = text
    self.passed = passed
    self.found = found
    self.reason = reason
  }
}

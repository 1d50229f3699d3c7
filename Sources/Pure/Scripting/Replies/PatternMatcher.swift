/// Searches for the regular expressions that `Script.patterns` lists. One per thread.
public protocol PatternMatcher: ~Copyable {
  /// Where a group of the expression lies in its first match (0 is the whole match); nil where nothing matches, the
  /// group is no part of the match, or the search was given up.
  mutating func find(_ pattern: Int, group: Int, in text: ByteView) -> Range<Int>?
}

/// For plans that have no expressions; finds nothing.
public struct NoPatterns: PatternMatcher {
  public init() {}
  public mutating func find(_ pattern: Int, group: Int, in text: ByteView) -> Range<Int>? { nil }
}

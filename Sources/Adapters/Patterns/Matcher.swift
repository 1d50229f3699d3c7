import CPCRE2
public import Scripting

/// What one thread searches with: the memory that a match needs, made once.
///
/// Matching allocates nothing while the expression's nesting fits the JIT's stack of 32 KiB on the machine stack; what does not is
/// given up after a bounded effort and counts as not found.
public struct Matcher: PatternMatcher, ~Copyable {
  private let set: PatternSet
  // The set's own, without counting references each time.
  private let codes: UnsafeMutablePointer<OpaquePointer>
  private let count: Int
  private let data: OpaquePointer?
  private let context: OpaquePointer?
  /// Searches given up since it was made, for their effort was beyond the limit.
  public private(set) var givenUp: UInt64 = 0

  /// Steps of one search at most.
  public static let limit: UInt32 = 100_000

  public init(_ set: PatternSet) {
    self.set = set
    count = set.codes.count
    codes = .allocate(capacity: max(count, 1))
    var groups: UInt32 = 0
    for (place, code) in set.codes.enumerated() {
      (codes + place).initialize(to: code)
      var here: UInt32 = 0
      pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &here)
      groups = max(groups, here)
    }
    data = pcre2_match_data_create_8(groups + 1, nil)
    context = pcre2_match_context_create_8(nil)
    if let context { pcre2_set_match_limit_8(context, Matcher.limit) }
  }

  deinit {
    pcre2_match_data_free_8(data)
    pcre2_match_context_free_8(context)
    codes.deallocate()
  }

  public mutating func find(_ pattern: Int, group: Int, in text: ByteView) -> Range<Int>? {
    guard let data, pattern >= 0, pattern < count, group >= 0 else { return nil }
    let bytes = text.buffer
    let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let found = pcre2_match_8(codes[pattern], start, bytes.count, 0, 0, data, context)
    if found <= 0 {
      if found != PCRE2_ERROR_NOMATCH { givenUp += 1 }
      return nil
    }
    // Groups behind the last one that took part are not set.
    guard group < Int(found), let places = pcre2_get_ovector_pointer_8(data) else { return nil }
    let (from, to) = (places[2 * group], places[2 * group + 1])
    guard from <= to, to <= bytes.count else { return nil }
    return from..<to
  }
}

struct CompiledCheck: Sendable {
  enum Subject: Sendable {
    case status, size, time, body
    case header(TextSlice)
    case json(OpRange)
  }

  var subject: Subject
  var match: CompiledMatch
}

enum CompiledMatch: Sendable {
  case exists, missing
  case equals(TextSlice)
  case contains(TextSlice)
  case matches(UInt32)
  case between(Int64, Int64)
}

/// What a target's checks said of a reply.
public struct CheckOutcome: Sendable, Hashable {
  /// How many there are, at most 64.
  public let count: Int
  /// Bit n: the target's n-th check failed.
  public let failed: UInt64

  public var passed: Bool { failed == 0 }
  /// The number of the first one that failed.
  public var firstFailed: Int? { failed == 0 ? nil : failed.trailingZeroBitCount }
}

extension ScriptTable {
  /// How many checks a target has.
  public func checkCount(_ target: Int) -> Int { Int(request(target).checks.count) }

  /// Holds every check of the target against the reply.
  ///
  /// - Parameter scratch: for JSON strings with escapes that an expression is searched in: as many bytes as the longest
  ///   body that is kept. A string that does not fit fails its check.
  public func check(
    _ target: Int, _ reply: ReplyView, _ patterns: inout some PatternMatcher & ~Copyable, scratch: ByteSink
  ) -> CheckOutcome {
    let range = request(target).checks
    var failed: UInt64 = 0
    for number in 0..<Int(range.count) {
      let check = unsafe checks[Int(range.at) + number]
      if !holds(check, reply, &patterns, scratch) { failed |= 1 << UInt64(number) }
    }
    return CheckOutcome(count: Int(range.count), failed: failed)
  }

  private func holds(
    _ check: CompiledCheck, _ reply: ReplyView, _ patterns: inout some PatternMatcher & ~Copyable, _ scratch: ByteSink
  ) -> Bool {
    switch check.subject {
    case .status: holds(check.match, Int64(reply.status))
    case .size: holds(check.match, reply.size)
    case .time: holds(check.match, reply.time)
    case .body: holds(check.match, reply.body.isEmpty ? nil : reply.body, ifNone: .empty, &patterns)
    case .header(let name): holds(check.match, header: view(name), reply.head, &patterns)
    case .json(let path): holds(check.match, find(path, in: reply.body), &patterns, scratch)
    }
  }

  private func holds(_ match: CompiledMatch, _ value: Int64) -> Bool {
    if case .between(let least, let most) = match { least <= value && value <= most } else { false }
  }

  /// - Parameter ifNone: what is compared where there is no value; nil: nothing holds of it but that it is missing.
  private func holds(
    _ match: CompiledMatch, _ value: ByteView?, ifNone: ByteView? = nil,
    _ patterns: inout some PatternMatcher & ~Copyable
  ) -> Bool {
    switch match {
    case .exists: return value != nil
    case .missing: return value == nil
    case .between: return false
    case .equals, .contains, .matches: break
    }
    guard let text = value ?? ifNone else { return false }
    switch match {
    case .equals(let slice): return text.equals(view(slice))
    case .contains(let slice): return text.contains(view(slice))
    case .matches(let pattern): return patterns.find(Int(pattern), group: 0, in: text) != nil
    case .exists, .missing, .between: return false
    }
  }

  /// Any of several lines of that name will do.
  private func holds(
    _ match: CompiledMatch, header name: ByteView, _ head: ByteView, _ patterns: inout some PatternMatcher & ~Copyable
  ) -> Bool {
    var fields = HeadFields(head)
    if case .missing = match { return fields.next(named: name) == nil }
    while let value = fields.next(named: name) {
      if holds(match, value, &patterns) { return true }
    }
    return false
  }

  private func holds(
    _ match: CompiledMatch, _ value: JSONSlice?, _ patterns: inout some PatternMatcher & ~Copyable,
    _ scratch: ByteSink
  ) -> Bool {
    guard let value, value.hasEscapes else { return holds(match, value?.text, &patterns) }
    switch match {
    case .exists: return true
    case .missing, .between: return false
    case .equals(let slice): return value.equals(view(slice))
    case .contains(let slice): return value.contains(view(slice))
    case .matches:
      var sink = scratch
      value.decode(into: &sink)
      return sink.fits && holds(match, sink.bytes, &patterns)
    }
  }
}

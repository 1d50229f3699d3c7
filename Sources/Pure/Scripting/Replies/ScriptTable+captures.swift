struct CompiledCapture: Sendable {
  enum Source: Sendable {
    case json(OpRange)
    case header(TextSlice)
    case cookie(TextSlice)
    case pattern(UInt32, group: UInt32)
  }

  var variable: Int
  var source: Source
  var hasFallback: Bool
  var fallback: TextSlice
}

/// What became of a target's captures.
public enum CaptureOutcome: Sendable, Hashable {
  case done
  /// The n-th found nothing and has no fallback: the iteration ends.
  case missing(Int)
  /// The n-th found a value of more than `UserMemory.longestValue` bytes: the iteration ends.
  case tooLong(Int)
  /// The user's memory must be of so many bytes; then the captures are taken once more.
  case needs(Int)
}

extension ScriptTable {
  /// Copies what the target's captures find into the user's memory.
  public func capture(
    _ target: Int, _ reply: ReplyView, _ patterns: inout some PatternMatcher & ~Copyable, into memory: UserMemory
  ) -> CaptureOutcome {
    let range = request(target).captures
    for number in 0..<Int(range.count) {
      let capture = unsafe captures[Int(range.at) + number]
      var stored = UserMemory.Stored.stored
      if !take(capture, reply, &patterns, memory, &stored) {
        if !capture.hasFallback { return .missing(number) }
        stored = memory.set(capture.variable, view(capture.fallback))
      }
      switch stored {
      case .stored: break
      case .needs(let bytes): return .needs(bytes)
      case .tooLong: return .tooLong(number)
      }
    }
    return .done
  }

  /// False where the reply does not hold it.
  private func take(
    _ capture: CompiledCapture, _ reply: ReplyView, _ patterns: inout some PatternMatcher & ~Copyable,
    _ memory: UserMemory, _ stored: inout UserMemory.Stored
  ) -> Bool {
    let found: ByteView?
    switch capture.source {
    case .json(let path):
      guard let value = find(path, in: reply.body) else { return false }
      if value.hasEscapes {
        stored = memory.set(capture.variable, decoded: value)
        return true
      }
      found = value.text
    case .header(let name):
      var fields = HeadFields(reply.head)
      found = fields.next(named: view(name))
    case .cookie(let name): found = SetCookie.value(of: view(name), in: reply.head)
    case .pattern(let pattern, let group):
      found = patterns.find(Int(pattern), group: Int(group), in: reply.body).map { reply.body[$0] }
    }
    guard let found else { return false }
    stored = memory.set(capture.variable, found)
    return true
  }
}

extension UserMemory {
  /// Sets a variable to what a JSON value means.
  func set(_ variable: Int, decoded value: JSONSlice) -> Stored {
    let stored = reserve(value.text.count, for: variable)
    guard stored == .stored else { return stored }
    var sink = room
    value.decode(into: &sink)
    commit(variable, count: sink.needed)
    return .stored
  }
}

/// All texts of a script, one behind the other; the same text is kept once.
struct TextPool {
  var bytes: [UInt8] = []
  private var known: [[UInt8]: TextSlice] = [:]

  mutating func add(_ text: some Sequence<UInt8>) -> TextSlice {
    let run = Array(text)
    if run.isEmpty { return TextSlice() }
    if let slice = known[run] { return slice }
    let slice = TextSlice(at: UInt32(clamping: bytes.count), count: UInt32(clamping: run.count))
    bytes += run
    known[run] = slice
    return slice
  }

  mutating func add(_ text: String) -> TextSlice { add(text.utf8) }

  /// Without looking whether it is there already: for the many values of a feed.
  mutating func append(_ text: String) -> TextSlice {
    let slice = TextSlice(at: UInt32(clamping: bytes.count), count: UInt32(clamping: text.utf8.count))
    bytes += text.utf8
    return slice
  }
}

/// Regular expressions, each once.
struct PatternPool {
  private(set) var texts: [String] = []
  private var known: [String: Int] = [:]

  mutating func add(_ text: String) -> UInt32 {
    if let place = known[text] { return UInt32(place) }
    known[text] = texts.count
    texts.append(text)
    return UInt32(texts.count - 1)
  }
}

/// Ops being laid down: texts next to each other become one.
struct OpProgram {
  private(set) var ops: [Op] = []
  private var open: [UInt8] = []

  mutating func text(_ text: some Sequence<UInt8>) { open += text }
  mutating func text(_ text: String) { open += Array(text.utf8) }

  mutating func add(_ op: Op, _ pool: inout TextPool) {
    flush(&pool)
    ops.append(op)
  }

  mutating func flush(_ pool: inout TextPool) {
    if open.isEmpty { return }
    ops.append(.text(pool.add(open)))
    open = []
  }
}

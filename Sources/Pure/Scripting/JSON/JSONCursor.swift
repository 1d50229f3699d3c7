/// Walks over the bytes of a JSON text to one value, without reading the others more than it must.
///
/// Nothing is allocated and nothing recurses: what is passed over is a count of open brackets, so a text may be nested
/// as deep as it likes. Time is linear in the text for each element of a path. A text that is not JSON gives nil or a value
/// that stands there; what lies behind the value is not looked at. Of equal keys the first counts.
struct JSONCursor {
  private let text: ByteView
  private var place = 0

  init(_ text: ByteView) {
    self.text = text
    // A byte order mark is no JSON, and harmless.
    if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF { place = 3 }
    skipBlanks()
  }

  private var byte: UInt8? { place < text.count ? text[place] : nil }

  private mutating func skipBlanks() {
    while place < text.count {
      let byte = text[place]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      place &+= 1
    }
  }

  private mutating func take(_ expected: UInt8) -> Bool {
    guard byte == expected else { return false }
    place &+= 1
    return true
  }

  /// Goes to the value of a key of the object at hand; false where there is none.
  mutating func enter(key: ByteView) -> Bool {
    guard take(0x7B) else { return false }
    while true {
      skipBlanks()
      guard take(0x22), let found = string() else { return false }
      skipBlanks()
      guard take(0x3A) else { return false }
      skipBlanks()
      if found.equals(key) { return true }
      guard skipValue() else { return false }
      skipBlanks()
      guard take(0x2C) else { return false }
    }
  }

  /// Goes to the n-th value of the array at hand, below zero from its end.
  mutating func enter(index: Int) -> Bool {
    guard byte == 0x5B else { return false }
    var left = index
    if left < 0 {
      var counting = self
      let (place, under) = counting.count().addingReportingOverflow(left)
      if under || place < 0 { return false }
      left = place
    }
    place &+= 1
    skipBlanks()
    if byte == 0x5D { return false }
    while left > 0 {
      guard skipValue() else { return false }
      skipBlanks()
      guard take(0x2C) else { return false }
      skipBlanks()
      left &-= 1
    }
    return place < text.count
  }

  /// How many values the array at hand has, as far as it can be read.
  private mutating func count() -> Int {
    place &+= 1
    skipBlanks()
    if byte == 0x5D { return 0 }
    var count = 0
    while skipValue() {
      count &+= 1
      skipBlanks()
      guard take(0x2C) else { return byte == 0x5D ? count : 0 }
      skipBlanks()
    }
    return 0
  }

  /// The value at hand; nil where none stands there or where it does not end.
  mutating func value() -> JSONSlice? {
    guard let first = byte else { return nil }
    let start = place
    switch first {
    case 0x22:
      place &+= 1
      return string()
    case 0x7B, 0x5B:
      guard skipContainer() else { return nil }
      return JSONSlice(kind: first == 0x7B ? .object : .array, text: text[start..<place], hasEscapes: false)
    default:
      skipScalar()
      let word = text[start..<place]
      let kind: JSONSlice.Kind
      if first == 0x2D || 0x30...0x39 ~= first {
        guard JSONCursor.isNumber(word) else { return nil }
        kind = .number
      } else if word.equals(JSONCursor.view("true")) || word.equals(JSONCursor.view("false")) {
        kind = .bool
      } else if word.equals(JSONCursor.view("null")) {
        kind = .null
      } else {
        return nil
      }
      return JSONSlice(kind: kind, text: word, hasEscapes: false)
    }
  }

  private static func view(_ word: StaticString) -> ByteView {
    unsafe ByteView(UnsafeRawPointer(word.utf8Start), count: word.utf8CodeUnitCount)
  }

  private mutating func skipValue() -> Bool {
    guard let first = byte else { return false }
    switch first {
    case 0x22:
      place &+= 1
      return string() != nil
    case 0x7B, 0x5B: return skipContainer()
    default:
      let start = place
      skipScalar()
      return place > start
    }
  }

  /// Goes behind the string whose opening quote was passed.
  private mutating func string() -> JSONSlice? {
    let start = place
    var hasEscapes = false
    while true {
      skipTo(first: 0x2222_2222_2222_2222, second: 0x5C5C_5C5C_5C5C_5C5C, mask: .max)
      guard let byte else { return nil }
      if byte == 0x22 {
        place &+= 1
        return JSONSlice(kind: .string, text: text[start..<place &- 1], hasEscapes: hasEscapes)
      }
      hasEscapes = true
      place &+= 2
    }
  }

  /// Goes behind the object or array at hand; false where it does not end.
  private mutating func skipContainer() -> Bool {
    var depth = 0
    while true {
      // All four brackets are the same under this mask, and four letters more, which are passed over.
      skipTo(first: 0x2222_2222_2222_2222, second: 0x5959_5959_5959_5959, mask: 0xD9D9_D9D9_D9D9_D9D9)
      guard let byte else { return false }
      place &+= 1
      switch byte {
      case 0x22: if string() == nil { return false }
      case 0x7B, 0x5B: depth &+= 1
      case 0x7D, 0x5D:
        depth &-= 1
        if depth == 0 { return true }
      default: break
      }
    }
  }

  /// Goes to the next byte that is the first one, or under the mask the second one; eight at a time.
  private mutating func skipTo(first: UInt64, second: UInt64, mask: UInt64) {
    while place &+ 8 <= text.count {
      let word = text.word(place)
      let one = word ^ first
      let other = (word & mask) ^ second
      let ones: UInt64 = 0x0101_0101_0101_0101
      let zeros = ((one &- ones) & ~one | (other &- ones) & ~other) & 0x8080_8080_8080_8080
      if zeros != 0 {
        place &+= zeros.trailingZeroBitCount &>> 3
        return
      }
      place &+= 8
    }
    let last = UInt8(truncatingIfNeeded: first)
    let other = UInt8(truncatingIfNeeded: second)
    let narrow = UInt8(truncatingIfNeeded: mask)
    while place < text.count, text[place] != last, text[place] & narrow != other { place &+= 1 }
  }

  private mutating func skipScalar() {
    while place < text.count {
      switch text[place] {
      case 0x2C, 0x5D, 0x7D, 0x20, 0x0A, 0x0D, 0x09, 0x3A, 0x22, 0x5B, 0x7B: return
      default: place &+= 1
      }
    }
  }

  /// Whether it is a number by JSON's grammar.
  private static func isNumber(_ word: ByteView) -> Bool {
    var place = 0
    func digits() -> Int {
      var at = place
      while at < word.count, 0x30...0x39 ~= word[at] { at &+= 1 }
      return at &- place
    }
    func at(_ byte: UInt8) -> Bool { place < word.count && word[place] == byte }
    if at(0x2D) { place &+= 1 }
    let whole = digits()
    if whole == 0 || whole > 1 && at(0x30) { return false }
    place &+= whole
    if at(0x2E) {
      place &+= 1
      let fraction = digits()
      if fraction == 0 { return false }
      place &+= fraction
    }
    if at(0x65) || at(0x45) {
      place &+= 1
      if at(0x2B) || at(0x2D) { place &+= 1 }
      let exponent = digits()
      if exponent == 0 { return false }
      place &+= exponent
    }
    return place == word.count
  }
}

/// A step of a compiled path.
enum CompiledElement: Sendable {
  case key(TextSlice)
  case index(Int)
}

extension ScriptTable {
  func find(_ path: OpRange, in body: ByteView) -> JSONSlice? {
    var cursor = JSONCursor(body)
    for place in Int(path.at)..<Int(path.at) + Int(path.count) {
      switch unsafe elements[place] {
      case .key(let key): if !cursor.enter(key: view(key)) { return nil }
      case .index(let index): if !cursor.enter(index: index) { return nil }
      }
    }
    return cursor.value()
  }
}

/// JSON texts, valid and nearly valid.
public struct RandomJSON {
  public var source: SplitMix

  public init(seed: UInt64) {
    source = SplitMix(seed: seed)
  }

  public mutating func text() -> [UInt8] { Array(value(depth: 0).utf8) }

  /// A text with some bytes changed, put in, or cut out.
  public mutating func mutated(_ text: [UInt8]) -> [UInt8] {
    let tokens = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "0", "-", ".", "e", "1e5", "true", "nul",
      "\n", " ", "\u{FEFF}", "é", "😀", "\0", "\u{1F}",
    ]
    return Fuzz.mutated(text, tokens: tokens, &source)
  }

  private mutating func value(depth: Int) -> String {
    let kinds = depth > 4 ? 5 : 8
    let blank = ["", "", " ", "\n", "\t\r"].randomElement(using: &source) ?? ""
    switch Int.random(in: 0..<kinds, using: &source) {
    case 0: return "null" + blank
    case 1: return "true"
    case 2: return blank + "false"
    case 3: return number()
    case 4: return blank + string()
    case 5:
      let count = Int.random(in: 0...4, using: &source)
      var items: [String] = []
      for _ in 0..<count { items.append(value(depth: depth + 1)) }
      return "[" + blank + items.joined(separator: ",") + "]"
    case _:
      let count = Int.random(in: 0...4, using: &source)
      var members: [String] = []
      for _ in 0..<count { members.append(string() + blank + ":" + value(depth: depth + 1)) }
      return "{" + members.joined(separator: ",") + blank + "}"
    }
  }

  private mutating func number() -> String {
    let numbers = ["0", "-0", "1.50", "-12", "1e5", "2E-3", "0.0e+00", "123456789012345678901234567890"]
    return Bool.random(using: &source)
      ? numbers.randomElement(using: &source) ?? "" : "\(Int64.random(in: .min ... .max, using: &source))"
  }

  private mutating func string() -> String {
    let pieces = [
      "a", "key", "é", "😀", "\\n", "\\u0041", "\\ud83d\\ude00", "\\/", "\\\\", "\\\"", " ", "\u{7F}", "\u{2028}",
    ]
    let count = Int.random(in: 0...4, using: &source)
    return "\"" + (0..<count).map { _ in pieces.randomElement(using: &source) ?? "" }.joined() + "\""
  }
}

/// One value of a document with its place: what JSON and YAML readers yield, and what decoders ask.
public struct Node: Sendable, Hashable {
  public enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number as it was written: `1.0`, `10`, `-2e3`.
    case number(String)
    case string(String)
    /// A YAML scalar without quotes and not empty; the field it stands in decides its type. Never from JSON.
    case plain(String)
    case array([Node])
    /// Members in the order of the document, equal keys included.
    case object([Member])
  }

  /// A key and its value.
  public struct Member: Sendable, Hashable {
    public var key: String
    public var keyPlace: Place
    public var node: Node

    public init(key: String, keyPlace: Place, node: Node) {
      self.key = key
      self.keyPlace = keyPlace
      self.node = node
    }
  }

  public var value: Value
  public var place: Place

  public init(_ value: Value, at place: Place = .start) {
    self.value = value
    self.place = place
  }
}

extension Node {
  /// The value of a key; of equal keys the last one's. Nil where the key is missing or this is no object.
  public subscript(key: String) -> Node? {
    members?.last { $0.key == key }?.node
  }

  /// The n-th value of an array; nil beyond its end or where this is no array.
  public subscript(index: Int) -> Node? {
    guard let items, items.indices.contains(index) else { return nil }
    return items[index]
  }

  public var members: [Member]? {
    if case .object(let members) = value { members } else { nil }
  }

  public var items: [Node]? {
    if case .array(let items) = value { items } else { nil }
  }

  /// Text of a string, or of a scalar without quotes; nil for a JSON number.
  public var text: String? {
    switch value {
    case .string(let text), .plain(let text): text
    case .null, .bool, .number, .array, .object: nil
    }
  }

  /// The characters of a number, or of a scalar without quotes that is written like one; nil for strings.
  public var number: String? {
    switch value {
    case .number(let text): text
    case .plain(let text): JSONReader.isNumber(text) ? text : nil
    case .null, .bool, .string, .array, .object: nil
    }
  }

  /// A whole number written without fraction and exponent: `1.0` and `1e3` are none.
  public var int: Int? { number.flatMap { Int($0) } }

  /// As `int`, from 0 to 2⁶⁴ − 1.
  public var unsigned: UInt64? { number.flatMap { UInt64($0) } }

  public var double: Double? { number.flatMap { Double($0) } }

  public var bool: Bool? {
    switch value {
    case .bool(let truth): truth
    case .plain(let text): text == "true" ? true : text == "false" ? false : nil
    case .null, .number, .string, .array, .object: nil
    }
  }

  /// `null`, and in YAML `~` and nothing at all.
  public var isNull: Bool { value == .null || value == .plain("null") || value == .plain("~") }

  /// What it is, for a message: `'x'`, `3`, `true`, `a list`, `a mapping`, `nothing`. Long texts are cut.
  public var kind: String {
    switch value {
    case .null: "nothing"
    case .bool(let truth): "\(truth)"
    case .number(let text): Node.cut(text)
    case .plain(let text) where number != nil || bool != nil: Node.cut(text)
    case .string(let text), .plain(let text): isNull ? "nothing" : "'\(Node.cut(text))'"
    case .array(let items): items.isEmpty ? "an empty list" : "a list"
    case .object: "a mapping"
    }
  }

  /// At most 40 characters of a text, control characters as `?`, so that a message stays one line.
  public static func cut(_ text: String) -> String {
    let line = text.unicodeScalars.prefix(41).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) }
    return line.count > 40 ? String(line.prefix(37)) + "…" : String(line)
  }
}

import JSONScan
import Model

/// The members of one object, asked by name and type; each error names the member's path.
struct Fields {
  let node: Node
  let path: String

  func wrong(_ key: String, _ found: String, _ expected: String) -> DescriptionError {
    let place = (node[key] ?? node).place
    return DescriptionError(place: place, field: path + key, found: found, expected: expected)
  }

  private func wrong(_ key: String, _ expected: String) -> DescriptionError {
    wrong(key, node[key]?.kind ?? "nothing", expected)
  }

  /// - Throws: where the form is another one, or of another version.
  func check(schema: String) throws(DescriptionError) {
    let found = try text("schema")
    if found != schema { throw wrong("schema", "'\(Node.cut(found))'", "'\(schema)'") }
  }

  func text(_ key: String) throws(DescriptionError) -> String {
    guard let text = node[key]?.text else { throw wrong(key, "a text") }
    return text
  }

  func identifier(_ key: String) throws(DescriptionError) -> Identifier {
    guard let id = Identifier(text: try text(key)) else { throw wrong(key, "a UUID of 36 characters") }
    return id
  }

  func unsigned(_ key: String) throws(DescriptionError) -> UInt64 {
    guard let number = node[key]?.unsigned else { throw wrong(key, "a whole number, zero or more") }
    return number
  }

  /// Zero where the member is missing: earlier versions wrote fewer.
  func counted(_ key: String) throws(DescriptionError) -> UInt64 { try optional(key, Fields.unsigned) ?? 0 }

  func signed(_ key: String) throws(DescriptionError) -> Int64 {
    guard let number = node[key]?.int else { throw wrong(key, "a whole number") }
    return Int64(number)
  }

  func count(_ key: String) throws(DescriptionError) -> Int {
    guard let number = node[key]?.int, number >= 0 else { throw wrong(key, "a whole number, zero or more") }
    return number
  }

  func truth(_ key: String) throws(DescriptionError) -> Bool {
    guard let truth = node[key]?.bool else { throw wrong(key, "true or false") }
    return truth
  }

  func span(_ key: String) throws(DescriptionError) -> TimeSpan {
    let most = TimeSpan.longest.inMicroseconds
    guard let number = node[key]?.int, 0...most ~= Int64(number) else {
      throw wrong(key, "microseconds from 0 to \(most)")
    }
    return .microseconds(Int64(number))
  }

  /// Nil where the member is null or missing.
  func optional<T>(
    _ key: String, _ read: (Fields) -> (String) throws(DescriptionError) -> T
  ) throws(DescriptionError) -> T? {
    guard let value = node[key], !value.isNull else { return nil }
    return try read(self)(key)
  }

  /// Empty where the member is missing: earlier versions wrote fewer.
  func laterList(_ key: String) throws(DescriptionError) -> [Fields] { node[key] == nil ? [] : try list(key) }

  func list(_ key: String) throws(DescriptionError) -> [Fields] {
    guard let items = node[key]?.items else { throw wrong(key, "a list") }
    return items.enumerated().map { Fields(node: $1, path: "\(path)\(key)[\($0)].") }
  }

  /// The object that a member is.
  func object(_ key: String) throws(DescriptionError) -> Fields {
    guard let member = node[key], member.members != nil else { throw wrong(key, "an object") }
    return Fields(node: member, path: "\(path)\(key).")
  }

  func number(_ key: String) throws(DescriptionError) -> Double {
    guard let number = node[key]?.double, number.isFinite else { throw wrong(key, "a number") }
    return number
  }

  /// A number that fits into so few bits.
  func small<T: FixedWidthInteger & UnsignedInteger>(_ key: String, _ type: T.Type = T.self) throws(DescriptionError)
    -> T
  {
    guard let number = T(exactly: try unsigned(key)) else { throw wrong(key, "a whole number up to \(T.max)") }
    return number
  }

  /// One of a few words.
  func word<T>(_ key: String, _ words: [(word: String, value: T)]) throws(DescriptionError) -> T {
    let text = try text(key)
    guard let found = words.first(where: { $0.word == text }) else {
      throw wrong(key, "'\(Node.cut(text))'", "one of " + words.map(\.word).joined(separator: ", "))
    }
    return found.value
  }

  /// The texts of a list.
  func texts(_ key: String) throws(DescriptionError) -> [String] {
    var texts: [String] = []
    for each in try list(key) {
      guard let text = each.node.text else { throw wrong(key, "a list of texts") }
      texts.append(text)
    }
    return texts
  }
}

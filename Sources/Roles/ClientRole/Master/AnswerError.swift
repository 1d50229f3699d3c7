import JSONScan

/// An answer that is not what the interface describes.
struct AnswerError: Error, CustomStringConvertible {
  let field: String
  let found: String
  let expected: String

  var description: String { "the answer's \(field): found \(found), expected \(expected)" }
}

extension Node {
  func text(of key: String) throws(AnswerError) -> String {
    guard let text = self[key]?.text else { throw wrong(key, "a text") }
    return text
  }

  /// Nil for null and for what is not there.
  func optionalText(of key: String) throws(AnswerError) -> String? {
    guard let node = self[key], !node.isNull else { return nil }
    return try text(of: key)
  }

  func count(of key: String) throws(AnswerError) -> UInt64 {
    guard let number = self[key]?.unsigned else { throw wrong(key, "a whole number, zero or more") }
    return number
  }

  func optionalCount(of key: String) throws(AnswerError) -> UInt64? {
    guard let node = self[key], !node.isNull else { return nil }
    return try count(of: key)
  }

  func list(of key: String) throws(AnswerError) -> [Node] {
    guard let items = self[key]?.items else { throw wrong(key, "a list") }
    return items
  }

  func wrong(_ key: String, _ expected: String) -> AnswerError {
    AnswerError(field: key, found: self[key]?.kind ?? "nothing", expected: expected)
  }
}

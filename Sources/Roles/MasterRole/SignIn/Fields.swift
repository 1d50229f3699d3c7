import JSONScan

/// What is wrong with a request's body, for whoever sent it.
struct BadBody: Error, CustomStringConvertible {
  let description: String
}

/// The members of a small JSON object. Never repeats what was sent as a value: it may be a password.
struct Fields {
  private let root: Node

  /// - Parameter allowed: the members that may be there; another one is an error, and so is one that is there twice.
  init(_ body: [UInt8], allowed: Set<String>) throws(BadBody) {
    var limits = JSONReader.Limits()
    (limits.depth, limits.values) = (4, 100)
    let duplicates: [JSONReader.Duplicate]
    do throws(JSONError) { (root, duplicates) = try JSONReader.document(body, limits: limits) } catch {
      throw BadBody(description: "the body is no JSON (\(error.place)): expected \(error.expected)")
    }
    guard let members = root.members else { throw BadBody(description: "the body is no JSON object") }
    if let twice = duplicates.first {
      throw BadBody(description: "the body has '\(Node.cut(twice.key))' twice")
    }
    for member in members where !allowed.contains(member.key) {
      let expected = allowed.sorted().joined(separator: ", ")
      throw BadBody(description: "the body has '\(Node.cut(member.key))', expected only \(expected)")
    }
  }

  func text(_ name: String) throws(BadBody) -> String {
    guard let text = try optionalText(name) else {
      throw BadBody(description: "\(name): found nothing, expected a text")
    }
    return text
  }

  /// nil where the member is missing or null.
  func optionalText(_ name: String) throws(BadBody) -> String? {
    guard let node = root[name], !node.isNull else { return nil }
    guard let text = node.text else { throw BadBody(description: "\(name): expected a text") }
    return text
  }

  func optionalTruth(_ name: String) throws(BadBody) -> Bool? {
    guard let node = root[name], !node.isNull else { return nil }
    guard let truth = node.bool else { throw BadBody(description: "\(name): expected true or false") }
    return truth
  }
}

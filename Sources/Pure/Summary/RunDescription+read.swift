import JSONScan
import Model

/// Why a stored description can't be read: where, what was found, what was expected.
public struct DescriptionError: Error, Hashable, Sendable, CustomStringConvertible {
  public let place: Place
  /// The member's path, `targets[2].url`; empty for the whole text.
  public let field: String
  public let found: String
  public let expected: String

  public init(place: Place, field: String, found: String, expected: String) {
    self.place = place
    self.field = field
    self.found = found
    self.expected = expected
  }

  public var description: String {
    "\(place): \(field.isEmpty ? "" : field + ": ")found \(found), expected \(expected)"
  }
}

extension RunDescription {
  /// Reads what `json` wrote. Members it does not know are left alone, so that a later version's file can be read.
  public init(json bytes: [UInt8]) throws(DescriptionError) {
    let root: Node
    do { root = try JSONReader.document(bytes).root } catch {
      throw DescriptionError(place: error.place, field: "", found: error.found, expected: error.expected)
    }
    let fields = Fields(node: root, path: "")
    let schema = try fields.text("schema")
    if schema != RunDescription.schema {
      throw fields.wrong("schema", "'\(Node.cut(schema))'", "'\(RunDescription.schema)'")
    }
    name = try fields.text("name")
    run = try fields.identifier("run")
    incarnations = []
    for each in try fields.list("incarnations") {
      incarnations.append(
        Incarnation(
          id: try each.identifier("id"), completed: try each.optional("completed", Fields.unsigned),
          lost: try each.unsigned("lost")))
    }
    start = Start(secondsSince1970: try fields.signed("startedAtSeconds"), text: try fields.text("startedAt"))
    load = try RunDescription.load(fields)
    targets = []
    for each in try fields.list("targets") {
      targets.append(
        TargetNote(name: try each.text("name"), method: try each.text("method"), url: try each.text("url")))
    }
    timeout = try fields.span("timeoutUs")
    connectTimeout = try fields.span("connectTimeoutUs")
    grace = try fields.span("graceUs")
    keepAlive = try fields.truth("keepAlive")
    insecureTLS = try fields.truth("insecureTLS")
    connections = try fields.optional("connections", Fields.count)
    loops = try fields.count("loops")
    cpus = try fields.count("cpus")
    let word = try fields.text("pacing")
    guard let pacing = Pacing(rawValue: word) else {
      throw fields.wrong("pacing", "'\(Node.cut(word))'", "'spinning' or 'sleeping'")
    }
    self.pacing = pacing
    targetIsHere = try fields.truth("targetIsHere")
    seed = try fields.unsigned("seed")
    version = try fields.text("version")
  }

  private static func load(_ fields: Fields) throws(DescriptionError) -> Load {
    let word = try fields.text("model")
    let model: Load.Model
    switch word {
    case "open":
      let text = try fields.text("rate")
      do { model = .arrivals(try Rate(text: text)) } catch { throw fields.wrong("rate", error.found, error.expected) }
    case "closed": model = .users(try fields.count("users"))
    default: throw fields.wrong("model", "'\(Node.cut(word))'", "'open' or 'closed'")
    }
    return Load(
      model: model, duration: try fields.optional("durationUs", Fields.span),
      requests: try fields.optional("requests", Fields.unsigned))
  }
}

/// The members of one object, asked by name and type; each error names the member's path.
private struct Fields {
  let node: Node
  let path: String

  func wrong(_ key: String, _ found: String, _ expected: String) -> DescriptionError {
    let place = (node[key] ?? node).place
    return DescriptionError(place: place, field: path + key, found: found, expected: expected)
  }

  private func wrong(_ key: String, _ expected: String) -> DescriptionError {
    wrong(key, node[key]?.kind ?? "nothing", expected)
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

  func list(_ key: String) throws(DescriptionError) -> [Fields] {
    guard let items = node[key]?.items else { throw wrong(key, "a list") }
    return items.enumerated().map { Fields(node: $1, path: "\(path)\(key)[\($0)].") }
  }
}

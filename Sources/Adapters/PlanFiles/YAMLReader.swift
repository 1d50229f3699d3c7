import CYAML
import JSONScan

/// Why a text is no YAML that a plan may be written in, and where.
struct YAMLError: Error {
  let place: Place
  let message: String
}

/// Reads YAML by libyaml's events into nodes with places.
///
/// Scalars keep their text: the field they stand in decides whether `no`, `010` or `1.10` is text or a number. Refused: a
/// second document, more than 64 levels, aliases that stand for more than 100,000 values in all, tags that are not
/// YAML's own, keys that are no text, bytes that are not UTF-8. Equal keys are kept for the caller to judge.
struct YAMLReader: ~Copyable {
  static let deepest = 64
  static let mostValues = 4_000_000
  static let mostAliased = 100_000

  private var parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private let bytes: UnsafeBufferPointer<UInt8>
  private var anchors: [String: (node: Node, cost: Int)] = [:]
  private var values = 0
  private var aliased = 0

  /// - Parameter bytes: stay valid as long as the reader; UTF-8 without a byte order mark.
  private init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    parser.initialize(to: yaml_parser_t())
    yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deinitialize(count: 1)
    parser.deallocate()
  }

  /// The only document of a text; nil where there is none.
  static func document(_ text: [UInt8]) throws(YAMLError) -> Node? {
    if let bad = UTF8Text.firstInvalid(in: text[...]) {
      var locator = Locator(start: 0)
      let hex = String(text[bad], radix: 16, uppercase: true)
      throw YAMLError(
        place: locator.place(of: bad, in: text[...]), message: "found the byte 0x\(hex), expected UTF-8")
    }
    if text.isEmpty { return nil }
    let result = text.withUnsafeBufferPointer { bytes -> Result<Node?, YAMLError> in
      var reader = YAMLReader(bytes)
      do throws(YAMLError) { return .success(try reader.document()) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private mutating func document() throws(YAMLError) -> Node? {
    var root: Node?
    while true {
      let event = try next()
      switch event.kind {
      case .documentStart:
        if root != nil {
          throw YAMLError(place: event.place, message: "found a second document ('---'), expected one")
        }
        root = try node(try next(), depth: 1).node
      case .streamEnd: return root
      case .streamStart, .documentEnd: continue
      case .alias, .scalar, .sequenceStart, .sequenceEnd, .mappingStart, .mappingEnd:
        throw YAMLError(place: event.place, message: "found a value outside of a document, expected one document")
      }
    }
  }

  /// The node an event begins, and how many values it stands for.
  private mutating func node(_ event: Event, depth: Int) throws(YAMLError) -> (node: Node, cost: Int) {
    values += 1
    if values > YAMLReader.mostValues {
      throw YAMLError(place: event.place, message: "found more than \(YAMLReader.mostValues) values, expected fewer")
    }
    if depth > YAMLReader.deepest {
      throw YAMLError(place: event.place, message: "found more than \(YAMLReader.deepest) levels, expected fewer")
    }
    var made: (node: Node, cost: Int)
    switch event.kind {
    case .scalar(let value): made = (Node(value, at: event.place), 1)
    case .alias(let name):
      guard let anchored = anchors[name] else {
        throw YAMLError(place: event.place, message: "found the alias *\(name), expected an anchor &\(name) before it")
      }
      aliased += anchored.cost
      if aliased > YAMLReader.mostAliased {
        let most = YAMLReader.mostAliased
        throw YAMLError(place: event.place, message: "found aliases for more than \(most) values, expected fewer")
      }
      return anchored
    case .sequenceStart: made = try sequence(at: event.place, depth: depth)
    case .mappingStart: made = try mapping(at: event.place, depth: depth)
    case .sequenceEnd, .mappingEnd, .streamStart, .streamEnd, .documentStart, .documentEnd:
      throw YAMLError(place: event.place, message: "found the end of a collection, expected a value")
    }
    if let anchor = event.anchor { anchors[anchor] = made }
    return made
  }

  private mutating func sequence(at place: Place, depth: Int) throws(YAMLError) -> (node: Node, cost: Int) {
    var items: [Node] = []
    var cost = 1
    while true {
      let event = try next()
      if case .sequenceEnd = event.kind { return (Node(.array(items), at: place), cost) }
      let made = try node(event, depth: depth + 1)
      items.append(made.node)
      cost += made.cost
    }
  }

  private mutating func mapping(at place: Place, depth: Int) throws(YAMLError) -> (node: Node, cost: Int) {
    var members: [Node.Member] = []
    var merged: [Node] = []
    var cost = 1
    while true {
      let event = try next()
      if case .mappingEnd = event.kind { break }
      let key = try node(event, depth: depth + 1).node
      guard let name = key.text ?? (key.value == .null ? "" : nil) else {
        throw YAMLError(place: event.place, message: "found \(key.kind) as a key, expected text")
      }
      let made = try node(try next(), depth: depth + 1)
      cost += made.cost + 1
      if key.value == .plain("<<") {
        merged += made.node.items ?? [made.node]
      } else {
        members.append(Node.Member(key: name, keyPlace: event.place, node: made.node))
      }
    }
    return (Node(.object(try merge(merged, into: members)), at: place), cost)
  }

  /// Puts the members of merged mappings (`<<: *base`) behind a mapping's own; what stands earlier wins.
  private func merge(_ others: [Node], into own: [Node.Member]) throws(YAMLError) -> [Node.Member] {
    if others.isEmpty { return own }
    var members = own
    var names = Set(own.map(\.key))
    for other in others {
      guard let more = other.members else {
        throw YAMLError(place: other.place, message: "found \(other.kind) behind '<<', expected a mapping")
      }
      for member in more where names.insert(member.key).inserted { members.append(member) }
    }
    return members
  }

  private func next() throws(YAMLError) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
    defer { yaml_event_delete(&event) }
    return try Event(event)
  }

  /// What the parser can't read, with its place.
  private func problem() -> YAMLError {
    let text = parser.pointee.problem.map { String(cString: $0) } ?? "it can't be read"
    if parser.pointee.error == YAML_READER_ERROR {
      var locator = Locator(start: 0)
      let place = locator.place(of: Int(clamping: parser.pointee.problem_offset), in: Array(bytes)[...])
      return YAMLError(place: place, message: "not YAML: \(text)")
    }
    var message = "not YAML: \(text)"
    if let context = parser.pointee.context, parser.pointee.context_mark.line != parser.pointee.problem_mark.line {
      message += " \(String(cString: context)) that began in line \(parser.pointee.context_mark.line + 1)"
    }
    return YAMLError(place: Place(parser.pointee.problem_mark), message: message)
  }
}

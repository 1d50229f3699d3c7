import JSONScan
import Model
import Plans

/// The body of `POST /api/test/submit`: Vegeta's targets, rate, duration and options.
struct VegetaForm: Sendable {
  private(set) var document: PlanDocument
  private(set) var overrides = PlanOverrides()
  private(set) var workers: Int?

  static let fields = ["name", "vegetaPayloadJson", "durationSeconds", "ratePerSecond", "targetsBase64", "workers"]

  /// Reads the body.
  ///
  /// - Throws: `PlanError` naming the field, what was found, and what was expected.
  init(_ body: [UInt8]) throws(PlanError) {
    let root: Node
    do throws(JSONError) { root = try JSONReader.document(body).root } catch {
      throw PlanError(file: "body", place: error.place, "found \(error.found), expected \(error.expected)")
    }
    guard let members = root.members else {
      throw PlanError(file: "body", place: root.place, "found \(root.kind), expected an object with targetsBase64, …")
    }
    var seen: Set<String> = []
    for member in members {
      if !seen.insert(member.key).inserted { throw Self.wrong(member.key, "found it twice, expected it once") }
      if Self.fields.contains(member.key) { continue }
      let hint = Suggestion.nearest(to: member.key, among: Self.fields).map { "did you mean '\($0)'?" }
      throw Self.wrong(
        Node.cut(member.key), "unknown field; \(hint ?? "expected one of \(Self.fields.joined(separator: ", "))")")
    }
    func field(_ name: String) -> Node? { root[name].flatMap { $0.isNull ? nil : $0 } }
    document = try Self.targets(field("targetsBase64"))
    if let options = field("vegetaPayloadJson") { overrides = try Self.options(options) }
    try readLoad(rate: field("ratePerSecond"), duration: field("durationSeconds"))
    if let node = field("name") {
      guard let name = node.text, TargetText.isRunName(name) else {
        throw Self.wrong("name", node, "1 to 100 characters without '/' and control characters")
      }
      overrides.name = name
    }
    if let node = field("workers") {
      guard let count = node.int, 1...SubmittedPlan.mostWorkers ~= count else {
        throw Self.wrong("workers", node, "a whole number from 1 to \(SubmittedPlan.mostWorkers)")
      }
      workers = count
    }
  }

  private static func wrong(_ field: String, _ message: String) -> PlanError {
    PlanError(file: "", field: field, message)
  }

  private static func wrong(_ field: String, _ node: Node, _ expected: String) -> PlanError {
    wrong(field, "found \(node.kind), expected \(expected)")
  }

  private static func targets(_ node: Node?) throws(PlanError) -> PlanDocument {
    let expected = "base64 of Vegeta's targets (base64 -w 0 targets.txt)"
    guard let node else { throw wrong("targetsBase64", "found nothing, expected \(expected)") }
    guard let bytes = node.text.flatMap({ Base64.decode($0) }) else {
      throw wrong("targetsBase64", "found \(node.text == nil ? node.kind : "other text"), expected \(expected)")
    }
    return try SubmittedText.targets(bytes, file: "targetsBase64", name: "vegeta")
  }

  /// Vegeta's options as an object, or as the text of one.
  private static func options(_ node: Node) throws(PlanError) -> PlanOverrides {
    if let text = node.text {
      if text.allSatisfy(\.isWhitespace) { return PlanOverrides() }
      return try VegetaOptions.read(Array(text.utf8), file: "vegetaPayloadJson").overrides
    }
    guard node.members != nil else {
      throw wrong("vegetaPayloadJson", node, #"an object such as {"timeout": 5}, or the text of one"#)
    }
    var writer = JSONWriter()
    write(node, to: &writer)
    return try VegetaOptions.read(writer.bytes, file: "vegetaPayloadJson").overrides
  }

  private mutating func readLoad(rate: Node?, duration: Node?) throws(PlanError) {
    if let rate {
      do throws(ValueError) {
        overrides.load.rate = Shape(try Rate(text: rate.number ?? rate.text ?? rate.kind))
        overrides.load.users = nil
      } catch { throw Self.wrong("ratePerSecond", error.description) }
    }
    guard let duration else { return }
    do throws(ValueError) {
      let span = try TimeSpan(text: duration.number ?? duration.text ?? duration.kind, bareUnit: .seconds(1))
      if span <= .zero { throw ValueError(found: "'\(span)'", expected: "a duration above zero such as 10s or 10") }
      overrides.load.duration = span
    } catch { throw Self.wrong("durationSeconds", error.description) }
  }

  /// The same text again, without its blanks.
  private static func write(_ node: Node, to writer: inout JSONWriter) {
    switch node.value {
    case .null: writer.null()
    case .bool(let truth): writer.bool(truth)
    case .number(let text), .plain(let text): writer.number(text: text)
    case .string(let text): writer.string(text)
    case .array(let items): writer.array(of: items) { write($1, to: &$0) }
    case .object(let members):
      writer.object { writer in
        for member in members {
          writer.key(member.key)
          write(member.node, to: &writer)
        }
      }
    }
  }
}

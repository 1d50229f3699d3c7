import JSONScan
import Model

extension RunDescription {
  /// Reads what `json` wrote. Members it does not know are left alone, so that a later version's file can be read.
  public init(json bytes: [UInt8]) throws(DescriptionError) {
    let root: Node
    do { root = try JSONReader.document(bytes).root } catch {
      throw DescriptionError(place: error.place, field: "", found: error.found, expected: error.expected)
    }
    let fields = Fields(node: root, path: "")
    try fields.check(schema: RunDescription.schema)
    self = try RunDescription(fields)
  }

  /// Reads the members that `writeMembers` wrote.
  init(_ fields: Fields) throws(DescriptionError) {
    name = try fields.text("name")
    run = try fields.identifier("run")
    incarnations = []
    for each in try fields.list("incarnations") {
      var incarnation = Incarnation(
        id: try each.identifier("id"), completed: try each.optional("completed", Fields.unsigned),
        lost: try each.unsigned("lost"))
      if let said = try each.optional("publication", Fields.object) {
        incarnation.publication = Publication(
          published: try said.unsigned("published"), kept: try said.unsigned("kept"), lost: try said.unsigned("lost"))
      }
      incarnations.append(incarnation)
    }
    start = Start(secondsSince1970: try fields.signed("startedAtSeconds"), text: try fields.text("startedAt"))
    load = try RunDescription.load(fields)
    load.warmUp = try fields.optional("warmUpUs", Fields.span) ?? .zero
    thresholds = []
    for each in try fields.laterList("thresholds") { thresholds.append(try Threshold(each)) }
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
    // Runs stored before there was a choice.
    engine = try fields.optional("engine", Fields.text) ?? TransportOptions().engineText
    connections = try fields.optional("connections", Fields.count)
    // Left out by earlier versions, and where nothing was short.
    shortage = try fields.optional("shortOf", Fields.text).flatMap { Shortage(rawValue: $0) }
    loops = try fields.count("loops")
    cpus = try fields.count("cpus")
    let word = try fields.text("pacing")
    guard let pacing = Pacing(rawValue: word) else {
      throw fields.wrong("pacing", "'\(Node.cut(word))'", "'spinning' or 'sleeping'")
    }
    self.pacing = pacing
    targetIsHere = try fields.truth("targetIsHere")
    seed = try fields.unsigned("seed")
    if let said = try fields.optional("samples", Fields.object) {
      var count = SampleCount(oneIn: try said.unsigned("oneIn"))
      count.kept = try said.unsigned("kept")
      count.missed = try said.unsigned("missed")
      count.beyondBound = try said.unsigned("beyondBound")
      count.unwritten = try said.unsigned("unwritten")
      count.problem = try said.optional("problem", Fields.text) ?? ""
      samples = count
    }
    version = try fields.text("version")
  }

  private static func load(_ fields: Fields) throws(DescriptionError) -> Load {
    let word = try fields.text("model")
    let model: Load.Model
    switch word {
    case "open":
      let text = try fields.text("rate")
      do { model = .arrivals(try Shape(text: text, of: .arrivals)) } catch {
        throw fields.wrong("rate", error.found, error.expected)
      }
    case "closed":
      if let text = fields.node["users"]?.text {
        do { model = .users(try Shape(text: text, of: .users)) } catch {
          throw fields.wrong("users", error.found, error.expected)
        }
      } else {
        model = .users(try fields.count("users"))
      }
    default: throw fields.wrong("model", "'\(Node.cut(word))'", "'open' or 'closed'")
    }
    var load = Load(
      model: model, duration: try fields.optional("durationUs", Fields.span),
      requests: try fields.optional("requests", Fields.unsigned))
    if let text = try fields.optional("spacing", Fields.text) {
      guard let spacing = Spacing(rawValue: text) else {
        throw fields.wrong("spacing", "'\(Node.cut(text))'", "'even' or 'poisson'")
      }
      load.spacing = spacing
    }
    return load
  }
}

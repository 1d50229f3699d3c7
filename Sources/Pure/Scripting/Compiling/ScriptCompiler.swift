import HTTP1
import Model

/// Lays a plan out in arrays, which `ScriptTable` then copies into plain memory.
struct ScriptCompiler {
  let plan: Plan
  let userAgent: String?
  var texts = TextPool()
  var patterns = PatternPool()
  var ops: [Op] = []
  var requests: [CompiledRequest] = []
  var headers: [OpRange] = []
  var values: [TextSlice] = []
  var lists: [CompiledList] = []
  var feeds: [CompiledFeed] = []
  var checks: [CompiledCheck] = []
  var captures: [CompiledCapture] = []
  var elements: [CompiledElement] = []
  var steps: [CompiledStep] = []
  var scenarios: [CompiledScenario] = []
  var setup = 0..<0
  var teardown = 0..<0
  var users: UInt64 = 0
  /// Counts the places that draw something: each draws its own.
  var sites: UInt32 = 0

  init(_ plan: Plan, userAgent: String?) throws(ScriptError) {
    self.plan = plan
    self.userAgent = userAgent
    if case .users(let shape) = plan.load.model { users = UInt64(max(shape.peakUsers, 1)) }
    try limit(plan.variables.count, "captured values")
    try limit(plan.feeds.count, "feeds")
    for list in plan.lists {
      lists.append(CompiledList(at: values.count, count: max(list.values.count, 1)))
      for value in list.values { values.append(texts.add(value)) }
      if list.values.isEmpty { values.append(TextSlice()) }
    }
    for feed in plan.feeds { add(feed) }
    for target in plan.targets { try add(target) }
    for scenario in plan.scenarios {
      scenarios.append(CompiledScenario(steps: try add(scenario.steps), weight: UInt64(max(scenario.weight, 1))))
    }
    setup = try add(plan.setup)
    teardown = try add(plan.teardown)
  }

  private func limit(_ count: Int, _ what: String) throws(ScriptError) {
    if count > Int(UInt16.max) {
      throw ScriptError(place: "the plan", found: "\(count) \(what)", expected: "at most 65535")
    }
  }

  private mutating func add(_ feed: DataFeed) {
    feeds.append(
      CompiledFeed(
        at: values.count, rows: max(feed.rows.count, 1), columns: feed.columns.count, mode: feed.mode,
        exhausted: feed.exhausted))
    for row in feed.rows.isEmpty ? [[]] : feed.rows {
      for column in feed.columns.indices { values.append(column < row.count ? texts.append(row[column]) : TextSlice()) }
    }
  }

  // MARK: Templates

  /// The ops of a template's parts, behind those that the program has.
  mutating func add(_ template: Template, _ program: inout OpProgram, isPath: Bool = false, isHeader: Bool = false) {
    for part in template.parts {
      switch part {
      case .text(let text): program.text(text)
      case .value(let source, let escape):
        // A plain value would otherwise be able to end a request line or a header.
        var escaping = Escaping(escape)
        if escaping == .plain, isPath { escaping = .target }
        if escaping == .plain, isHeader { escaping = .header }
        program.add(op(source, escaping), &texts)
      }
    }
  }

  private mutating func op(_ source: Template.Source, _ escaping: Escaping) -> Op {
    switch source {
    case .randInt(let range):
      // 2⁶⁴ values wrap to 0, which `below` takes as that.
      let count = UInt64(bitPattern: range.upperBound &- range.lowerBound) &+ 1
      return .randInt(low: range.lowerBound, count: count, site: site())
    case .pick(let list): return .pick(list: UInt32(clamping: list), site: site(), escaping)
    case .epochms: return .epochms
    case .userId: return .userId
    case .uuid: return .uuid(site: site())
    case .iteration: return .iteration
    case .column(let feed, let column):
      return .column(feed: UInt32(clamping: feed), column: UInt32(clamping: column), escaping)
    case .variable(let variable): return .variable(UInt32(clamping: variable), escaping)
    }
  }

  private mutating func site() -> UInt32 {
    sites += 1
    return sites
  }

  mutating func lay(_ program: OpProgram) -> OpRange {
    var program = program
    program.flush(&texts)
    let range = OpRange(at: UInt32(clamping: ops.count), count: UInt32(clamping: program.ops.count))
    ops += program.ops
    return range
  }

  /// Ops that were laid before, once more in a program: the same places draw the same.
  func copy(_ range: OpRange, _ program: inout OpProgram, _ pool: inout TextPool) {
    for place in Int(range.at)..<Int(range.at) + Int(range.count) {
      if case .text(let slice) = ops[place] {
        program.text(pool.bytes[Int(slice.at)..<Int(slice.at) + Int(slice.count)])
      } else {
        program.add(ops[place], &pool)
      }
    }
  }
}

import EventLoop
import HTTP1
import Model
import Pacing
import Patterns
import Scripting

/// One target as a loop uses it: a request ready to be written, and how its reply is judged.
struct CompiledTarget {
  let bytes: UnsafePointer<UInt8>
  let count: Int
  let origin: UInt16
  let timeoutClass: UInt16
  let name: UInt16
  let isHEAD: Bool
  let isIdempotent: Bool
  let expectedLow: UInt16
  let expectedHigh: UInt16
  /// What of a reply is needed besides its status and its end; and whether its bytes must be kept for that.
  let needs: ReplyNeeds
  /// Whether it is written anew for each request.
  let isRendered: Bool
  /// Where its checks' rows begin among all.
  let firstCheck: Int32
  let keeps: Bool
}

/// A plan made ready once, before anything is sent; all loops read it, none changes it.
final class CompiledPlan: @unchecked Sendable {
  // Sendable because nothing changes after init; the memory lives as long as the object.
  let targets: UnsafePointer<CompiledTarget>
  let targetCount: Int
  /// Whether each arrival, or each iteration of a user, is one request that is the same each time, and nothing else.
  let isPlain: Bool
  /// Scenarios, templates, checks, captures, and how redirects are written; each target is a scenario of its own where the
  /// plan has none but needs users.
  let script: Script
  let patterns: PatternSet
  /// Captures in words, by target.
  private let captures: [[String]]
  /// How many failing exchanges of a kind and name are kept, and what of users' values is secret in them.
  let failures: Int
  /// One response in so many is kept by itself; 0 = none.
  let samples: UInt64
  let secrets: PlanSecrets
  let redirects: Int
  let cookies: Bool
  let retries: RetryPolicy?
  let breaker: CircuitBreaker?
  /// Running sums of the weights of what is chosen from: targets, or scenarios.
  let sums: UnsafePointer<UInt64>
  let choiceCount: Int
  let draw: Draw
  let seed: UInt64
  let sharedConnections: Bool
  let iterations: UInt64?
  /// Limits of one user and of all together.
  let userLimit: Rate?
  let limit: Rate?
  let origins: [Origin]
  let names: [String]
  /// Names whose figures are under the last one, for there are more than the cap; 0 where there are not.
  let foldedNames: Int
  let checks: CheckTable
  /// The bank's index of each check of each target, one target after the other.
  let checkRows: UnsafePointer<Int32>
  /// The names of scenarios of steps.
  let scenarios: [String]
  /// How long after the start figures are the warm-up's.
  let warmUp: TimeSpan
  let phases: PhaseTable
  /// The lengths of time-outs; class 0 is connecting.
  let timeouts: [TimeSpan]
  let keepAlive: Bool
  let insecureTLS: Bool
  let policy: TargetPolicy
  let transport: TransportOptions
  /// Whether an origin's name may be one that only somebody else knows.
  var resolvesElsewhere: Bool {
    if transport.unixSocket != nil { return true }
    guard let proxy = transport.proxy, let url = try? ProxyURL(text: proxy) else { return false }
    return url.scheme.looksUpNames
  }
  /// Origins of the plan, and those that redirects may lead to.
  var mostOrigins: Int { origins.count + (redirects > 0 ? AddressBook.mostLate : 0) }
  private let text: UnsafeMutablePointer<UInt8>

  /// Most names whose figures are kept apart.
  static let mostNames = 1_000
  static let foldedName = "(other names)"
  /// Most scenarios whose iterations are counted.
  static let mostScenarios = 100

  init(_ plan: Plan, userAgent: String) throws(EngineError) {
    var origins: [Origin: Int] = [:]
    var names: [String: Int] = [:]
    var nameList: [String] = []
    var originList: [Origin] = []
    var folded: Set<String> = []
    var timeouts = [plan.options.connectTimeout]
    var requests: [[UInt8]] = []
    var facts: [(origin: Int, name: Int, timeout: Int)] = []
    for target in plan.targets {
      let request: [UInt8]
      do {
        request = try RequestBytes.render(
          method: target.method, target: target.url.target, host: target.url.origin.authority,
          headers: target.headers.map { (name: $0.name, value: $0.value) }, body: target.body,
          keepAlive: plan.options.keepAlive,
          userAgent: userAgent)
      } catch {
        throw EngineError("target '\(target.name)': \(error)")
      }
      requests.append(request)
      let origin = target.url.origin
      if origins[origin] == nil {
        origins[origin] = originList.count
        originList.append(origin)
      }
      if names[target.name] == nil {
        if nameList.count < CompiledPlan.mostNames {
          names[target.name] = nameList.count
          nameList.append(target.name)
        } else {
          folded.insert(target.name)
          names[target.name] = CompiledPlan.mostNames - 1
        }
      }
      let timeout = target.timeout ?? plan.options.timeout
      let known = timeouts.dropFirst().firstIndex(of: timeout)
      if known == nil { timeouts.append(timeout) }
      facts.append((origins[origin] ?? 0, names[target.name] ?? 0, known ?? timeouts.count - 1))
    }
    if plan.targets.isEmpty { throw EngineError("the plan has no target") }
    if originList.count > Int(UInt16.max) || timeouts.count > Int(UInt16.max) {
      throw EngineError("the plan names \(originList.count) different hosts, expected at most 65535")
    }
    if !folded.isEmpty { nameList[CompiledPlan.mostNames - 1] = CompiledPlan.foldedName }
    checks = try CheckTable(plan, names: facts.map(\.name))
    scenarios = plan.scenarios.map(\.name)
    if scenarios.count > CompiledPlan.mostScenarios {
      throw EngineError("the plan has \(scenarios.count) scenarios, expected at most \(CompiledPlan.mostScenarios)")
    }
    warmUp = max(.zero, plan.load.warmUp)
    phases = PhaseTable(plan.load)
    isPlain = CompiledPlan.isPlain(plan)
    do {
      script = try Script(isPlain ? plan : CompiledPlan.withScenarios(plan), userAgent: userAgent)
      patterns = try PatternSet(script.patterns)
    } catch {
      throw EngineError("\(error)")
    }
    let table = script.table
    captures = plan.targets.map { target in
      target.captures.map { capture in
        let name = plan.variables.indices.contains(capture.variable) ? plan.variables[capture.variable] : "?"
        return "\(capture.source.text) for '\(name)'"
      }
    }
    redirects = plan.options.redirects
    cookies = plan.options.cookies
    retries = plan.options.retries
    breaker = plan.options.breaker
    let weights =
      isPlain
      ? plan.targets.map { UInt64(max($0.weight, 1)) }
      : (0..<table.scenarioCount).map { table[scenario: $0].weight }
    let total = weights.reduce(UInt64(0)) { $0 + $1 }
    if total > 1 << 32 { throw EngineError("the weights sum to \(total), expected at most 4294967296") }
    draw = Draw(total: total, seed: plan.seed)
    seed = plan.seed
    sharedConnections = plan.options.sharedConnections
    iterations = plan.load.iterations
    userLimit = plan.load.userLimit
    limit = plan.load.limit
    self.origins = originList
    self.names = nameList
    // The one whose place the folded name takes is among them.
    self.foldedNames = folded.isEmpty ? 0 : folded.count + 1
    self.timeouts = timeouts
    keepAlive = plan.options.keepAlive
    insecureTLS = plan.options.insecureTLS
    failures = plan.options.failures.most
    samples = plan.options.samples.oneIn
    secrets = PlanSecrets(plan)
    policy = plan.options.policy
    transport = plan.options.transport

    let text = UnsafeMutablePointer<UInt8>.allocate(capacity: max(requests.reduce(0) { $0 + $1.count }, 1))
    self.text = text
    let targets = UnsafeMutablePointer<CompiledTarget>.allocate(capacity: plan.targets.count)
    let rows = UnsafeMutablePointer<Int32>.allocate(capacity: max(plan.targets.reduce(0) { $0 + $1.checks.count }, 1))
    var firstCheck = 0
    var offset = 0
    for (index, target) in plan.targets.enumerated() {
      let request = requests[index]
      request.withUnsafeBufferPointer { from in
        if let base = from.baseAddress { (text + offset).initialize(from: base, count: from.count) }
      }
      (targets + index).initialize(
        to: CompiledTarget(
          bytes: UnsafePointer(text + offset), count: request.count, origin: UInt16(facts[index].origin),
          timeoutClass: UInt16(facts[index].timeout), name: UInt16(facts[index].name),
          isHEAD: target.method == "HEAD", isIdempotent: target.isIdempotent,
          expectedLow: UInt16(clamping: target.expectedStatus.lowerBound),
          expectedHigh: UInt16(clamping: target.expectedStatus.upperBound), needs: table.needs(index),
          isRendered: target.template != nil || !table.isFixed(index), firstCheck: Int32(firstCheck),
          keeps: CompiledPlan.keeps(target, table.needs(index))))
      offset += request.count
      for check in target.checks.indices {
        (rows + firstCheck).initialize(to: Int32(checks.row(target: index, check: check)))
        firstCheck += 1
      }
    }
    let sums = UnsafeMutablePointer<UInt64>.allocate(capacity: weights.count)
    var sum: UInt64 = 0
    for (index, weight) in weights.enumerated() {
      sum += weight
      (sums + index).initialize(to: sum)
    }
    choiceCount = weights.count
    self.targets = UnsafePointer(targets)
    self.sums = UnsafePointer(sums)
    checkRows = UnsafePointer(rows)
    targetCount = plan.targets.count
  }

  /// Nothing of it needs a user that remembers anything.
  private static func isPlain(_ plan: Plan) -> Bool {
    let load = plan.load
    var isClosed = false
    if case .users = load.model { isClosed = true }
    return plan.scenarios.isEmpty && plan.setup.isEmpty && plan.teardown.isEmpty && plan.options.think == nil
      && !(isClosed && (load.iterations != nil || load.userLimit != nil || load.limit != nil))
      && !(isClosed && plan.options.sharedConnections)
      && plan.options.retries == nil && plan.options.breaker == nil && !plan.options.cookies
      && plan.targets.allSatisfy { $0.template == nil && $0.captures.isEmpty }
  }

  /// A capture in words.
  func capture(_ target: Int, _ number: Int) -> String {
    guard captures.indices.contains(target), captures[target].indices.contains(number) else { return "a capture" }
    return captures[target][number]
  }

  private static func withScenarios(_ plan: Plan) -> Plan {
    if !plan.scenarios.isEmpty { return plan }
    var plan = plan
    plan.scenarios = plan.targets.indices.map {
      Scenario(name: plan.targets[$0].name, weight: plan.targets[$0].weight, steps: [Step(target: $0)])
    }
    return plan
  }

  /// A body's size is known only when its chunks have been counted.
  private static func keeps(_ target: Target, _ needs: ReplyNeeds) -> Bool {
    if !needs.isDisjoint(with: [.head, .body]) { return true }
    return target.checks.contains { check in
      if case .size = check.rule { return true }
      return false
    }
  }

  /// What the plan's connections trust and show; one for each loop.
  func makeTrust() throws(TLSFault) -> TLSContext {
    try TLSContext(
      clientTrusting: transport.authorities, verifies: !insecureTLS, certificate: transport.clientCertificate,
      key: transport.clientKey)
  }

  deinit {
    text.deallocate()
    UnsafeMutablePointer(mutating: targets).deallocate()
    UnsafeMutablePointer(mutating: sums).deallocate()
    UnsafeMutablePointer(mutating: checkRows).deallocate()
  }
}

extension Capture.Source {
  /// What is looked for, in words.
  fileprivate var text: String {
    switch self {
    case .json(let path): "JSON value \(path.text)"
    case .header(let name): "header \(name)"
    case .regex(let pattern, let group): "match of \(pattern) (group \(group))"
    case .cookie(let name): "cookie \(name)"
    }
  }
}

import Model
import RunSession
import Summary
import TestSupport
import Testing

/// Replies that scripts/targets/mutants.py makes wrong, where more hangs on them than one request: behind a redirect, in
/// steps that capture and check, in the signing in of users. By the native engine and by libcurl.
@Suite(.serialized)
struct HostileCourseTests {
  enum Way: String, CaseIterable, Sendable {
    case open, closed
    /// Users sign in with what the same target answers, changed anywhere; what stands behind the end of such a reply may
    /// be the next one's.
    case signIn
  }

  static let cut = ["cut-head", "cut-body"]
  static let wrong = cut + ["length", "chunk", "status"]
  static let kinds = wrong + ["good"]
  static let token = Capture(
    variable: 0, source: .json(JSONPath(text: "$.token", elements: [.key("token")])), fallback: "none")

  /// One scenario for each kind: a redirect to it, looked into, and a step that uses what was found there.
  private static func made(_ target: ScriptTarget, _ way: Way, _ engine: TransportOptions.Engine) throws -> Plan {
    var plan = try plan(
      way == .open ? .arrivals(.perSecond(60)) : .users(6),
      kinds.map { (name: $0, url: target.url("/hop?to=\($0)"), weight: 1) }, duration: .seconds(100),
      requests: way == .open ? 180 : 500)
    plan.variables = ["token", "digits", "server"]
    for place in plan.targets.indices {
      plan.targets[place].captures = [
        token, Capture(variable: 1, source: .regex("[0-9]+(?=[a-c]+)", group: 0), fallback: ""),
        Capture(variable: 2, source: .header("server"), fallback: ""),
      ]
      plan.targets[place].checks = [
        Check(name: "size", rule: .size(0...1_000_000)), Check(name: "status", rule: .status(200...299)),
        Check(name: "body", rule: .body(.contains("a"))),
      ]
    }
    var use = Target(name: "use", url: try TargetURL(text: target.url("/good")))
    use.template = RequestTemplate(
      path: Template(parts: [.text(Array("/good?token=".utf8)), .value(.variable(0), .url)]), headers: [],
      body: Template(fixed: []))
    plan.targets.append(use)
    plan.scenarios = kinds.indices.map { place in
      Scenario(name: kinds[place], steps: [Step(target: place), Step(target: kinds.count)])
    }
    if way == .signIn {
      var login = Target(name: "login", url: try TargetURL(text: target.url("/hop?to=any")))
      login.captures = [token]
      plan.targets.append(login)
      plan.setup = [Step(target: kinds.count + 1)]
    }
    plan.options.timeout = .seconds(60)
    plan.options.transport.engine = engine
    return plan
  }

  @Test(arguments: Way.allCases, [TransportOptions.Engine.native, .curl])
  func nothingThatComesIsMoreThanAFailure(way: Way, engine: TransportOptions.Engine) async throws {
    let seed = "--seed \(Int.random(in: 1...1_000_000_000))"
    print("mutants.py \(seed), \(way), \(engine)")
    let target = try ScriptTarget("mutants", seed.split(separator: " ").map(String.init))
    let begin = ContinuousClock.now
    let outcome = try await run(try Self.made(target, way, engine), cores: way == .closed ? 2 : 1)
    let comment: Comment = "\(seed): \(outcome.causes)"
    expectSound(outcome)
    #expect(ContinuousClock.now - begin < .seconds(240), comment)
    let totals = outcome.summary.totals
    let kinds: Set<ErrorKind> = [.malformed, .reset, .status, .redirect, .check, .capture]
    #expect(Set(totals.failures.keys).isSubset(of: kinds), "\(totals.failures), \(seed)")
    #expect(totals.response.censored == 0 && totals.counts.redirected > 100, comment)
    for kind in engine == .native ? Self.wrong : Self.cut {
      let row = try outcome.summary.name(kind)
      // By libcurl the end of a wrong reply that it took for right may be the next one's.
      #expect((row.ok == 0 || engine == .curl) && row.err > 5 && row.counts.redirected > 5, "\(kind), \(seed)")
    }
    let good = try outcome.summary.name("good")
    #expect(good.ok > 5, "\(good.failures), \(seed)")
    // libcurl takes some of the wrong ones for right, and then what stands behind them for the next one's.
    if way != .signIn, engine == .native {
      #expect(Set(good.failures.keys).isSubset(of: [.check]), "\(good.failures), \(seed)")
      #expect(try outcome.summary.name("use").err == 0, comment)
    }
    let tally = try Tally(target.finish())
    #expect(tally.sum("answered") > 100, comment)
  }
}

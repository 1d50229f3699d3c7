import JSONScan
import Model
import Plans
import TestSupport
import Testing

@Suite struct PlanTextTests {
  private func readBack(_ plan: Plan) throws -> Plan {
    let root = try JSONReader.document(PlanText.encode(plan)).root
    let document = try PlanReader.read(root, format: .json, file: "plan.json", name: "-", environment: ["X": "wrong"])
    return try document.resolved(with: PlanOverrides()).plan
  }

  @Test func everyField() throws {
    var options = AttackOptions()
    options.timeout = .milliseconds(1500)
    options.connectTimeout = .microseconds(7)
    options.grace = .zero
    options.keepAlive = false
    options.connections = 12
    options.insecureTLS = true
    options.policy.allowed = [try TargetPolicy.Block(text: "169.254.0.0/16"), try TargetPolicy.Block(text: "fd00::/8")]
    options.transport.engine = .curl
    options.transport.version = .http2PriorKnowledge
    options.transport.proxy = "socks5://me:${X}@h:1"
    options.transport.clientCertificate = "c {{x}}.pem"
    options.transport.clientKey = "k.pem"
    options.transport.authorities = "$ca.pem"
    let target = Target(
      name: "t {{x}} ${X}", method: "PURGE", url: try TargetURL(text: "https://[::1]:8443/{{a}}?$${b}=${X}"),
      headers: [Header("B", "2"), Header("A", "1 ${X}"), Header("b", "{{{3}}}"), Header("C", "")],
      body: Array("a\n\u{1}${X}{{y}}\u{2028}".utf8), weight: 3, expectedStatus: 200...204, timeout: .seconds(90))
    let plan = Plan(
      name: "näme", targets: [target], load: Load(model: .users(3), duration: nil, requests: .max), options: options,
      seed: .max)
    #expect(try readBack(plan) == plan)
  }

  @Test func bytesThatAreNoText() throws {
    let url = try TargetURL(text: "http://h/")
    let target = Target(name: "x", url: url, body: [0xFF, 0x00, 0x7B, 0x7B], expectedStatus: 204...204)
    let load = Load(model: .arrivals(try Rate(text: "7/2s")), duration: .seconds(5400))
    let plan = Plan(name: "b", targets: [target], load: load)
    #expect(try readBack(plan) == plan)
  }

  /// Texts made of the characters that have a meaning in plans.
  @Test func anyTextReadsBack() throws {
    let seed = Fuzz.seed(for: "PlanTextTests")
    var source = SplitMix(seed: seed)
    let pieces = ["$", "{", "}", "$$", "{{", "${", "X", ":-", "\"", "\\", "\n", "é", " "]
    for _ in 0..<2_000 {
      let body = (0..<Int.random(in: 1...12, using: &source)).map { _ in pieces.randomElement(using: &source) ?? "" }
      let target = Target(name: "x", url: try TargetURL(text: "http://h/"), body: Array(body.joined().utf8))
      let load = Load(model: .arrivals(.perSecond(Int.random(in: 1...9_999, using: &source))), duration: .seconds(1))
      let plan = Plan(name: "p", targets: [target], load: load)
      #expect(try readBack(plan) == plan, "seed \(seed)")
    }
  }
}

import JSONScan
import TestSupport
import Testing

/// A plan is checked here, sent once, and answered with what to do next.
@Suite struct SubmitTests {
  private static let accepted = "{\"testId\": \"\(ScriptedMaster.id)\", \"state\": \"queued\"}"

  private func master(_ answer: @escaping ScriptedMaster.Answer = { _, peer, _ in peer.answer(202, accepted) }) throws
    -> ScriptedMaster
  {
    try ScriptedMaster(answer)
  }

  private func submission(_ master: ScriptedMaster) throws -> ScriptedServer.Request {
    try master.server.requests.first { $0.target.hasPrefix("/api/tests") }.orThrow()
  }

  @Test func aURLWithFlagsBecomesAPlan() throws {
    let master = try master()
    let done = try master.signedIn([
      "submit", "--rate", "40/s", "--duration", "5s", "--workers", "2", "--name", "demo", "-H", "X-A: b",
      "http://127.0.0.1:9/x",
    ])
    #expect(done.exit == .code(0), "\(done.errorText)")
    #expect(
      done.text == """
        Test \(ScriptedMaster.id) submitted to \(master.server.url): demo, queued
          follow it   stampede status \(ScriptedMaster.id) --follow
          its result  stampede results \(ScriptedMaster.id)
          stop it     stampede stop \(ScriptedMaster.id)

        """)
    let request = try submission(master)
    #expect(request.method == "POST")
    #expect(request.target == "/api/tests?workers=2")
    #expect(request.header("content-type") == "application/json")
    #expect(request.header("idempotency-key")?.count == 36)
    let plan = try JSONReader.document(Array(request.body.utf8)).root
    #expect(plan["name"]?.text == "demo")
    #expect(plan["rate"]?.text == "40/s")
    #expect(plan["scenarios"]?[0]?["url"]?.text == "http://127.0.0.1:9/x")
    #expect(plan["scenarios"]?[0]?["headers"]?[0]?["X-A"]?.text == "b")
  }

  /// Whoever looks at the test later judges it by the same limit.
  @Test func theLimitOfFailuresIsAThresholdOfThePlan() throws {
    let master = try master()
    let done = try master.signedIn([
      "submit", "--fail-on-error-rate", "0.5%", "--threshold", "p99<250ms", "http://127.0.0.1:9/x",
    ])
    #expect(done.exit == .code(0), "\(done.errorText)")
    let plan = try JSONReader.document(Array(try submission(master).body.utf8)).root
    #expect(plan["thresholds"]?.items?.compactMap(\.text) == ["p99<250ms", "errors<=0.5%"])
  }

  @Test func plansTargetsAndStandardInputAreTaken() throws {
    let master = try master()
    try master.home.write(
      "plan.yaml", "name: shop\nbase_url: http://127.0.0.1:9\nrate: 5/s\nduration: 2s\nscenarios:\n  - path: /a\n")
    try master.home.write("targets.txt", "GET http://127.0.0.1:9/b\n")
    for (words, input) in [
      (["submit", "plan.yaml"], ""), (["start", "--plan", "plan.yaml"], ""),
      (["submit", "--targets", "targets.txt"], ""),
      (["submit", "targets.txt", "-w", "1"], ""), (["submit", "--targets", "-"], "GET http://127.0.0.1:9/c\n"),
      (["submit", "-rate=5", "-workers=3"], "GET http://127.0.0.1:9/c\n"),
    ] {
      let done = try master.signedIn(words + ["--quiet"], input: input)
      #expect(done.exit == .code(0), "\(words): \(done.errorText)")
      #expect(done.text == ScriptedMaster.id + "\n")
    }
    #expect(master.server.requests.last?.target == "/api/tests?workers=3")
    let keys = master.server.requests.compactMap { $0.header("idempotency-key") }
    #expect(Set(keys).count == keys.count && keys.count == 6)
    let json = try master.run(["submit", "plan.yaml", "--json"])
    #expect(json.text == Self.accepted + "\n")
    let assumed = try master.run(["submit", "targets.txt"])
    #expect(assumed.errorText.contains("nothing said otherwise, so: 50/s for 10s"))
  }

  /// Workers keep no exchange whole: who asks for some is told, and the test goes on.
  @Test func whatWorkersDoNotKeepIsSaid() throws {
    let master = try master()
    func plan(_ words: String) -> String {
      "name: shop\nbase_url: http://127.0.0.1:9\nrate: 5/s\nduration: 2s\n\(words)scenarios:\n  - path: /a\n"
    }
    for (words, isSaid) in [
      ("keep_failures: 20\n", true), ("defaults: {keep_failures: 5}\n", true), ("keep_failures: 0\n", false),
      ("", false),
    ] {
      try master.home.write("plan.yaml", plan(words))
      let done = try master.signedIn(["submit", "plan.yaml"])
      #expect(done.exit == .code(0), "\(words): \(done.errorText)")
      #expect(done.errorText.contains("keep_failures: workers keep no failing exchange") == isSaid, "\(done.errorText)")
      #expect(try master.run(["plan", "check", "plan.yaml"]).errorText == "")
    }
  }

  @Test func whatIsWrongWithAPlanIsSaidBeforeAnythingIsSent() throws {
    let master = try master()
    try master.login()
    try master.home.write("plan.yaml", "name: shop\nscenarios:\n  - path: /a\n    methd: POST\n")
    let check = try master.run(["plan", "check", "plan.yaml"])
    let submit = try master.run(["submit", "plan.yaml"])
    #expect(submit.exit == .code(1))
    #expect(submit.errorText == check.errorText)
    #expect(submit.errorText.contains("methd"))
    for (words, message) in [
      (["submit", "--rate", "5", "--users", "6", "http://127.0.0.1:1/"], "--rate and --users can't be combined"),
      (["submit"], "stdin: found nothing in it"),
      (["submit", "--plan", "a", "--targets", "b"], "expected one of them"),
      (["submit", "--out", "x.json", "http://127.0.0.1:1/"], "--out: the result stays with the master"),
      (["submit", "--cores", "2", "http://127.0.0.1:1/"], "--cores: each worker says that for itself"),
      (
        ["submit", "--allow-target", "10.0.0.0/8", "http://127.0.0.1:1/"], "--allow-target: what workers may connect to"
      ),
      (["submit", "--idempotency-key", "a b", "http://127.0.0.1:1/"], "--idempotency-key: expected 1 to 128"),
      (["submit", "--workers", "0", "http://127.0.0.1:1/"], "--workers: found '0'"),
    ] {
      let done = try master.run(words)
      #expect(done.exit == .code(1))
      #expect(done.errorText.contains(message), "\(words): \(done.errorText)")
    }
    #expect(master.server.requests.count == 1, "only the login's")
  }

  /// The answer is lost twice: the same key comes three times, and the test is submitted once.
  @Test func aLostAnswerIsAskedAgainWithTheSameKey() throws {
    let master = try master { _, peer, number in
      switch number {
      case 0: peer.resetAtEnd()
      case 1: ScriptedMaster.problem(peer, 503, "PostgreSQL is away", ["Retry-After: 0"])
      case _: peer.answer(202, Self.accepted)
      }
    }
    let done = try master.signedIn(["submit", "--quiet", "http://127.0.0.1:9/"])
    #expect(done.exit == .code(0), "\(done.errorText)")
    #expect(done.text == ScriptedMaster.id + "\n")
    #expect(done.errorText.contains("asking again (2 of 4)"))
    #expect(done.errorText.contains("PostgreSQL is away"))
    let keys = master.server.requests.compactMap { $0.header("idempotency-key") }
    #expect(keys.count == 3 && Set(keys).count == 1)
  }

  @Test func itIsGivenUpInTheEnd() throws {
    let master = try master { _, peer, _ in peer.resetAtEnd() }
    let done = try master.signedIn(["submit", "--idempotency-key", "mine", "http://127.0.0.1:9/"])
    #expect(done.exit == .code(2))
    let keys = master.server.requests.compactMap { $0.header("idempotency-key") }
    #expect(keys == ["mine", "mine", "mine", "mine"])
    let refused = try self.master { _, peer, _ in ScriptedMaster.problem(peer, 400, "rate: found 0") }
    let once = try refused.signedIn(["submit", "http://127.0.0.1:9/"])
    #expect(
      once.errorText
        == "nothing said otherwise, so: 50/s for 10s\nstampede: \(refused.server.url) refuses it: rate: found 0\n")
    #expect(refused.server.requests.count == 2)
  }
}

import TestSupport
import Testing

/// Lists and tables as a person reads them.
@Suite struct ShowingTests {
  @Test func theListHasALineForEachTest() throws {
    let master = try ScriptedMaster { request, peer, _ in
      let page = "{\"tests\": [\(ScriptedMaster.test("running")), \(ScriptedMaster.test("failed"))], \"next\": \"x\"}"
      peer.answer(200, request.target.contains("limit=1&state=queued") ? "{\"tests\": [], \"next\": null}" : page)
    }
    let done = try master.signedIn(["status"])
    #expect(done.exit == .code(0), "\(done.errorText)")
    #expect(
      done.text == """
        Name    State   Submitted (UTC)                                  Test
        shop  running  2026-03-01 12:00  \(ScriptedMaster.id)
        shop   failed  2026-03-01 12:00  \(ScriptedMaster.id)

        """)
    #expect(done.errorText == "there are more: --limit N shows up to 100\n")
    let none = try master.run(["status", "--limit", "1", "--state", "queued"])
    #expect(none.text.hasPrefix("No test that is queued at "))
  }

  @Test func oneTestSaysWhatItIsAt() throws {
    let workers = """
      [{"worker": "w1", "incarnation": "\(ScriptedMaster.id)", "state": "running", "records": 3, "completed": 1200}]
      """
    let master = try ScriptedMaster { _, peer, _ in
      peer.answer(200, ScriptedMaster.test("running", reason: "\"as asked\"", workers: workers))
    }
    let done = try master.signedIn(["status", ScriptedMaster.id])
    #expect(
      done.text == """
        shop: running
          because    as asked
          test       \(ScriptedMaster.id)
          submitted  2026-03-01 12:00:00 UTC by admin
          started    2026-03-01 12:00:01 UTC

        Worker    State  Records  Completed
        w1      running        3       1200

        Follow it: stampede status \(ScriptedMaster.id) --follow

        """)
  }

  @Test func workersAreATable() throws {
    let worker = """
      {"worker": "w1", "state": "running", "host": "box", "version": "0.1.0", "cpus": 2, \
      "since": "2026-03-01T12:00:00.123Z", "testId": "\(ScriptedMaster.id)"}
      """
    let master = try ScriptedMaster { _, peer, _ in peer.answer(200, "{\"workers\": [\(worker)]}") }
    let done = try master.signedIn(["workers"])
    #expect(
      done.text == """
        Worker    State  Host  CPUs  Version          Since (UTC)
        w1      running   box     2    0.1.0  2026-03-01 12:00:00

        """)
  }

  @Test func stoppingSaysWhatHappens() throws {
    let master = try ScriptedMaster { request, peer, _ in
      peer.answer(202, ScriptedMaster.test(request.target.hasSuffix("now=true") ? "draining" : "finished"))
    }
    let over = try master.signedIn(["stop", ScriptedMaster.id])
    #expect(over.text == "shop is over: finished.\n")
    let now = try master.run(["stop", "--now", ScriptedMaster.id])
    #expect(now.text == "shop is being cut off: what is under way is not awaited.\n")
    #expect(master.server.requests.last?.target == "/api/tests/\(ScriptedMaster.id)/stop?now=true")
    #expect(master.server.requests.last?.method == "POST")
  }
}

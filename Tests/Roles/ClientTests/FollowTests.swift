import Foundation
import Glibc
import Model
import Processes
import Summary
import TestSupport
import Testing

/// A test is shown as it goes on, over broken connections, and left running by Ctrl-C.
@Suite struct FollowTests {
  private static let id = ScriptedMaster.id
  private static let events = "/api/tests/\(id)/events"
  private static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

  private static func event(_ name: String, _ id: Int, _ data: String) -> String {
    "event: \(name)\nid: \(id)\ndata: \(data)\n\n"
  }

  private static func second(_ number: Int64) throws -> String {
    var figures = SecondFigures()
    figures.count = 10
    figures.p50 = .exact(1_500)
    let line = LiveLine(
      elapsed: .seconds(number), total: .seconds(3), progress: 0.5, load: .arrivals(try Rate(text: "10/s")), users: 0,
      rps: 10, response: figures, completed: 10, failed: 0, inFlight: 0, taints: [])
    return event("second", Int(number), String(decoding: line.json, as: UTF8.self))
  }

  private static let workers =
    "[{\"worker\": \"w1\", \"incarnation\": \"\(id)\", \"state\": \"ready\", \"records\": null, \"completed\": null}]"

  @Test func aLineASecondThenTheResult() throws {
    let result = try ScriptedMaster.result()
    let seconds = try [Self.second(1), Self.second(2)]
    let master = try ScriptedMaster { request, peer, number in
      if request.target != Self.events { return peer.answer(200, result, ["Stampede-Result: stored"]) }
      peer.write(Self.head + ": hello\n\n" + Self.event("state", 1, ScriptedMaster.test("queued", started: false)))
      peer.write(Self.event("state", 2, ScriptedMaster.test("running", workers: Self.workers)))
      for second in seconds { peer.write(second) }
      peer.write(Self.event("end", 9, ScriptedMaster.test("finished")))
    }
    let done = try master.signedIn(["status", "--follow", Self.id])
    #expect(done.exit == .code(0), "\(done.errorText)")
    #expect(done.errorText.contains("shop: queued, waits for 2 idle workers\n"))
    #expect(done.errorText.contains("shop: running on 1 worker\n"))
    #expect(done.errorText.contains("1s of 3s: 10/s, 10.0 requests/s, p50 1.50 ms"))
    for text in ["shop\n", "Response time, from", "10 planned = 10 started + 0 unsent + 0 gap: holds", "exit code 0"] {
      #expect(done.text.contains(text), "\(text)")
    }
    let results = try master.run(["results", Self.id])
    #expect(results.text == done.text)
    #expect(try master.run(["results", Self.id, "--json"]).text == result)
    let quiet = try master.run(["status", "--follow", "--quiet", Self.id])
    #expect(quiet.text == done.text)
    #expect(quiet.errorText.isEmpty)
    let json = try master.run(["status", "--follow", "--json", Self.id])
    #expect(json.text.hasSuffix(result))
    #expect(json.text.split(separator: "\n").first?.contains("\"queued\"") == true)
  }

  /// Each connection brings one event and breaks off; the next asks to go on behind it.
  @Test func brokenConnectionsAreTakenUpAgain() throws {
    let result = try ScriptedMaster.result()
    let master = try ScriptedMaster { request, peer, number in
      if request.target != Self.events { return peer.answer(200, result, ["Stampede-Result: stored"]) }
      switch number {
      case 0: peer.write(Self.head + Self.event("state", 41, ScriptedMaster.test("running")))
      case 1: peer.resetAtEnd()
      case 2: ScriptedMaster.problem(peer, 503, "starting")
      case 3: peer.write(Self.head + "event: second\nid: 42\ndata: rubbish\n\nevent: later\ndata: {}\n\n")
      case _: peer.write(Self.head + Self.event("end", 43, ScriptedMaster.test("finished")))
      }
    }
    let done = try master.signedIn(["status", Self.id, "--follow"])
    #expect(done.exit == .code(0), "\(done.errorText)")
    let asked = master.server.requests.filter { $0.target == Self.events }.map { $0.header("last-event-id") }
    #expect(asked == [nil, "41", "41", "41", "42"])
  }

  @Test func theExitCodeIsTheResults() throws {
    func code(
      _ result: String, state: String = "finished", reason: String = "null", started: Bool = true,
      _ flags: [String] = []
    ) throws -> Finished {
      let master = try ScriptedMaster { request, peer, _ in
        if request.target != Self.events { return peer.answer(200, result, ["Stampede-Result: stored"]) }
        peer.write(Self.head + Self.event("end", 1, ScriptedMaster.test(state, reason: reason, started: started)))
      }
      return try master.signedIn(["status", "--follow", Self.id] + flags)
    }
    #expect(try code(ScriptedMaster.result()).exit == .code(0))
    #expect(try code(ScriptedMaster.result(accepted: 0, failed: 3)).exit == .code(2))
    let limit = try code(ScriptedMaster.result(accepted: 9, failed: 1), ["--fail-on-error-rate", "5%"])
    #expect(limit.exit == .code(99))
    #expect(limit.errorText.contains("1 of 10 requests failed, more than --fail-on-error-rate 5%"))
    let failed = try code(ScriptedMaster.result(), state: "failed", reason: "\"all workers were lost\"")
    #expect(failed.exit == .code(2))
    #expect(failed.errorText.contains("the test failed: all workers were lost"))
    let expired = try code("", state: "expired", reason: "\"no worker came\"", started: false)
    #expect(expired.exit == .code(2))
    #expect(expired.errorText == "stampede: the test never began (expired): no worker came\n")
    #expect(try code("", state: "stopped", started: false).exit == .code(105))
  }

  /// The last records come a moment after the end: the result is asked for until it is whole.
  @Test func theResultIsAwaitedUntilItIsStored() throws {
    let partial = try ScriptedMaster.result(isComplete: false)
    let whole = try ScriptedMaster.result()
    let master = try ScriptedMaster { request, peer, number in
      if request.target == Self.events {
        peer.write(Self.head + Self.event("end", 1, ScriptedMaster.test("finished")))
      } else {
        peer.answer(200, number < 2 ? partial : whole, ["Stampede-Result: \(number < 2 ? "partial" : "stored")"])
      }
    }
    let done = try master.signedIn(["status", "--follow", Self.id])
    #expect(done.exit == .code(0), "\(done.errorText)")
    #expect(!done.text.contains("NOT COMPLETE"))
  }

  @Test func controlCLeavesTheTestRunning() throws {
    let master = try ScriptedMaster { _, peer, _ in
      peer.write(Self.head + Self.event("state", 1, ScriptedMaster.test("running")))
      peer.awaitClose()
    }
    try master.login()
    let child = try Stampede.start(
      ["status", "--follow", Self.id], directory: master.home.path, environment: master.environment)
    let isShown = child.waitForOutput(within: .seconds(60)) { _, errors in errors.contains("running") ? true : nil }
    #expect(isShown == true)
    kill(child.pid, SIGINT)
    let exit = child.wait(within: .seconds(60))
    #expect(exit == .code(130))
    let errors = String(decoding: child.errors, as: UTF8.self)
    #expect(errors.hasSuffix("the test goes on; to stop it: stampede stop \(Self.id)\n"), "\(errors)")
    #expect(!master.server.requests.contains { $0.target.hasSuffix("/stop") })
  }

  @Test(arguments: [401, 403, 404]) func aRefusalEndsIt(_ status: Int) throws {
    let master = try ScriptedMaster { _, peer, _ in ScriptedMaster.problem(peer, status, "no") }
    let done = try master.signedIn(["status", "--follow", Self.id])
    #expect(done.exit == .code(2))
    #expect(master.server.requests.count == 2)
  }

  @Test func aResultSoFarSaysSo() throws {
    let partial = try ScriptedMaster.result(isComplete: false)
    let master = try ScriptedMaster { request, peer, _ in
      request.target.hasSuffix("results")
        ? peer.answer(200, partial, ["Stampede-Result: live"]) : peer.answer(200, ScriptedMaster.test("running"))
    }
    let done = try master.signedIn(["results", Self.id])
    #expect(done.exit == .code(3))
    #expect(done.text.contains("The result is NOT COMPLETE"))
    #expect(done.errorText == "the test is running; this is its result so far\n")
  }

  @Test func whatIsNoResultIsSaid() throws {
    for body in ["", "{}", "{\"schema\": \"stampede.summary/9\"}", "[1,2"] {
      let master = try ScriptedMaster { _, peer, _ in peer.answer(200, body) }
      let done = try master.signedIn(["results", Self.id])
      #expect(done.exit == .code(2))
      #expect(done.errorText.contains("the result can't be read: "), "\(done.errorText)")
    }
  }
}

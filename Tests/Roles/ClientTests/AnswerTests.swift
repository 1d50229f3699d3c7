import TestSupport
import Testing

/// Refusals, rubbish and silence: what is said, and with what exit code.
@Suite struct AnswerTests {
  @Test func withoutATokenItSaysHowToSignIn() throws {
    let master = try ScriptedMaster()
    for words in [["status"], ["workers"], ["stop", ScriptedMaster.id], ["results", ScriptedMaster.id]] {
      let done = try master.run(words)
      #expect(done.exit == .code(1))
      #expect(done.errorText == "stampede: nobody is signed in at \(master.server.url); type: stampede login\n")
    }
    #expect(master.server.requests.isEmpty)
    let flag = try master.run(["status", "--master", "http://127.0.0.1:9"])
    #expect(flag.errorText.contains("type: stampede login --master http://127.0.0.1:9\n"))
  }

  @Test(arguments: [
    (
      401, "the token has expired",
      "does not accept the token (the token has expired); sign in again: stampede login"
    ),
    (403, "viewers may not stop tests", "does not allow it: viewers may not stop tests"),
    (404, "there is no such test", ": there is no such test (stampede status lists the tests)"),
    (409, "the test is over", "refuses it: the test is over"),
    (413, "", "what was sent is too long"), (429, "slow down", "too many attempts: slow down; try again in 7 seconds"),
    (503, "PostgreSQL is away", "can't do it now: PostgreSQL is away; try again in 7 seconds"),
    (500, "", "failed (500); its log says why"), (418, "", "answers 418; is it a Stampede master?"),
    (404, "", "answers 404; is it a Stampede master?"),
  ]) func refusalsAreSaidInWords(_ status: Int, _ detail: String, _ message: String) throws {
    let master = try ScriptedMaster { _, peer, _ in
      detail.isEmpty
        ? peer.answer(status, "<html>", ["Retry-After: 7"])
        : ScriptedMaster.problem(peer, status, detail, ["Retry-After: 7"])
    }
    let done = try master.signedIn(["stop", ScriptedMaster.id])
    #expect(done.exit == .code(2))
    #expect(done.errorText.contains(message), "\(done.errorText)")
    #expect(done.text.isEmpty)
    #expect(!done.errorText.contains(ScriptedMaster.token))
  }

  @Test func aRedirectIsNamedAndNotFollowed() throws {
    let thief = try ScriptedServer { _, peer in peer.answer(200, "{}") }
    let master = try ScriptedMaster { _, peer, _ in peer.answer(307, "", ["Location: \(thief.url)/api"]) }
    let done = try master.signedIn(["status"])
    #expect(done.exit == .code(2))
    #expect(done.errorText.contains("leads to \(thief.url)/api, which is not followed"))
    #expect(thief.requests.isEmpty)
  }

  @Test func noProxyOfTheEnvironmentIsUsed() throws {
    let proxy = try ScriptedServer { _, peer in peer.answer(200, "{\"workers\": []}") }
    let master = try ScriptedMaster { _, peer, _ in peer.answer(200, "{\"workers\": []}") }
    let variables = ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"].map { ($0, proxy.url) }
    let done = try master.signedIn(["workers"], Dictionary(uniqueKeysWithValues: variables))
    #expect(done.exit == .code(0))
    #expect(proxy.requests.isEmpty)
  }

  @Test(arguments: [
    ("", "is no JSON"), ("<html>", "is no JSON"),
    ("{\"workers\": {}}", "the answer's workers: found a mapping, expected a list"),
    ("{\"workers\": [{\"worker\": 1}]}", "the answer's state: found nothing, expected a text"), ("[]", "found nothing"),
    ("\u{1}", "is no JSON"), ("{\"workers\": [", "is no JSON"),
  ]) func rubbishIsNamed(_ body: String, _ message: String) throws {
    let master = try ScriptedMaster { _, peer, _ in peer.answer(200, body) }
    let done = try master.signedIn(["workers"])
    #expect(done.exit == .code(2))
    #expect(done.errorText.contains(message), "\(done.errorText)")
    #expect(done.errorText.contains("is it a Stampede master"))
  }

  @Test func aMasterThatIsNotThereOrBreaksOff() throws {
    let master = try ScriptedMaster { _, peer, _ in peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{") }
    let broken = try master.signedIn(["workers"])
    #expect(broken.exit == .code(2))
    #expect(broken.errorText.contains("the connection was closed in the middle of the answer"))
    let port = try LocalPort.free()
    let gone = try master.run(["login"], input: "x", ["STAMPEDE_MASTER": "http://127.0.0.1:\(port)"])
    #expect(gone.exit == .code(2))
    #expect(gone.errorText.contains("connection refused; is a master running there?"))
  }

  @Test func aHugeAnswerIsCutOff() throws {
    let master = try ScriptedMaster { _, peer, _ in
      peer.write("HTTP/1.1 200 OK\r\n\r\n{\"workers\": [")
      while peer.write(String(repeating: "        ", count: 10_000)) {}
    }
    let done = try master.signedIn(["workers"])
    #expect(done.exit == .code(2))
    #expect(done.errorText.contains("the answer is longer than 64 MiB"))
  }

  /// What a server says can neither end a line nor command the terminal.
  @Test func textFromTheServerIsHarmless() throws {
    let evil = "\\u001b[2J\\u0007evil\\nline\\u202e"
    let worker = """
      {"worker": "\(evil)", "state": "idle", "host": "\(evil)", "version": "\(evil)", "cpus": 2, \
      "since": "\(evil)", "testId": null}
      """
    let master = try ScriptedMaster { request, peer, _ in
      request.target == "/api/workers"
        ? peer.answer(200, "{\"workers\": [\(worker)]}\r\n")
        : ScriptedMaster.problem(peer, 409, evil)
    }
    try master.login()
    for words in [["workers"], ["stop", ScriptedMaster.id], ["workers", "--json"]] {
      let done = try master.run(words)
      let shown = (done.text + done.errorText).unicodeScalars
      #expect(!shown.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E }, "\(words)")
    }
  }

  @Test(arguments: ["ftp://x", "http://", "http://a?b=c", "http://user:geheim@127.0.0.1"])
  func whatIsNoAddressIsSaid(_ text: String) throws {
    let master = try ScriptedMaster()
    let done = try master.run(["status", "--master", text])
    #expect(done.exit == .code(1))
    #expect(done.errorText.hasPrefix("stampede: --master: found "), "\(done.errorText)")
  }

  @Test func aTestsIdIsChecked() throws {
    let master = try ScriptedMaster()
    for command in ["status", "results", "stop"] {
      let done = try master.run([command, "7"])
      #expect(done.exit == .code(1))
      #expect(done.errorText.contains("\(command): found '7', expected a test's id of 36 characters"))
    }
    #expect(try master.run(["stop"]).errorText.contains("stop: found no test's id"))
  }
}

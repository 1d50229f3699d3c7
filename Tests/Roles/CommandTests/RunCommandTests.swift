import Glibc
import Processes
import TestSupport
import Testing

/// Runs as a person sees them: what is shown, when it ends, what it leaves.
@Suite struct RunCommandTests {
  @Test func aRunLeavesItsResultAndReportMakesItAgain() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("run")
    let done = try Stampede.run(
      ["run", "--rate", "100/s", "--duration", "2s", target.url, "--out", "r.json", "--out", "r.csv"],
      directory: folder.path)
    #expect(done.exit == .code(0), "\(done.errorText)")
    #expect(done.text.contains("Totals: 200 requests, 100 % success"))
    #expect(done.text.contains("200 requests started = 200 completed + 0 unknown: holds"))
    let name = try #require(try folder.names().first { $0 == "runs" }.flatMap { _ in try Self.runs(folder).first })
    #expect(done.text.contains("Saved in runs/\(name)"))
    #expect(!done.text.contains("\u{1B}"), "no colours where there is no terminal")

    let summary = try folder.read("runs/\(name)/summary.json")
    #expect(try folder.read("r.json") == summary)
    #expect(summary.contains("\"exitCode\": 0"))
    let intervals = try folder.read("runs/\(name)/intervals.csv")
    #expect(intervals.hasPrefix("second,from_us,to_us,phase,scope,name,"))
    #expect(intervals.split(separator: "\r\n").filter { $0.contains(",total,") }.count >= 2)

    let again = try Stampede.run(["report", "runs/\(name)"], directory: folder.path)
    #expect(again.exit == .code(0))
    #expect(again.text == done.text)
    let json = try Stampede.run(["report", "--format", "json", "runs/\(name)"], directory: folder.path)
    #expect(json.text == summary)
    let files = try Stampede.run(
      ["report", "--out", "again.csv", "-o", "again.json", "runs/\(name)"], directory: folder.path)
    #expect(files.exit == .code(0) && files.text.isEmpty)
    #expect(try folder.read("again.csv") == folder.read("r.csv"))
    #expect(try folder.read("again.json") == summary)
  }

  static func runs(_ folder: TemporaryFolder) throws -> [String] {
    try Shell.run("ls runs", directory: folder.path).text.split(separator: "\n").map(String.init)
  }

  @Test func aLineASecondGoesToStandardErrorUnlessQuiet() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("live")
    let line = ["run", "--users", "2", "--duration", "2s", target.url]
    let done = try Stampede.run(line, directory: folder.path)
    let lines = done.errorText.split(separator: "\n")
    #expect(lines.count == 2, "\(done.errorText)")
    #expect(lines.first?.hasPrefix("1s of 2s: 2 users, ") == true)
    #expect(lines.last?.hasPrefix("2s of 2s: ") == true)
    #expect(!done.errorText.contains("\r"))
    for quiet in ["--quiet", "--no-tui"] {
      #expect(try Stampede.run(line + [quiet], directory: folder.path).errorText.isEmpty)
    }
  }

  @Test(.enabled(if: Places.tool("script") != nil, "script is not installed"))
  func onATerminalTheLineIsDrawnInPlace() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("terminal")
    let command = "stty cols 120; '\(Places.stampede)' run --users 2 --duration 2s \(target.url)"
    let done = try Shell.run("script -qec \"\(command)\" /dev/null < /dev/null", directory: folder.path)
    #expect(done.exit == .code(0))
    #expect(done.text.split(separator: "\r\u{1B}[K").count >= 3)
    #expect(done.text.contains("[####"))
    #expect(done.text.contains("Totals:"))
    let plain = try Shell.run(
      "script -qec \"\(command)\" /dev/null < /dev/null", directory: folder.path, environment: ["NO_COLOR": "1"])
    #expect(!plain.text.contains("\u{1B}[1m"))
  }

  @Test func aReaderThatLeavesDoesNotCostTheResult() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("head")
    let done = try Shell.run(
      "'\(Places.stampede)' attack -n 20 \(target.url) 2>&1 | head -1; echo ${PIPESTATUS[0]}", directory: folder.path)
    #expect(done.text.split(separator: "\n").last == "0")
    let name = try #require(try Self.runs(folder).first)
    #expect(try folder.read("runs/\(name)/summary.json").contains("\"exitCode\": 0"))
    // Closed from the start, both of them.
    let closed = try Shell.run(
      "'\(Places.stampede)' attack -n 20 --output closed \(target.url) >&- 2>&-", directory: folder.path)
    #expect(closed.exit == .code(0))
    #expect(try folder.read("closed/summary.json").contains("\"exitCode\": 0"))
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aSignalEndsItProperly(_ signal: Int32) throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("signal")
    let child = try Stampede.start(
      ["run", "--rate", "50", "--duration", "60s", target.url], directory: folder.path)
    try #require(
      child.waitForOutput(within: .seconds(60)) { _, errors in errors.contains("1s of") ? true : nil } == true)
    child.signal(signal)
    #expect(child.wait(within: .seconds(60)) == .code(105))
    let text = String(decoding: child.output, as: UTF8.self)
    #expect(text.contains("Ended: stopped by the user; what was under way was awaited"))
    #expect(text.contains("0 unknown: holds"))
    #expect(String(decoding: child.errors, as: UTF8.self).contains("stopping: nothing more is sent"))
  }

  @Test func aSecondSignalCutsOffAndStillReports() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("signal")
    let child = try Stampede.start(
      ["run", "--users", "3", "--duration", "60s", "--timeout", "50s", "\(target.url)?delay=40s"],
      directory: folder.path)
    try #require(
      child.waitForOutput(within: .seconds(60)) { _, errors in errors.contains("1s of") ? true : nil } == true)
    child.signal(SIGINT)
    try #require(
      child.waitForOutput(within: .seconds(60)) { _, errors in errors.contains("stopping:") ? true : nil } == true)
    #expect(child.wait(within: .milliseconds(300)) == nil, "replies are awaited")
    child.signal(SIGINT)
    #expect(child.wait(within: .seconds(60)) == .code(105))
    let text = String(decoding: child.output, as: UTF8.self)
    #expect(text.contains("3 requests started = 3 completed + 0 unknown: holds"), "\(text)")
    let name = try #require(try Self.runs(folder).first)
    #expect(try folder.read("runs/\(name)/summary.json").contains("\"reason\": \"aborted\""))
  }

  @Test func figuresAreServedWhileItRuns() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("http")
    let child = try Stampede.start(
      ["run", "--rate", "50", "--duration", "60s", "--http", ":0", target.url], directory: folder.path)
    let port: UInt16? = child.waitForOutput(within: .seconds(60)) { _, errors in
      guard errors.contains("1s of"), let at = errors.firstRange(of: "http://127.0.0.1:") else { return nil }
      return UInt16(errors[at.upperBound...].prefix { $0.isNumber })
    }
    func get(_ path: String) throws -> String {
      let client = try RawClient(port: try #require(port))
      client.send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
      return client.receiveAll().text
    }
    #expect(try get("/healthz").hasSuffix("\r\n\r\nok\n"))
    let status = try get("/status")
    #expect(status.hasPrefix("HTTP/1.1 200") && status.contains("\"state\": \"running\""))
    #expect(status.contains("\"directory\": \"runs/"))
    let results = try get("/results")
    #expect(results.contains("\"schema\": \"stampede.summary/1\"") && results.contains("\"planned\""))
    let metrics = try get("/metrics")
    #expect(metrics.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8"))
    #expect(metrics.contains("# TYPE stampede_requests_success_total counter\n"))
    #expect(metrics.contains("stampede_response_seconds{name=\"GET /\",quantile=\"0.99\"}"))
    #expect(try get("/nowhere").hasPrefix("HTTP/1.1 404"))
    child.signal(SIGINT)
    #expect(child.wait(within: .seconds(60)) == .code(105))
  }

  @Test func theLogIsJSONWhereAskedAndKeepsSecrets() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("log")
    let child = try Stampede.start(
      ["run", "--rate", "20", "--duration", "60s", "--quiet", "--verbose", "--log-format", "json", "--http", ":0"]
        + ["-a", "user:hunter2", "-H", "X-Api-Token: hunter2", target.url], directory: folder.path)
    // From when its files are there it answers signals.
    let end = ContinuousClock.now + .seconds(60)
    while (try? Self.runs(folder).first) == nil, ContinuousClock.now < end { usleep(20_000) }
    child.signal(SIGTERM)
    #expect(child.wait(within: .seconds(60)) == .code(105))
    let errors = String(decoding: child.errors, as: UTF8.self)
    let lines = errors.split(separator: "\n").filter { $0.hasPrefix("{") }
    #expect(lines.contains { $0.contains("\"level\":\"debug\",\"message\":\"signal received\"") }, "\(errors)")
    #expect(lines.allSatisfy { $0.hasSuffix("}") && $0.contains("\"run\":\"runs/") })
    #expect(!errors.contains("hunter2"))
    #expect(!String(decoding: child.output, as: UTF8.self).contains("hunter2"))
  }

  @Test func theDemoTargetAnswersAsItsQueryAsksAndEndsWellOnTERM() throws {
    let target = try DemoTarget()
    let port = try #require(UInt16(target.url.split(separator: ":").last?.dropLast() ?? ""))
    let client = try RawClient(port: port)
    client.send("GET /?status=503&size=5 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(client.receiveAll().text.hasPrefix("HTTP/1.1 503"))
    target.child.signal(SIGTERM)
    #expect(target.child.wait(within: .seconds(60)) == .code(0))
  }

  @Test func whatIsTypedWinsOverTheEnvironment() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("environment")
    let done = try Stampede.run(
      ["run", "--users", "2", "-n", "10", target.url], directory: folder.path,
      environment: ["STAMPEDE_RATE": "7/s", "STAMPEDE_QUIET": "1", "STAMPEDE_DURATOIN": "5s"])
    #expect(done.exit == .code(0))
    #expect(done.text.contains("2 users, closed model"))
    #expect(
      done.errorText == "warning: STAMPEDE_DURATOIN is no variable that is read: did you mean STAMPEDE_DURATION?\n")
  }
}

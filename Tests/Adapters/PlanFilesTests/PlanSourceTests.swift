import Glibc
import Model
import PlanFiles
import Plans
import TestSupport
import Testing

@Suite struct PlanSourceTests {
  private func load(_ argument: String, input: Int32 = 0) throws(PlanError) -> PlanDocument {
    try PlanSource.load(argument: argument, environment: ["TARGET": "http://h:1"], input: input)
  }

  private func message(_ argument: String, input: Int32 = 0) -> String {
    do throws(PlanError) {
      _ = try load(argument, input: input)
      return "accepted"
    } catch { return error.description }
  }

  @Test func filesByTheirEnding() throws {
    let folder = try TemporaryFolder("plans")
    let yaml = try folder.write("a.b.YAML", "scenarios: [{url: 'http://h/'}]")
    let document = try load(yaml)
    #expect(document.format == .yaml && document.name == "a.b")
    let json = try folder.write("plan.json", "\u{FEFF}" + #"{"base_url": "${TARGET}", "scenarios": [{"path": "/x"}]}"#)
    #expect(try load(json).format == .json)
    #expect(try load(json).targets[0].url.description == "http://h:1/x")
    let targets = try folder.write("t.json", #"[{"method": "GET", "url": "http://h/"}]"#)
    #expect(try load(targets).format == .vegetaJSON)
    let lines = try folder.write("t.jsonl", #"{"method": "GET", "url": "http://h/"}"#)
    #expect(try load(lines).format == .vegetaJSON)
    let text = try folder.write("targets", "GET http://h/\n")
    #expect(try load(text).format == .vegetaText)
    let steps = try folder.write("s.json", #"[{"name": "a", "method": "GET", "url": "http://h/"}]"#)
    #expect(try load(steps).scenarios.map(\.name) == ["s"])
    let two = try folder.write("two.json", #"{"scenarios": [{"url": "http://h"}]} {}"#)
    #expect(message(two) == "\(two):1:38: found '{', expected the end of the text")
    let bad = try folder.write("bad.json", #"{"scenarios""#)
    #expect(message(bad) == "\(bad):1:13: found the end of the text, expected ':' after the key")
  }

  @Test func bodiesOfTargets() throws {
    let folder = try TemporaryFolder("plans")
    let body = try folder.write("body.bin", "content")
    let targets = try folder.write("targets.txt", "POST http://h/\n@\(body)\n")
    #expect(try load(targets).targets[0].body == Array("content".utf8))
    let missing = try folder.write("missing.txt", "POST http://h/\n@none\n")
    #expect(
      message(missing) == "\(missing):2:1: found no such file for the body 'none', expected a file that can be read")
    let directory = try folder.write("directory.txt", "POST http://h/\n@/\n")
    #expect(
      message(directory) == "\(directory):2:1: found a directory for the body '/', expected a file that can be read")
  }

  @Test func filesThatCantBeRead() throws {
    let folder = try TemporaryFolder("plans")
    let none = folder.file("none.yaml")
    #expect(message(none) == "\(none): found no such file, expected a file that can be read")
    #expect(message(folder.path) == "\(folder.path): found a directory, expected a file that can be read")
    let empty = try folder.write("empty.yaml", " \n")
    #expect(message(empty) == "\(empty): found nothing in it, expected a plan")
    #expect(message("localhost:8080/x") == "localhost:8080/x: no such file; for a URL write http://localhost:8080/x")
    #expect(message("plan\0.yaml") == "plan\0.yaml: found a NUL in the name, expected a file that can be read")
    #expect(message("") == "found nothing, expected a plan's file or a URL")
    #expect(message("/dev/zero") == "/dev/zero: found more than 64 MiB, expected at most 64 MiB")
  }

  @Test func standardInput() throws {
    func piped(_ text: String, _ body: (Int32) throws -> Void) throws {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      defer { close(ends[0]) }
      let count = text.utf8.count
      #expect(write(ends[1], text, count) == count)
      close(ends[1])
      try body(ends[0])
    }
    try piped("GET http://localhost:9/x") { input in
      let document = try load("-", input: input)
      #expect(document.format == .vegetaText && document.name == "stdin")
    }
    try piped("- name: Catalog\n  url: http://h/\n") { input in
      let document = try load("-", input: input)
      #expect(document.scenarios.count == 1)
    }
    try piped("scenarios:\n- url: http://h/\n") { input in
      let document = try load("-", input: input)
      #expect(document.format == .yaml)
    }
    for empty in ["", " \n\n"] {
      try piped(empty) { input in
        #expect(
          message("-", input: input)
            == "stdin: found nothing in it, expected targets or a plan; or give a URL or a file's name")
      }
    }
    #expect(message("-", input: -1) == "stdin: found bad file descriptor, expected a file that can be read")
  }

  @Test func urls() throws {
    let document = try load("http://localhost:8080/a?b=c")
    #expect(document.format == .url && document.name == "localhost" && document.targets[0].name == "GET /a")
    #expect(message("ftp://h/") == "URL: found 'ftp://h/', expected a URL such as http://localhost:8080/path")
    #expect(message("http://u:secret@h:0/") == "URL: found 'http://h:0/', expected a port from 1 to 65535")
    #expect(
      message("http://h/{{ranInt 1 2}}")
        == "URL: found the template '{{ranInt 1 2}}', expected a known name: did you mean 'randInt'?")
  }

  @Test func filesOfOtherTools() {
    #expect(
      message("scenario.py") == "scenario.py: a Python scenario can't be run; in a plan a user class is an entry of "
        + "'scenarios:' with its weight, tasks are 'steps:', on_start is 'setup:', on_stop 'teardown:' and wait_time "
        + "'think_time:' ('stampede init' writes a plan to begin with)")
    #expect(message("loadtest.toml") == "loadtest.toml: found no such file, expected a file that can be read")
  }

  @Test func bodiesAndOptionsOfFlags() throws {
    let folder = try TemporaryFolder("plans")
    let file = try folder.write("options.json", #"{"timeout": 5}"#)
    #expect(try PlanSource.body(argument: "text", flag: "--body") == Array("text".utf8))
    #expect(try PlanSource.body(argument: "@" + file, flag: "--body").count == 14)
    do {
      _ = try PlanSource.body(argument: "@/none", flag: "--body")
      Issue.record("a missing file was accepted")
    } catch { #expect(error.description == "--body @/none: found no such file, expected a file that can be read") }
    #expect(try PlanSource.vegetaOptions(argument: file).overrides.timeout == .seconds(5))
    #expect(try PlanSource.vegetaOptions(argument: #" {"timeout": "1s"}"#).overrides.timeout == .seconds(1))
    do {
      _ = try PlanSource.vegetaOptions(argument: "/none")
      Issue.record("a missing file was accepted")
    } catch {
      #expect(error.description == "--vegeta-options /none: found no such file, expected a file that can be read")
    }
  }
}

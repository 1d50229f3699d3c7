import Processes
import TestSupport
import Testing

/// Requests kept one by one, as a user asks for them and reads them.
@Suite(.timeLimit(.minutes(5))) struct SampleCommandTests {
  private static func rows(_ folder: TemporaryFolder, _ run: String) throws -> [Substring] {
    let script = Places.root + "/scripts/read-samples.py"
    let done = try ChildProcess.run(Command(Places.python, [script, folder.file(run)]), within: .seconds(60))
    #expect(done.exit == .code(0) && done.errorText.isEmpty, "\(done.errorText)")
    return Array(done.text.split(separator: "\n").dropFirst())
  }

  @Test func everyRequestIsARow() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("samples")
    try folder.write(
      "plan.yaml",
      """
      rate: 400/s
      requests: 200
      samples: all
      scenarios:
        - {name: Fine, url: "\(target.url)", weight: 3}
        - {name: Bad, url: "\(target.url)?status=503"}
      """)
    let done = try Stampede.run(["run", "--out", "r", "--quiet", "plan.yaml"], directory: folder.path)
    #expect(done.text.contains("Samples: all 200 requests in r/samples.bin\n"), "\(done.text)")
    #expect(!done.text.contains("left out"))
    let rows = try Self.rows(folder, "r")
    #expect(rows.count == 200)
    #expect(rows.count { $0.contains(",Bad,503,status,") } == 50)
    #expect(rows.count { $0.contains(",Fine,200,,") } == 150)
    #expect(Set(rows.compactMap { $0.split(separator: ",").dropFirst().first.flatMap { Int($0) } }) == Set(0..<200))
    let summary = try folder.read("r/summary.json")
    #expect(summary.contains(#""samples": {"#) && summary.contains(#""kept": 200"#))
    #expect(try Stampede.run(["report", "r"], directory: folder.path).text == done.text)
    // A share of the same plan: the same arrivals each time.
    let numbers = try ["a", "b"].map { name in
      _ = try Stampede.run(
        ["run", "--out", name, "--quiet", "--seed", "7", "--samples", "1/4", "plan.yaml"], directory: folder.path)
      return try Self.rows(folder, name).map { $0.split(separator: ",")[1] }.sorted()
    }
    #expect(numbers[0] == numbers[1] && 20...80 ~= numbers[0].count, "\(numbers[0].count)")
  }

  @Test func theBoundIsSaid() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("samples-bound")
    let done = try Stampede.run(
      [
        "run", "-n", "24000", "-c", "8", "--out", "r", "--quiet", "--samples", "all", "--samples-bound", "1",
        target.url,
      ],
      directory: folder.path)
    let rows = try Self.rows(folder, "r")
    // 1 MiB less the head, in records of 48 bytes.
    #expect(21_800...21_845 ~= rows.count, "\(rows.count)")
    let rest = 24_000 - rows.count
    #expect(done.exit == .code(0) && done.text.contains("\(rest) beyond --samples-bound"), "\(done.text)")
    #expect(Int(try Shell.run("stat -c %s r/samples.bin", directory: folder.path).text.dropLast()) ?? .max <= 1 << 20)
  }

  @Test func withoutTheOptionThereIsNone() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("no-samples")
    let done = try Stampede.run(["run", "-n", "5", "--out", "r", target.url], directory: folder.path)
    #expect(done.exit == .code(0) && !done.text.contains("Samples"))
    #expect(try Shell.run("ls r", directory: folder.path).text.contains("samples.bin") == false)
    for text in ["1/0", "0", "1/2000000000", "half", "1/"] {
      let wrong = try Stampede.run(["run", "--samples", text, target.url], directory: folder.path)
      #expect(
        wrong.exit == .code(1) && wrong.errorText.contains("--samples: found '\(text)', expected all, off, or one in"),
        "\(wrong.errorText)")
    }
  }

  /// No master is asked: none is there.
  @Test func workersKeepNone() throws {
    let folder = try TemporaryFolder("samples-fleet")
    try folder.write("plan.yaml", "samples: 1/10\nscenarios: [{url: \"http://10.0.0.7/\"}]\n")
    let plan = try Stampede.run(["submit", "plan.yaml"], directory: folder.path)
    #expect(plan.exit == .code(1))
    #expect(plan.errorText.contains("samples: found '1/10', expected nothing: workers keep no"), "\(plan.errorText)")
    let flag = try Stampede.run(["submit", "--samples", "all", "http://10.0.0.7/"], directory: folder.path)
    #expect(
      flag.exit == .code(1) && flag.errorText.contains("workers keep no requests one by one"), "\(flag.errorText)")
  }
}

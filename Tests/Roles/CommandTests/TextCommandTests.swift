import TestSupport
import Testing

/// Commands that send nothing: what they print, and how fast.
@Suite struct TextCommandTests {
  @Test func helpIsTheTextOfTheTable() throws {
    let done = try Stampede.run(["help"])
    #expect(done.exit == .code(0))
    #expect(done.text == Golden.text("help.txt"))
    for word in ["--help", "-h"] { #expect(try Stampede.run([word]).text == done.text) }
  }

  @Test(arguments: [
    "attack", "run", "report", "plan check", "plan shape", "demo-target", "completion", "login", "submit", "status",
    "results", "stop", "workers",
  ])
  func eachCommandsHelpReadsAsItWasAgreed(_ command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let done = try Stampede.run(words + ["--help"])
    #expect(done.exit == .code(0))
    #expect(done.text == Golden.text("help-\(words.joined(separator: "-")).txt"))
    #expect(try Stampede.run(["help"] + words).text == done.text)
    // Asked for help it gives help, whatever else stands there.
    #expect(try Stampede.run(words + ["--no-such", "-h"]).text == done.text)
  }

  @Test func withoutAnyWordItSaysWhatThereIs() throws {
    let done = try Stampede.run([])
    #expect(done.exit == .code(1))
    #expect(done.errorText == Golden.text("help.txt"))
    #expect(done.text.isEmpty)
  }

  @Test func versionNamesTheLibraries() throws {
    let done = try Stampede.run(["version"])
    let lines = done.text.split(separator: "\n")
    #expect(done.exit == .code(0))
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("stampede ") && lines[0].contains("(commit "))
    #expect(lines[1].hasPrefix("OpenSSL 3."))
    #expect(lines[2].hasPrefix("libyaml 0."))
    #expect(lines[3].hasPrefix("librdkafka 2."))
    #expect(lines[4].hasPrefix("libcurl 7.") || lines[4].hasPrefix("libcurl 8."))
    #expect(try Stampede.run(["--version"]).text == done.text)
  }

  /// Processor time and not the wall clock's: other tests run meanwhile.
  @Test func versionTakesAtMostTwentyMilliseconds() throws {
    let script = "TIMEFORMAT='%3U %3S'; for i in {1..20}; do time '\(Places.stampede)' version >/dev/null; done"
    let times = try Shell.run(script).errorText.split(separator: "\n").map { line in
      line.split(separator: " ").compactMap { Double($0) }.reduce(0, +)
    }
    #expect(times.count == 20)
    #expect(times.min() ?? 1 <= 0.020, "\(times)")
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionIsAScriptThatTheShellTakes(_ shell: String) throws {
    let done = try Stampede.run(["completion", shell])
    #expect(done.exit == .code(0))
    for word in ["attack", "demo-target", "fail-on-error-rate", "no-keepalive"] { #expect(done.text.contains(word)) }
    guard let path = Places.tool(shell) else { return }
    let folder = try TemporaryFolder("completion")
    let file = try folder.write("script", done.text)
    let check = try Shell.run("'\(path)' -n '\(file)'")
    #expect(check.exit == .code(0), "\(check.errorText)")
  }

  @Test(arguments: [
    ("stampede at", "attack"), ("stampede attack --fail", "--fail-on-error-rate"), ("stampede plan ch", "check"),
    ("stampede attack --log-format j", "json"), ("stampede completion z", "zsh"),
  ]) func bashCompletes(_ typed: String, _ expected: String) throws {
    let words = typed.split(separator: " ").map { "'\($0)'" }
    let script = """
      source <('\(Places.stampede)' completion bash)
      COMP_WORDS=(\(words.joined(separator: " "))) COMP_CWORD=\(words.count - 1)
      _stampede
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    #expect(try Shell.run(script).text.split(separator: "\n") == [Substring(expected)])
  }

  @Test func theManualPageIsFitForMan() throws {
    let done = try Stampede.run(["man"])
    #expect(done.exit == .code(0))
    #expect(done.text.hasPrefix(".TH STAMPEDE 1"))
    for word in ["\\-\\-fail\\-on\\-error\\-rate", ".SH \"EXIT STATUS\"", ".SH ENVIRONMENT"] {
      #expect(done.text.contains(word))
    }
    guard let groff = Places.tool("groff") else { return }
    let folder = try TemporaryFolder("man")
    let file = try folder.write("stampede.1", done.text)
    let check = try Shell.run("'\(groff)' -man -Tascii -ww -z '\(file)'")
    #expect(check.exit == .code(0))
    #expect(check.errorText.isEmpty, "\(check.errorText)")
  }
}

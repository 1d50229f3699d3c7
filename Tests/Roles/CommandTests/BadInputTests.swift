import Processes
import TestSupport
import Testing

/// What can't be done is said in words that somebody can act on, before anything is sent.
@Suite struct BadInputTests {
  @Test(arguments: [
    (["atack"], "unknown command 'atack': did you mean attack?"),
    (["frobnicate"], "unknown command 'frobnicate' (stampede help lists all)"),
    (["shop.yaml"], "'shop.yaml' is no command; for a plan type: stampede run shop.yaml"),
    (["plan"], "plan: found nothing, expected check or shape: stampede plan check FILE"),
    (["plan", "draw", "x"], "plan: found 'draw', expected check or shape: stampede plan check FILE"),
    (["run"], "run: found no plan and no URL; type: stampede run PLAN (or stampede help run)"),
    (["--users", "5"], "run: found no plan and no URL; type: stampede run PLAN (or stampede help run)"),
    (["attack", "--raet", "5"], "unknown flag --raet: did you mean --rate?"),
    (
      ["attack", "--rate", "-5/s", "U"],
      "--rate: found '-5/s', expected a rate above zero such as 500/s, 30000/m or 500"
    ),
    (
      ["attack", "--users", "5", "--vus", "6", "U"], "--users and --vus are two names for one option: give one of them"
    ),
    (["attack", "--rate", "5", "-q", "6", "U"], "--rate and -q are two names for one option: give one of them"),
    (
      ["attack", "--rate", "5", "--users", "6", "http://127.0.0.1:1/"],
      "--rate and --users can't be combined: a rate sends by the clock whatever the target does, users wait for replies; "
        + "give one of them"
    ),
    (
      ["attack", "--duration", "0", "http://127.0.0.1:1/"],
      "--duration: found '0', expected a duration above zero such as 10s or 1h"
    ),
    (["attack", "--body", "a", "-D", "b", "U"], "--body and -D can't be combined: give one body"),
    (
      ["attack", "-D", "nowhere.json", "http://127.0.0.1:1/"],
      "-D @nowhere.json: found no such file, expected a file that can be read"
    ),
    (["attack", "-a", "user", "http://127.0.0.1:1/"], "-a: found no colon, expected USER:PASSWORD"),
    (["attack", "localhost:8080"], "localhost:8080: no such file; for a URL write http://localhost:8080"),
    (
      ["attack", "-H", "no colon", "http://127.0.0.1:1/"],
      "-H: found no header name, expected a header such as 'Accept: text/html'"
    ),
    (["run", "nowhere.yaml"], "nowhere.yaml: found no such file, expected a file that can be read"),
    (["run", "a.yaml", "--plan", "b.yaml"], "run: found 'a.yaml' and --plan b.yaml, expected one of them"),
    (
      ["attack", "http://169.254.169.254/"],
      "target http://169.254.169.254: 169.254.169.254:80 is not allowed: it is a cloud metadata address; "
        + "--allow-target 169.254.169.254:80 allows it"
    ),
    (
      ["attack", "--allow-target", "x", "U"],
      "--allow-target: found 'x', expected an address or a block such as 10.0.0.0/8 or fd00::/8"
    ),
    (
      ["attack", "--out", "x.html", "U"],
      "--out x.html: HTML reports are not in this version; name a file that ends in .json or .csv"
    ),
    (["attack", "--out", "no/such/x.json", "U"], "--out no/such/x.json: there is no folder no/such/; make it first"),
    (
      ["attack", "--out", "a", "--output", "b", "U"],
      "--output b and --out a name two run directories: give one (files end in .json or .csv)"
    ),
    (
      ["attack", "--http", "here", "http://127.0.0.1:1/"],
      "--http: found 'here', expected an address such as :9100, 127.0.0.1:9100 or 0.0.0.0:9100"
    ),
    (
      ["attack", "--role", "worker"],
      "--role worker: attack sends from this machine alone; type: stampede worker --help"
    ),
    (
      ["report"],
      "report: attack prints its own report: leave '| stampede report' away (for a saved run: stampede report DIR)"
    ),
    (["localhost"], "'localhost' is no command; for a URL type: stampede http://localhost"),
    (["127.0.0.1:18080"], "'127.0.0.1:18080' is no command; for a URL type: stampede http://127.0.0.1:18080"),
    (["attack"], "stdin: found nothing in it, expected targets or a plan; or give a URL or a file's name"),
    (
      ["attack", "--out", "-", "U"],
      "--out -: standard output has the table; name a file that ends in .json or .csv, or a directory"
    ),
    (["\u{1B}[31mred\r\nb\u{9B}\u{202E}"], "unknown command '�[31mred��b��' (stampede help lists all)"),
    (["attack", "--\u{1B}c", "U"], "unknown flag --�c (stampede attack --help lists all)"),
    (
      ["attack", "http://127.0.0.1/\u{1B}[2J\r\nx"],
      "URL: found 'http://127.0.0.1/�[2J��x', expected a URL without blanks or control characters (write %20 for a "
        + "blank)"
    ),
    (["run", "a\nb.yaml"], "a�b.yaml: found no such file, expected a file that can be read"),
    (["report", "/"], "/: no run directory: there is no file 'records' in it"),
    (["report", "nowhere"], "nowhere: can't open the run directory: No such file or directory"),
    (["completion", "tcsh"], "completion: found 'tcsh', expected bash, zsh or fish"),
    (["version", "now"], "version: found 'now', expected none (stampede version --help)"),
  ]) func isSaidInOneLine(_ arguments: [String], _ expected: String) throws {
    let folder = try TemporaryFolder("bad")
    let done = try Stampede.run(arguments, input: "", directory: folder.path)
    #expect(done.exit == .code(1))
    #expect(done.errorText == "stampede: \(expected)\n")
    #expect(done.text.isEmpty)
    #expect(try folder.names().isEmpty, "nothing may be left behind")
  }

  @Test func theEnvironmentsErrorsNameTheVariable() throws {
    let done = try Stampede.run(["attack", "http://127.0.0.1:1/"], environment: ["STAMPEDE_RATE": "-5/s"])
    #expect(done.exit == .code(1))
    #expect(
      done.errorText
        == "stampede: STAMPEDE_RATE: found '-5/s', expected a rate above zero such as 500/s, 30000/m or 500\n")
  }

  @Test func everythingWrongInAPlanIsNamedWithItsPlace() throws {
    let folder = try TemporaryFolder("bad")
    try folder.write(
      "shop.yaml",
      """
      base_url: http://127.0.0.1:1
      rate: -5/s
      scenarios:
        - name: Home
          path: /
          weigth: 2

      """)
    for command in [["run", "shop.yaml"], ["plan", "check", "shop.yaml"]] {
      let done = try Stampede.run(command, directory: folder.path)
      #expect(done.exit == .code(1))
      let lines = done.errorText.split(separator: "\n")
      #expect(lines.count == 2, "\(done.errorText)")
      #expect(lines.first?.hasPrefix("stampede: shop.yaml:2:7: rate: found '-5/s', expected a rate above zero") == true)
      #expect(lines.last?.contains("shop.yaml:6:5:") == true && lines.last?.contains("weight") == true)
    }
    #expect(try folder.names() == ["shop.yaml"])
  }

  @Test func aPortInUseIsSaidBeforeAnythingIsSent() throws {
    let target = try DemoTarget()
    let port = try #require(target.url.split(separator: ":").last?.dropLast())
    let folder = try TemporaryFolder("port")
    let done = try Stampede.run(["attack", "--http", ":\(port)", target.url], directory: folder.path)
    #expect(done.exit == .code(1))
    #expect(
      done.errorText == "stampede: --http :\(port): listen on 127.0.0.1:\(port): Address already in use\n")
    #expect(try folder.names().isEmpty)
    let second = try Stampede.run(["demo-target", "--port", String(port)])
    #expect(second.exit == .code(1))
    #expect(
      second.errorText == "stampede: --port \(port): listen on 127.0.0.1:\(port): Address already in use\n")
  }

  @Test func aDirectoryThatHasSomethingInItIsLeftAlone() throws {
    let folder = try TemporaryFolder("full")
    try folder.write("mine/notes.txt", "x")
    let done = try Stampede.run(["attack", "--out", "mine", "http://127.0.0.1:1/"], directory: folder.path)
    #expect(done.exit == .code(1))
    #expect(
      done.errorText == "stampede: mine: the directory is not empty; name one that is, or that does not exist yet\n")
    #expect(try folder.read("mine/notes.txt") == "x")
  }

  @Test func anUnreadableFileIsSaid() throws {
    let folder = try TemporaryFolder("unreadable")
    try folder.write("plan.yaml/x", "")
    let done = try Stampede.run(["run", "plan.yaml"], directory: folder.path)
    #expect(done.errorText == "stampede: plan.yaml: found a directory, expected a file that can be read\n")
    #expect(done.exit == .code(1))
  }

  @Test func aTargetThatNeverAcceptsEndsTheRunWithItsCause() throws {
    let folder = try TemporaryFolder("refused")
    let port = try LocalPort.free()
    let done = try Stampede.run(
      ["attack", "--duration", "30s", "http://127.0.0.1:\(port)/"], directory: folder.path, within: .seconds(60))
    #expect(done.exit == .code(2))
    #expect(done.text.contains("Ended: no target ever accepted a connection"))
    #expect(done.errorText.contains("127.0.0.1:\(port): Connection refused"))
  }

  @Test func aReplyThatIsRubbishIsAFailureOfItsOwnKind() throws {
    let folder = try TemporaryFolder("rubbish")
    let target = try ScriptTarget("broken")
    let done = try Stampede.run(
      ["attack", "-n", "20", "-c", "2", target.url("/garbage"), "--out", "r.csv"], directory: folder.path)
    #expect(done.exit == .code(2))
    #expect(done.text.contains("not one reply was accepted"))
    #expect(try folder.read("r.csv").contains("malformed=20"))
  }

  /// A limit on files stands for a disk that is full: the same write fails in the same place.
  @Test func recordsThatCannotBeKeptStopTheRun() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("full")
    let done = try Shell.run(
      "ulimit -f 4; '\(Places.stampede)' attack --duration 60s --rate 50 \(target.url)", directory: folder.path)
    #expect(done.exit == .code(2), "\(done.errorText)")
    #expect(done.errorText.contains("the run was stopped: its records can't be written"), "\(done.errorText)")
    #expect(done.text.contains("Totals:"))
  }

  @Test func aFileThatCannotBeWrittenIsSaidAndTheResultIsStillPrinted() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("full")
    let done = try Shell.run(
      "ln -s /dev/full r.json; '\(Places.stampede)' attack -n 5 --out r.json \(target.url)", directory: folder.path)
    #expect(done.exit == .code(2), "\(done.errorText)")
    #expect(done.errorText.contains("--out r.json: ") && done.errorText.contains("No space left on device"))
    #expect(done.text.contains("Totals: 5 requests"))
  }

  @Test(arguments: [
    ["help"], ["attack", "--help"], ["version"], ["man"], ["completion", "zsh"], ["plan", "check", "p.txt"],
  ])
  func whatCannotBePrintedIsSaid(_ arguments: [String]) throws {
    let folder = try TemporaryFolder("full")
    try folder.write("p.txt", "GET http://127.0.0.1:1/\n")
    let line = arguments.map { "'\($0)'" }.joined(separator: " ")
    let done = try Shell.run("'\(Places.stampede)' \(line) > /dev/full", directory: folder.path)
    #expect(done.exit == .code(2))
    #expect(done.errorText == "stampede: standard output: No space left on device\n")
    // A reader that has gone is no error.
    let gone = try Shell.run(
      "trap '' PIPE; { '\(Places.stampede)' \(line); echo $? >&2; } | :", directory: folder.path)
    #expect(gone.errorText == "0\n")
  }

  @Test func aResultThatCannotBePrintedIsKept() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("full")
    let attack = "'\(Places.stampede)' attack --quiet -n 5 -c 1 --out d \(target.url) > /dev/full"
    let done = try Shell.run(attack, directory: folder.path)
    #expect(done.exit == .code(2))
    #expect(done.errorText == "stampede: standard output: No space left on device\n")
    for form in ["text", "json", "csv"] {
      let report = try Shell.run("'\(Places.stampede)' report --format \(form) d > /dev/full", directory: folder.path)
      #expect(report.exit == .code(2))
      #expect(report.errorText == "stampede: standard output: No space left on device\n")
    }
  }

  /// Otherwise the first files of the run would be what is printed to.
  @Test func closedDescriptorsAreNotTakenByFiles() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("closed")
    let attack = "'\(Places.stampede)' attack -n 20 -c 2 --out d \(target.url) <&- >&- 2>&-"
    #expect(try Shell.run(attack, directory: folder.path).exit == .code(0))
    let report = try Stampede.run(["report", "d"], directory: folder.path)
    #expect(report.exit == .code(0), "\(report.errorText)")
    #expect(report.text.contains("Totals: 20 requests, 100 % success"))
    #expect(report.errorText.isEmpty)
  }

  @Test func secretsOfAQueryAreNotShownOrStored() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("secret")
    let url = target.url + "?token=hunter2&size=1"
    let done = try Stampede.run(["attack", "-n", "3", "-c", "1", "--out", "d", url], directory: folder.path)
    #expect(done.exit == .code(0), "\(done.errorText)")
    #expect(done.text.contains("?token=***&size=1"))
    let check = try Stampede.run(["plan", "check", url])
    #expect(check.text.contains("?token=***&size=1"))
    var all = done.text + done.errorText + check.text
    for name in ["run.json", "summary.json", "intervals.csv"] { all += try folder.read("d/" + name) }
    #expect(!all.contains("hunter2"))
  }

  @Test func targetsThatDoNotComeAreAwaitedAloud() throws {
    let done = try Shell.run("sleep 2 | '\(Places.stampede)' attack")
    #expect(done.exit == .code(1))
    #expect(done.errorText.hasPrefix("attack: no URL is given, so targets are awaited from standard input\n"))
  }

  @Test func targetsOfTheEnvironmentAreForAttack() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("targets")
    try folder.write("t.txt", "GET \(target.url)\n")
    for arguments in [[], ["--quiet"]] {
      let done = try Stampede.run(
        arguments, directory: folder.path, environment: ["STAMPEDE_TARGETS": "t.txt", "STAMPEDE_REQUESTS": "5"])
      #expect(done.exit == .code(0), "\(done.errorText)")
      #expect(done.text.contains("Totals: 5 requests"))
    }
  }

  /// What the answer to --cacert says.
  @Test func anAuthorityIsNamedByAVariable() throws {
    guard Places.nginx != nil else { return }
    let files = try TestCertificates()
    let target = try Nginx(
      listen: "ssl", server: "ssl_certificate \(files.certificate); ssl_certificate_key \(files.key);")
    let folder = try TemporaryFolder("authority")
    let arguments = ["attack", "-n", "3", "-c", "1", "https://127.0.0.1:\(target.port)/"]
    let done = try Stampede.run(
      arguments, directory: folder.path, environment: ["SSL_CERT_FILE": files.authority])
    #expect(done.exit == .code(0), "\(done.errorText)")
    #expect(try Stampede.run(arguments, directory: folder.path).exit == .code(2))
  }
}

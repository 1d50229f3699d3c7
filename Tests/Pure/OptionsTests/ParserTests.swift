import Model
import Options
import Testing

@Suite struct ParserTests {
  static func parse(
    _ line: String, _ command: Command = Tables.attack, environment: [String: String] = [:]
  ) throws -> Invocation {
    try command.parse(line.split(separator: " ").map(String.init), environment: environment)
  }

  static func message(
    _ line: String, _ command: Command = Tables.attack, environment: [String: String] = [:]
  ) -> String? {
    do {
      _ = try parse(line, command, environment: environment)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    "--rate 500/s --duration 5s U", "--rate=500/s --duration=5s U", "-rate=500/s -duration=5s U",
    "-rate 500 -duration 5s U", "U -q 500 -z 5s", "-q500 -z5s U", "-q=500 -z=5s -- U",
  ]) func everyHabitOfWritingMeansTheSame(_ line: String) throws {
    let read = try Self.parse(line)
    #expect(read.rate(.rate)?.perSecond == 500)
    #expect(read.timeSpan(.duration) == .seconds(5))
    #expect(read.operands == ["U"])
  }

  @Test func heysLettersMeanWhatTheyMeanThere() throws {
    let read = try Tables.attack.parse(
      [
        "-n", "200", "-c", "50", "-z", "10s", "-m", "POST", "-H", "A: b", "-H", "-odd: 1", "-d", "{}", "-T", "x/y",
        "-t",
        "20", "-a", "u:p", "-A", "z", "-host", "h", "-cpus", "2", "-disable-keepalive", "URL",
      ], environment: [:])
    #expect(read.count(.requests) == 200)
    #expect(read.count(.users) == 50)
    #expect(read.texts(.header) == ["A: b", "-odd: 1"])
    #expect(read.text(.body) == "{}")
    #expect(read.timeSpan(.timeout) == .seconds(20))
    #expect(read.flag(.keepAlive) == false)
    #expect(read.count(.cores) == 2)
    #expect(read.text(.host) == "h")
    #expect(read.operands == ["URL"])
  }

  @Test func vegetasNamesWinOverOursWithOneDash() throws {
    let read = try Self.parse("-body=file -format=json -keepalive=false -http2=false -targets=-")
    #expect(read.text(.bodyFile) == "file")
    #expect(read.text(.body) == nil)
    #expect(read.text(.targetsFormat) == "json")
    #expect(read.flag(.keepAlive) == false)
    #expect(read.text(.targets) == "-")
    #expect(try Self.parse("--body=text --format=json").text(.body) == "text")
  }

  @Test(arguments: [
    ("--rate -5/s U", "--rate: found '-5/s', expected a rate above zero such as 500/s, 30000/m or 500"),
    ("-rate=-5/s", "-rate: found '-5/s', expected a rate above zero such as 500/s, 30000/m or 500"),
    ("--rate", "--rate: found nothing, expected a rate above zero such as 500/s, 30000/m or 500"),
    ("-duration -rate=5", "-duration: found nothing, expected a duration such as 10s, 250ms, 2m or 1h30m"),
    ("--rate= U", "--rate: found nothing, expected a rate above zero such as 500/s, 30000/m or 500"),
    ("--duration 10", "--duration: found '10', expected a duration such as 10s, 250ms, 2m or 1h30m"),
    ("--users 0", "--users: found '0', expected a whole number from 1 to 1000000"),
    ("--users 1.5", "--users: found '1.5', expected a whole number from 1 to 1000000"),
    (
      "--users 99999999999999999999", "--users: found '99999999999999999999', expected a whole number from 1 to 1000000"
    ),
    (
      "--fail-on-error-rate 1",
      "--fail-on-error-rate: found '1', expected a percentage from 0% to 100% such as 1% or 0.5%"
    ),
    ("--log-format jsn", "--log-format: found 'jsn', expected text or json (did you mean 'json'?)"),
    ("--quiet=perhaps", "--quiet: found 'perhaps', expected true or false"),
    ("--raet 5", "unknown flag --raet: did you mean --rate?"),
    ("-duratoin=5s", "unknown flag -duratoin: did you mean --duration?"),
    ("--zzz", "unknown flag --zzz (stampede attack --help lists all)"),
    ("--users 5 --vus 6", "--users and --vus are two names for one option: give one of them"),
    ("--users 5 --vus 5", "--users and --vus are two names for one option: give one of them"),
    ("--rate 5 -q 6", "--rate and -q are two names for one option: give one of them"),
    ("--rate 5 --rate 6", "--rate is given twice, as '5' and '6': give it once"),
    ("--spin --no-spin", "--spin and --no-spin are two names for one option: give one of them"),
    ("A B", "attack: found 'B', expected at most 1 URL (stampede attack --help)"),
    ("-workers=10", "-workers: connections are opened as they are needed; type --connections N to cap them"),
  ]) func whatCannotBeFollowedIsSaidInOneLine(_ line: String, _ expected: String) {
    #expect(Self.message(line) == expected)
  }

  @Test func theSameTwiceIsNoContradiction() throws {
    #expect(try Self.parse("--rate 5 --rate 5/s").rate(.rate)?.perSecond == 5)
    #expect(try Self.parse("--out a.json --out b.csv").texts(.out) == ["a.json", "b.csv"])
  }

  @Test func theEnvironmentStandsInForWhatIsNotTyped() throws {
    let variables = ["STAMPEDE_RATE": "70/s", "STAMPEDE_DURATION": "3s", "STAMPEDE_HEADER": "A: 1\nB: 2", "RATE": "1"]
    let read = try Self.parse("--duration 4s", environment: variables)
    #expect(read.rate(.rate)?.perSecond == 70)
    #expect(read.given(.rate)?.place == "STAMPEDE_RATE")
    #expect(read.timeSpan(.duration) == .seconds(4))
    #expect(read.texts(.header) == ["A: 1", "B: 2"])
    #expect(try Self.parse("", environment: ["STAMPEDE_RATE": ""]).rate(.rate) == nil)
    #expect(try Self.parse("", environment: ["STAMPEDE_NO_SUCH": "1"]).warnings.isEmpty)
  }

  @Test func aVariablesErrorsNameTheVariable() {
    #expect(
      Self.message("", environment: ["STAMPEDE_RATE": "fast"])
        == "STAMPEDE_RATE: found 'fast', expected a rate above zero such as 500/s, 30000/m or 500")
    #expect(
      Self.message("", environment: ["STAMPEDE_QUIET": "x"]) == "STAMPEDE_QUIET: found 'x', expected true or false")
  }

  @Test func aMisspelledVariableIsWarnedAbout() throws {
    let read = try Self.parse("", environment: ["STAMPEDE_RAET": "5", "STAMPEDE_PORT": "80"])
    #expect(read.warnings == ["STAMPEDE_RAET is no variable that is read: did you mean STAMPEDE_RATE?"])
  }

  @Test func everyOptionReadsItsOwnVariable() throws {
    for command in Tables.program.commands {
      for option in command.options {
        let text =
          switch option.kind {
          case .flag: "true"
          case .text, .path: "x"
          case .timeSpan: "5s"
          case .rate, .shape(_, .arrivals): "5/s"
          case .shape(_, .users): "5"
          case .count(_, let range): "\(range.lowerBound)"
          case .percentage: "1%"
          case .choice(_, let words): words.last ?? ""
          }
        let words = Array(repeating: "x", count: command.operands.lowerBound)
        let read = try command.parse(words, environment: [option.variable: text])
        #expect(read.given(option)?.text == text, "\(command.name) \(option.name)")
      }
    }
  }

  @Test func noTwoOptionsOfACommandShareASpelling() {
    for command in Tables.program.commands {
      var seen: [String: String] = [:]
      let all =
        command.options.map { ($0.name, $0.spellings + $0.negatives) }
        + command.refusals.map { ($0.answer, $0.spellings) }
      for (name, spellings) in all {
        for spelling in spellings {
          #expect(seen[spelling] == nil, "\(command.name): \(spelling) is of \(name) and \(seen[spelling] ?? "")")
          seen[spelling] = name
        }
      }
      #expect(Set(command.options.map(\.variable)).count == command.options.count)
    }
  }

  @Test func noWordsMakeItFail() {
    let seed = UInt64.random(in: .min ... .max)
    var source = SplitMix(state: seed)
    let pieces = [
      "-", "--", "=", "rate", "q", "H", "d", "5", "5s", " ", "é", "", "http://x/", "--out", "no-", "keepalive", "%",
      "-1",
    ]
    for _ in 0..<2_000 {
      let words = (0..<Int.random(in: 0...5, using: &source)).map { _ in
        (0..<Int.random(in: 0...4, using: &source)).map { _ in pieces.randomElement(using: &source) ?? "" }.joined()
      }
      for command in Tables.program.commands {
        do {
          let read = try command.parse(words, environment: ["STAMPEDE_RATE": words.first ?? ""])
          #expect(read.operands.count <= words.count, "seed \(seed)")
        } catch {
          #expect(!error.message.isEmpty && !error.message.contains("\n"), "seed \(seed)")
        }
      }
    }
  }

  /// Kubernetes names a service's address like a setting of ours.
  @Test(arguments: ["tcp://10.0.0.1:8080", "udp://10.0.0.1:53"]) func addressesOfServicesAreNoSettings(
    _ value: String
  ) throws {
    let read = try Self.parse("", Tables.demoTarget, environment: ["STAMPEDE_PORT": value])
    #expect(read.count(.port) == nil)
    #expect(read.warnings == ["STAMPEDE_PORT is left out: '\(value)' is the address of a service, no setting"])
    #expect(Self.message("", Tables.demoTarget, environment: ["STAMPEDE_PORT": "http://x"]) != nil)
    #expect(Self.message("--port \(value)", Tables.demoTarget) != nil)
  }
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

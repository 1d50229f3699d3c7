import Model

/// What people who come from other tools type, where it can't mean here what it means there.
public enum Habits {
  /// The one line that says what to type instead; nil where the command line means what it says.
  public static func answer(to line: Invocation) -> OptionError? {
    wrk(line) ?? rateOfHeyOrOha(line) ?? rateOfUsers(line)
  }

  /// `-d 30s` is wrk's duration, and a body here; so is `-d30` beside wrk's other letters, where no method is given.
  private static func wrk(_ line: Invocation) -> OptionError? {
    guard let body = line.given(.body), body.place == "-d", ["GET", "HEAD"].contains(line.text(.method) ?? "GET")
    else { return nil }
    let isWrks = line.given(.users)?.place == "-c" || line.given(.timeout)?.place == "-t"
    let isNumber = !body.text.isEmpty && body.text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isNumber ? isWrks && line.given(.method) == nil : body.text.last?.isLetter == true,
      let span = try? TimeSpan(text: body.text, bareUnit: .seconds(1))
    else { return nil }
    guard isWrks else {
      return OptionError("-d \(body.text) is a body, which a GET has none of: did you mean --duration \(span) (-z)?")
    }
    var words = ["stampede run", "--users \(line.given(.users)?.text ?? "10")", "--duration \(span)"]
    if let requests = line.given(.requests) { words.append("--requests \(requests.text)") }
    words += line.all(.header).map { "--header \(quoted($0.text))" }
    words += line.operands.map(quoted)
    return OptionError("-d is a body here (wrk's duration is -z); type: \(words.joined(separator: " "))")
  }

  /// `-c 50 -q 100` is 5,000 a second in hey and 100 in oha.
  private static func rateOfHeyOrOha(_ line: Invocation) -> OptionError? {
    guard let rate = line.given(.rate), rate.place == "-q", let users = line.given(.users), users.place == "-c",
      let value = line.rate(.rate), let count = line.count(.users),
      let product = value.multiplied(by: count)
    else { return nil }
    return OptionError(
      "-q with -c: hey means \(product) in all, oha \(value); type --rate \(product) --connections \(count) or "
        + "--rate \(value) --connections \(count)")
  }

  /// `--rps` limits each user, so it needs some; whoever gives a rate has said it all.
  private static func rateOfUsers(_ line: Invocation) -> OptionError? {
    guard let given = line.given(.usersRate), let rate = line.given(.rate) else { return nil }
    return OptionError(
      "\(given.place) is a limit for each of --users, and \(rate.place) sends by the clock: give one of them")
  }

  /// Another tool's name in front of its own command line; nil for words that are none.
  public static func answer(toTool word: String, _ rest: [String]) -> OptionError? {
    switch word {
    case "wrk", "wrk2": return wrkLine(word, rest)
    case "ab": return abLine(rest)
    case "hey", "oha", "bombardier":
      return OptionError(
        "\(word)'s flags go to attack; type: " + (["stampede attack"] + rest.map(quoted)).joined(separator: " "))
    case "vegeta":
      return OptionError(
        "Vegeta's commands are ours; type: " + (["stampede"] + rest.map(quoted)).joined(separator: " "))
    case "loadforge" where rest.contains(where: { $0.hasSuffix(".py") }):
      let others = rest.dropFirst(rest.first == "run" ? 1 : 0).filter { !$0.hasSuffix(".py") }
      return OptionError(
        "a Python scenario can't be run; write a plan ('stampede init' writes one to begin with) and type: "
          + (["stampede run plan.yaml"] + others.map(quoted)).joined(separator: " "))
    case "loadforge", "loadtester", "stampede-shooter":
      return OptionError(
        "\(word)'s command lines are ours; type: " + (["stampede"] + rest.map(quoted)).joined(separator: " "))
    case "k6", "locust", "artillery", "gatling", "jmeter":
      return OptionError("\(word)'s scripts can't be run; write a plan and type: stampede run plan.yaml")
    case "plot", "encode", "dump":
      return OptionError(
        "\(word) is not in this version; the run directory has intervals.csv, and: stampede report DIR")
    case "coordinator": return OptionError("coordinator: it is called master here; type: stampede master --help")
    case "dashboard", "compare":
      return OptionError("\(word) is not in this version; type: stampede report DIR")
    case _: return nil
    }
  }

  /// As a shell takes it for one word.
  static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || "-_./:=,@%+".utf8.contains($0)
      }
    return isPlain
      ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}

extension Rate {
  /// So many times the rate; nil where that is beyond the highest.
  func multiplied(by factor: Int) -> Rate? {
    let (product, overflow) = count.multipliedReportingOverflow(by: Int64(factor))
    return overflow ? nil : try? Rate(count: product, per: per)
  }
}

import Model

/// Reads the words after a command's name.
///
/// Understood are `--name value`, `--name=value`, the same with one dash (`-rate=50`), letters with the value behind or
/// attached (`-c 50`, `-c50`), options after operands, and `--`, after which all are operands.
struct Parser {
  private enum Meaning {
    case option(Option, isNegative: Bool)
    case refusal(Refusal)
  }

  private let command: Command
  private var meanings: [String: Meaning] = [:]
  private var operands: [String] = []
  private var given: [String: [Invocation.Given]] = [:]
  private var ignored: [String] = []

  init(_ command: Command) {
    self.command = command
    for option in command.options {
      for spelling in option.spellings { meanings[spelling] = .option(option, isNegative: false) }
      for spelling in option.negatives { meanings[spelling] = .option(option, isNegative: true) }
    }
    for refusal in command.refusals {
      for spelling in refusal.spellings { meanings[spelling] = .refusal(refusal) }
    }
  }

  /// Reads all words, then fills in from the environment what they leave open.
  mutating func parse(_ words: [String], environment: [String: String]) throws(OptionError) -> Invocation {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      if word.first != "-" || word == "-" {
        operands.append(word)
        continue
      }
      try read(word, &rest)
    }
    try readEnvironment(environment)
    try checkOperands()
    return Invocation(command: command, operands: operands, given: given, warnings: ignored + warnings(environment))
  }

  private mutating func read(_ word: String, _ rest: inout ArraySlice<String>) throws(OptionError) {
    let equal = word.firstIndex(of: "=")
    let spelling = String(word[..<(equal ?? word.endIndex)])
    let inline = equal.map { String(word[word.index(after: $0)...]) }
    if let meaning = meaning(of: spelling) {
      try take(meaning, spelling, inline, &rest)
      return
    }
    // A letter with its value attached: -c50, -d'{"a":1}'. Not where a lower-case letter follows: that is a misspelled
    // long name, and its rest must not become a request's body.
    let letter = String(word.prefix(2))
    if word.dropFirst().first != "-", let third = word.dropFirst(2).first, !third.isLowercase,
      let meaning = meaning(of: letter), takesValue(meaning)
    {
      try take(meaning, letter, String(word.dropFirst(2)), &rest)
      return
    }
    let clause = Suggestion.nearest(to: bare(spelling), among: longNames).map { ": did you mean --\($0)?" }
    throw OptionError("unknown flag \(spelling)\(clause ?? " (stampede \(command.name) --help lists all)")")
  }

  private func meaning(of spelling: String) -> Meaning? {
    if let exact = meanings[spelling] { return exact }
    return spelling.utf8.count > 2 && !spelling.hasPrefix("--") ? meanings["-" + spelling] : nil
  }

  private func takesValue(_ meaning: Meaning) -> Bool {
    switch meaning {
    case .option(let option, _): option.kind != .flag
    case .refusal: true
    }
  }

  private mutating func take(
    _ meaning: Meaning, _ spelling: String, _ inline: String?, _ rest: inout ArraySlice<String>
  ) throws(OptionError) {
    switch meaning {
    case .refusal(let refusal):
      throw OptionError("\(spelling): \(refusal.answer)")
    case .option(let option, let isNegative):
      if option.kind == .flag {
        let value = try read(inline ?? "true", option, spelling)
        guard case .flag(let isOn) = value else { return }
        try keep(option, .init(source: .flag(spelling), text: inline ?? "", value: .flag(isOn != isNegative)))
        return
      }
      guard let text = inline ?? nextValue(&rest) else {
        throw OptionError("\(spelling): found nothing, expected \(option.kind.expected)")
      }
      let value = try read(text, option, spelling)
      try keep(option, .init(source: .flag(spelling), text: text, value: value))
    }
  }

  /// The next word, unless it is an option of this command: then the value was forgotten.
  private func nextValue(_ rest: inout ArraySlice<String>) -> String? {
    guard let next = rest.first else { return nil }
    let spelling = String(next.prefix { $0 != "=" })
    if next.first == "-", next != "-", meaning(of: spelling) != nil { return nil }
    rest = rest.dropFirst()
    return next
  }

  private func read(_ text: String, _ option: Option, _ place: String) throws(OptionError) -> Value {
    do { return try option.kind.value(of: text) } catch {
      throw Habits.answer(toValue: text, of: option, at: place) ?? OptionError(place, error)
    }
  }

  private mutating func keep(_ option: Option, _ new: Invocation.Given) throws(OptionError) {
    if let before = given[option.name]?.last, !option.isRepeatable {
      if before.place != new.place {
        throw OptionError("\(before.place) and \(new.place) are two names for one option: give one of them")
      }
      if before.value != new.value {
        throw OptionError("\(new.place) is given twice, as '\(before.text)' and '\(new.text)': give it once")
      }
      return
    }
    given[option.name, default: []].append(new)
  }

  private mutating func readEnvironment(_ environment: [String: String]) throws(OptionError) {
    for option in command.options where given[option.name] == nil {
      // An empty variable is how compose files and shells say "not set".
      let variables = [option.variable] + (option.plainVariable.map { [$0] } ?? [])
      guard let variable = variables.first(where: { !(environment[$0] ?? "").isEmpty }),
        let text = environment[variable]
      else { continue }
      // Kubernetes gives every container STAMPEDE_PORT=tcp://10.0.0.1:8080 where a service is called stampede.
      if option.kind.isNumber, text.hasPrefix("tcp://") || text.hasPrefix("udp://") {
        ignored.append("\(variable) is left out: '\(text)' is the address of a service, no setting")
        continue
      }
      let parts = option.isRepeatable ? text.split(separator: "\n").map(String.init) : [text]
      for part in parts {
        let value = try read(part, option, variable)
        given[option.name, default: []].append(.init(source: .variable(variable), text: part, value: value))
      }
    }
  }

  private func checkOperands() throws(OptionError) {
    if operands.count > command.operands.upperBound {
      let extra = operands[command.operands.upperBound]
      let most = command.operands.upperBound
      let taken = most == 0 ? "none" : "at most \(most) \(command.operandWord)"
      throw OptionError("\(command.name): found '\(extra)', expected \(taken) (stampede \(command.name) --help)")
    }
    if operands.count < command.operands.lowerBound {
      let usage = (command.usages.first ?? command.name).split(separator: " ").filter { $0 != "[flags]" }
      throw OptionError(
        "\(command.name): found no \(command.operandWord); type: stampede \(usage.joined(separator: " "))")
    }
  }

  /// Variables that look like one of this command's, misspelled.
  private func warnings(_ environment: [String: String]) -> [String] {
    let known = command.options.map(\.variable)
    return environment.keys.sorted().compactMap { name in
      guard name.hasPrefix("STAMPEDE_"), !known.contains(name), !Tables.allVariables.contains(name),
        let near = Suggestion.nearest(to: String(name.dropFirst(9)), among: known.map { String($0.dropFirst(9)) })
      else { return nil }
      return "\(name) is no variable that is read: did you mean STAMPEDE_\(near)?"
    }
  }

  private var longNames: [String] {
    meanings.keys.filter { $0.hasPrefix("--") }.map(bare).sorted()
  }

  private func bare(_ spelling: String) -> String { String(spelling.drop { $0 == "-" }) }
}

extension Command {
  /// Reads the words that follow the command's name; what they leave open may come from the environment.
  public func parse(_ words: [String], environment: [String: String]) throws(OptionError) -> Invocation {
    var parser = Parser(self)
    return try parser.parse(words, environment: environment)
  }
}

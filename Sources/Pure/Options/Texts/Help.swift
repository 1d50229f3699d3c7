import Model

extension Option {
  /// `-q, --rate RATE`: one letter and the usual spelling.
  var term: String {
    let letter = spellings.first { $0.count == 2 }
    let names = (letter.map { [$0] } ?? []) + (name == letter ? [] : [name])
    return names.joined(separator: ", ") + (placeholder.map { " \($0)" } ?? "")
  }

  /// The help text and what else it may be called.
  var explanation: String {
    let shown = [name, spellings.first { $0.count == 2 } ?? ""]
    let others = spellings.filter { !shown.contains($0) } + negatives.filter { !help.contains($0) }
    var text = help
    if case .choice(_, let words) = kind, !words.allSatisfy({ help.contains($0) }) {
      text = "\(words.joined(separator: ", ")). \(text)"
    }
    return others.isEmpty ? text : "\(text) (also \(others.joined(separator: ", ")))"
  }
}

extension Command {
  /// The help page, at most 80 columns wide; ends with a line end.
  public func helpText(program: Program) -> String {
    var lines = Wrapping.lines("\(program.name) \(name): \(summary).", width: 80)
    lines.append("")
    lines.append("Usage:")
    lines += usages.map { "  \(program.name) \($0)" }
    for group in groups {
      lines += ["", "\(group.title):"]
      for option in group.options { lines += Wrapping.entry(option.term, option.explanation, column: 26) }
    }
    if !examples.isEmpty {
      lines += ["", "Examples:"]
      for example in examples { lines += ["  \(example.line)", "      \(example.does)"] }
    }
    for note in notes {
      lines.append("")
      lines += Wrapping.lines(note, width: 80)
    }
    if options.count > 3 {
      lines.append("")
      lines += Wrapping.lines(Program.environmentNote, width: 80)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Program {
  static let environmentNote =
    "Every option may also come from the environment: STAMPEDE_RATE=500/s stands for --rate 500/s. What is typed wins. "
    + "Durations are written 10s, 250ms, 2m, 1h30m; options may stand before or after other words; one dash does for two."

  /// The overview, at most 80 columns wide; ends with a line end.
  public var helpText: String {
    var lines = ["\(name): \(summary).", "", "Usage:", "  \(name) COMMAND [flags] …", "  \(name) [flags] URL", ""]
    lines.append("Commands:")
    for command in commands {
      lines += Wrapping.entry(command.name, command.summary, column: 16)
    }
    lines += ["", "First steps:"]
    lines += [
      "  \(name) demo-target --port 8080 &", "  \(name) attack --rate 500/s --duration 5s http://127.0.0.1:8080/",
      "  \(name) help attack", "", "Exit codes:",
    ]
    for (code, meaning) in exitCodes {
      lines += Wrapping.entry("\(code)", meaning, column: 7)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The one line for a word that is no command.
  public func unknown(_ word: String) -> OptionError {
    let near = Suggestion.nearest(to: word, among: commands.map(\.name))
    return OptionError(
      "unknown command '\(word)'\(near.map { ": did you mean \($0)?" } ?? " (\(name) help lists all)")")
  }
}

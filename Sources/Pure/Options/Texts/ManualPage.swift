extension Program {
  /// The manual page in roff (man macros), section 1.
  public func manualPage(version: String) -> String {
    var page = ".TH \(name.uppercased()) 1 \"\" \"\(Roff.text(name)) \(Roff.text(version))\" \"User Commands\"\n"
    page += ".SH NAME\n\(Roff.text(name)) \\- \(Roff.text(summary))\n"
    page += ".SH SYNOPSIS\n"
    for command in commands {
      for usage in command.usages { page += ".PP\n.B \(name)\n\(Roff.text(usage))\n" }
    }
    page += ".SH COMMANDS\n"
    for command in commands {
      page += ".SS \(Roff.quoted(command.name))\n\(Roff.sentence(command.summary)).\n"
      for group in command.groups {
        page += ".PP\n\\fI\(Roff.text(group.title))\\fR\n"
        for option in group.options { page += ".TP\n.B \(Roff.text(option.term))\n\(Roff.text(option.explanation))\n" }
      }
      for note in command.notes { page += ".PP\n\(Roff.text(note))\n" }
      for example in command.examples {
        page += ".PP\n\(Roff.sentence(example.does)):\n.PP\n.nf\n.RS\n\(Roff.text(example.line))\n.RE\n.fi\n"
      }
    }
    page += ".SH ENVIRONMENT\n\(Roff.text(Program.environmentNote))\n"
    page += ".SH \"EXIT STATUS\"\n"
    for (code, meaning) in exitCodes { page += ".TP\n.B \(code)\n\(Roff.sentence(meaning)).\n" }
    page += ".SH FILES\n.TP\n.B runs/TIME-NAME/\n"
    page += "What a run leaves: its plan, its records, summary.json and intervals.csv.\n"
    return page
  }
}

/// What roff takes for text.
enum Roff {
  /// Backslashes and dashes escaped, a leading dot or quote made harmless.
  static func text(_ plain: String) -> String {
    var result = ""
    for character in plain {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case let other: result.append(other)
      }
    }
    return result.first == "." || result.first == "'" ? "\\&" + result : result
  }

  /// With a capital at its beginning.
  static func sentence(_ plain: String) -> String {
    text(plain.prefix(1).uppercased() + plain.dropFirst())
  }

  static func quoted(_ plain: String) -> String { "\"\(text(plain))\"" }
}

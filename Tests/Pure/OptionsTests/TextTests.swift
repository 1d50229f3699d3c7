import Options
import Testing

@Suite struct TextTests {
  @Test func helpFitsEightyColumnsAndNamesEveryOption() {
    for command in Tables.program.commands {
      let text = command.helpText(program: Tables.program)
      for line in text.split(separator: "\n") where !line.hasPrefix("  stampede ") && !line.hasPrefix("  echo ") {
        #expect(line.count <= 80, "\(command.name): \(line)")
      }
      for option in command.options {
        for spelling in option.spellings + option.negatives {
          #expect(text.contains(spelling), "\(command.name): \(spelling)")
        }
      }
    }
    for line in Tables.program.helpText.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test func everyExampleOfTheHelpCanBeRead() throws {
    for command in Tables.program.commands {
      for example in command.examples where example.line.hasPrefix("stampede \(command.name) ") {
        guard !example.line.contains("|"), !example.line.contains(">"), !example.line.contains("'") else { continue }
        let words = example.line.split(separator: " ").dropFirst(1 + command.name.split(separator: " ").count)
        let read = try command.parse(words.map(String.init), environment: [:])
        #expect(Habits.answer(to: read) == nil, "\(example.line)")
      }
    }
  }

  @Test func theManualPageEscapesDashesAndLeadingDots() {
    let page = Tables.program.manualPage(version: "1.0")
    #expect(page.hasPrefix(".TH STAMPEDE 1"))
    #expect(page.contains("\n.B \\-q, \\-\\-rate RATE\n"))
    for line in page.split(separator: "\n") where line.first == "." {
      let macro = line.dropFirst().prefix { $0 != " " }
      #expect(["TH", "SH", "SS", "PP", "TP", "B", "RS", "RE", "nf", "fi"].contains(String(macro)), "\(line)")
    }
  }

  @Test func anUnknownCommandIsSuggestedFor() {
    #expect(Tables.program.unknown("atack").message == "unknown command 'atack': did you mean attack?")
    #expect(Tables.program.unknown("xyzzy").message == "unknown command 'xyzzy' (stampede help lists all)")
  }
}

import Measuring
import Model
import Reports
import Summary
import Testing

/// Names come from plans and URLs: whatever they hold, a report stays a report.
@Suite struct HostileTextTests {
  static func report(names: [String], width: Int, colour: Bool = false) throws -> String {
    let load = Load(model: .arrivals(try Rate(text: "10/s")), duration: .seconds(1))
    var description = try SampleRun.description(load, targets: names.map { ($0, "http://127.0.0.1:8080/") })
    description.name = names[0]
    description.targets[0].url = "http://127.0.0.1/" + names[0]
    let intervals = names.map { SampleRun.name($0, count: 5, step: 1_000) }
    let summary = SampleRun.summary(description, [SampleRun.interval(0, intervals)])
    return TerminalReport.text(
      summary, width: width, colour: colour, directory: names[0], causes: [.connect: names[0]])
  }

  /// What a terminal of the East Asian kind would draw, counted on its own.
  static func columns(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { sum, scalar in
      switch scalar.value {
      case 0x300...0x36F: sum
      case 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x1F600...0x1F64F: sum + 2
      default: sum + 1
      }
    }
  }

  static let hostile = [
    "\u{1B}[2J\u{1B}[1;1Hgone", "a\r\nTotals: 0 requests", "bell\u{7}\u{8}\u{7F}", "c1\u{9B}31m", "\u{202E}txt.exe",
    "zero\u{200B}width\u{FEFF}", "tag\u{E0041}", "line\u{2028}two", "\u{1B}]0;title\u{7}", "\u{0}",
  ]

  @Test(arguments: hostile)
  func noControlOrFormatCharacterComesThrough(_ name: String) throws {
    for width in [40, 80, 120] {
      let text = try Self.report(names: [name], width: width)
      for scalar in text.unicodeScalars where scalar != "\n" {
        #expect(scalar.properties.generalCategory != .control)
        #expect(scalar.properties.generalCategory != .format)
        #expect(scalar.properties.generalCategory != .lineSeparator)
      }
      let plain = try Self.report(names: ["x"], width: width)
      #expect(text.split(separator: "\n").count { $0.hasPrefix("Totals:") } == 1)
      #expect(text.contains("\u{FFFD}"))
      #expect(!plain.contains("\u{FFFD}"))
    }
  }

  @Test func coloursAreOnlyThereWhenAskedFor() throws {
    let plain = try Self.report(names: ["x"], width: 80)
    let coloured = try Self.report(names: ["x"], width: 80, colour: true)
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.contains("\u{1B}[32mResult: passed (exit code 0)\u{1B}[0m\n"))
    #expect(coloured.replacing(#/\u{1B}\[[0-9]+m/#, with: "") == plain)
  }

  @Test func longNamesAreShortenedInTheMiddle() throws {
    let long = "GET /api/v2/customers/:id/orders/:order/items/:item/availability?warehouse=north"
    let lines = try Self.report(names: ["/", long], width: 80).split(separator: "\n").map(String.init)
    let row = try #require(lines.first { $0.hasPrefix("GET /api") && $0.contains(" ms") })
    #expect(row == "GET /api/v2/cu…arehouse=north   5    0  3.00 ms  5.00 ms  5.00 ms  5.00 ms   5.0")
    #expect(lines.allSatisfy { Self.columns($0) <= 80 })
  }

  @Test func columnsAlignWhateverTheNamesAreWrittenIn() throws {
    let names = ["plain", "注文確認", "e\u{301}te\u{301}", "😀😀", "주문"]
    for width in [80, 120] {
      let lines = try Self.report(names: names, width: width).split(separator: "\n").map(String.init)
      let start = try #require(lines.firstIndex { $0.hasPrefix("Name") })
      let table = lines[start...(start + names.count + 1)]
      #expect(Set(table.map(Self.columns)).count == 1, "\(table.joined(separator: "\n"))")
    }
  }

  @Test func aTerminalTooNarrowStillShowsEveryFigure() throws {
    let wide = try Self.report(names: ["name"], width: 200)
    let narrow = try Self.report(names: ["name"], width: 1)
    #expect(narrow.contains("5.00 ms"))
    #expect(wide.contains("5.00 ms"))
  }
}

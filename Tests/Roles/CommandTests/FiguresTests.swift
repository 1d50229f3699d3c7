import Foundation
import Processes
import TestSupport
import Testing

/// What the demo stands on: REST, SQL and the terminal held against each other, and that no difference escapes it.
struct FiguresTests {
  /// One result, as three texts. The rows of SQL are made from the object, in the order of the demo's queries.
  private struct Texts {
    var rest: String
    var rows: String
    var terminal: String

    init() throws {
      let (target, folder) = (try DemoTarget(), try TemporaryFolder("figures"))
      try folder.write("targets.txt", "GET \(target.url)\n\nPOST \(target.url)large?size=10KiB&status=503\n")
      let done = try Stampede.run(
        ["attack", "--targets", "targets.txt", "--rate", "100/s", "--duration", "2s", "--out", "run"],
        directory: folder.path)
      #expect(done.exit == .code(0), "\(done.errorText)")
      terminal = done.text
      rest = try folder.read("run/summary.json")
      rows = try Self.rows(JSONSerialization.jsonObject(with: Data(rest.utf8)) as? [String: Any] ?? [:])
    }

    private static func rows(_ summary: [String: Any]) -> String {
      func row(_ kind: String, _ name: String, _ part: [String: Any]) -> String {
        let response = part["response"] as? [String: Any] ?? [:]
        let times = ["p50", "p90", "p99", "max"].map { ((response[$0] as? [String: Any])?["us"] as? Int) ?? -1 }
        return "\(kind)|\(name)|\(part["ok"] ?? "")|\(part["err"] ?? "")|"
          + times.map { $0 < 0 ? "" : "\($0)" }.joined(separator: "|")
      }
      let names = summary["names"] as? [[String: Any]] ?? []
      let rows = names.map { row("name", $0["name"] as? String ?? "", $0) }
      let totals = row("totals", "Totals", summary["totals"] as? [String: Any] ?? [:])
      return (rows + [totals, ledger]).joined(separator: "\n")
    }
  }

  private static let ledger = "ledger|200|200|0|0|0|200|200|0|0|200|200|0|0|t"

  private func compare(_ texts: Texts) throws -> Finished {
    let folder = try TemporaryFolder("figures")
    let files = try ["rest": texts.rest, "rows": texts.rows, "terminal": texts.terminal].mapValues {
      try folder.write("\($0.count)-\(UInt32.random(in: 0...(.max)))", $0)
    }
    return try ChildProcess.run(
      Command(
        Places.python,
        ["-B", "\(Places.root)/scripts/cluster/figures.py"] + ["rest", "rows", "terminal"].map { files[$0] ?? "" }),
      within: .seconds(60))
  }

  @Test func noDifferenceEscapes() throws {
    let texts = try Texts()
    let equal = try compare(texts)
    #expect(equal.exit == .code(0) && equal.errorText.isEmpty, "\(equal.errorText)\n\(texts.terminal)")

    func differs(_ word: String, _ change: (inout Texts) -> Void) throws {
      var changed = texts
      change(&changed)
      let done = try compare(changed)
      #expect(done.exit == .code(1) && done.errorText.contains(word), "\(word): \(done.errorText)")
    }
    func swap(_ text: inout String, _ from: String, _ to: String) {
      #expect(text.contains(from), "\(from) is not in \(text)")
      text = text.replacing(from, with: to)
    }
    // A count, a microsecond, a name, the totals, a residual, a record that is missing.
    try differs("REST says") { swap(&$0.rows, "|100|0|", "|99|0|") }
    try differs("REST says") { texts in
      let first = texts.rows.split(separator: "\n").first.map { $0.split(separator: "|") } ?? []
      swap(&texts.rows, "|\(first[4])|", "|\((Int(first[4]) ?? 0) + 1)|")
    }
    try differs("REST says") { $0.rows = $0.rows.split(separator: "\n").dropFirst().joined(separator: "\n") }
    try differs("all names") { swap(&$0.rows, "|Totals|100|", "|Totals|101|") }
    try differs("SQL: the equations leave [0, 1, 0, 0]") { swap(&$0.rows, "|200|200|0|0|200|", "|200|199|0|1|200|") }
    try differs("SQL: the result is not complete") { swap(&$0.rows, "|t", "|f") }
    try differs("REST: the equations") { swap(&$0.rest, "\"residual\": 0", "\"residual\": 1") }
    try differs("REST: the result is not complete") { swap(&$0.rest, "\"complete\": true", "\"complete\": false") }
    try differs("does not show four") { swap(&$0.terminal, "0 gap: holds", "0 gap: DOES NOT HOLD") }
    try differs("lacks") { swap(&$0.terminal, "Response time, from", "Times, from") }
    try differs("the terminal {") { texts in
      let lines = texts.terminal.split(separator: "\n", omittingEmptySubsequences: false)
      texts.terminal = lines.map { $0.hasPrefix("GET /") ? String($0).replacing(" 100 ", with: " 101 ") : String($0) }
        .joined(separator: "\n")
    }
  }
}

import JSONScan
import Model
import Plans
import TestSupport
import Testing

@testable import PlanFiles

@Suite struct TOMLTests {
  private func tree(_ text: String) throws -> Node { try TOMLReader.document(Array(text.utf8)) }

  private func read(_ text: String) throws -> PlanDocument { try plan(text, file: "plan.toml") }

  @Test func valuesAndPlaces() throws {
    let root = try tree(
      """
      # comment
      text = "a\\tb"
      raw = 'c\\d'
      whole = -1_000
      hex = 0x1F
      part = 1.50
      big = 1e21
      yes = true
      list = [1, "two", [3]]
      day = 2024-01-01
      none = inf
      in.dotted = 1
      [z]
      inner = { b = 1, a = 2 }
      [[a]]
      x = 1
      [[a]]
      x = 2
      """)
    #expect(
      root.members?.map(\.key) == [
        "text", "raw", "whole", "hex", "part", "big", "yes", "list", "day", "none", "in", "z", "a",
      ], "in the text's order")
    #expect(root["text"]?.text == "a\tb" && root["raw"]?.text == #"c\d"#)
    #expect(root["whole"]?.int == -1000 && root["hex"]?.int == 31)
    #expect(root["part"]?.number == "1.5" && root["big"]?.number == "1e+21" && root["yes"]?.bool == true)
    #expect(root["list"]?[2]?[0]?.int == 3 && root["list"]?[1]?.text == "two")
    #expect(root["day"]?.number == nil && root["none"]?.number == nil)
    #expect(root["in"]?["dotted"]?.int == 1)
    #expect(root["z"]?["inner"]?.members?.map(\.key) == ["b", "a"])
    #expect(root["a"]?.items?.map { $0["x"]?.int } == [1, 2])
    #expect(root["text"]?.place == Place(line: 2, column: 8))
    #expect(root.members?[2].keyPlace == Place(line: 4, column: 1))
    #expect(try tree("").members?.isEmpty == true)
  }

  @Test func aPlan() throws {
    let document = try read(
      """
      name = "x"
      rate = "30000/m"
      duration = "1m30s"
      [defaults]
      headers = { A = "${X:-1}", B = ["2", "3"] }
      [lists]
      m = ["a"]
      [[scenarios]]
      url = "http://h/{{pick m}}"
      weight = 3
      [[scenarios]]
      name = "s"
      [[scenarios.steps]]
      url = "http://h/"
      json_body = { n = 1, t = "{{uuid}}" }
      capture = { id = "$.id" }
      """)
    #expect(document.format == .toml && document.name == "x" && document.load.duration == .seconds(90))
    #expect(document.scenarios.map(\.name) == ["GET /:m", "s"])
    #expect(document.targets[0].headers == [Header("A", "1"), Header("B", "2"), Header("B", "3")])
    #expect(document.targets[1].template?.body.parts.first == .text(Array(#"{"n":1,"t":""#.utf8)))
  }

  @Test(arguments: [
    ("a = \n", "plan.toml:1:5: not TOML: "), ("a = 1\na = 2\n", "plan.toml:2:"), ("[a\n", "plan.toml:1:3: not TOML: "),
    ("name = 3\n[[scenarios]]\nurl = 'http://h/'\n", "plan.toml:1:8: name: found 3, expected text (in quotes)"),
    ("[[scenarios]]\nurl = 'http://h/'\nweigth = 1\n", "plan.toml:3:1: scenarios[0].weigth: unknown field"),
    ("[[scenarios]]\nurl = 'http://h/{{x}}'\n", "plan.toml:2:7: scenarios[0].url: found the template '{{x}}'"),
    ("name = 'x'\n", "plan.toml:1:1: scenarios: found nothing"),
  ])
  func wrong(text: String, expected: String) {
    let message = errors(text, file: "plan.toml")
    #expect(message.hasPrefix(expected), "\(message)")
  }

  @Test func bytesAndDepth() {
    #expect(errors([0x61, 0x0A, 0xFF], file: "p.toml") == "p.toml:2:1: found the byte 0xFF, expected UTF-8")
    let deep = "a = " + String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
    #expect(errors(deep, file: "p.toml").contains("found more than 64 levels"))
    #expect(errors("a = " + String(repeating: "[", count: 100_000), file: "p.toml").contains("p.toml:1:"))
  }

  /// Whatever the bytes: no crash, and each error has a place in the text or none.
  @Test func fuzz() {
    let seed = Fuzz.seed(for: "TOMLTests")
    var source = SplitMix(seed: seed)
    let text = "name = 'a'\n[defaults]\nheaders = {A = 'b'}\n[[scenarios]]\nurl = \"http://h/{{uuid}}\"\nweight = 3\n"
    let tokens = [
      "[", "]", "[[", "]]", "=", "'", "\"", "\"\"\"", "{", "}", ".", ",", "\n", "#", "1", "true", "é", "1979-05-27",
      "inf",
    ]
    var accepted = 0
    for _ in 0..<Fuzz.count(5_000) {
      let bytes = Fuzz.mutated(Array(text.utf8), tokens: tokens, &source)
      do throws(PlanError) {
        _ = try PlanSource.read(bytes, file: "f.toml", name: "f", environment: [:])
        accepted += 1
      } catch {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).count
        for diagnostic in error.diagnostics {
          #expect((diagnostic.place?.line ?? 1) <= lines + 1, "seed \(seed): \(error)")
        }
      }
    }
    #expect(accepted > 0)
  }
}

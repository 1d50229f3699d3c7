import PlanFiles
import Plans
import TestSupport
import Testing

@Suite struct YAMLFuzzTests {
  /// Whatever the bytes: no crash, and each error has a place in the text or none.
  @Test func fuzz() {
    let seed = Fuzz.seed(for: "YAMLFuzzTests")
    var source = SplitMix(seed: seed)
    let texts = YAMLFuzzTests.seeds.map { Array($0.utf8) }
    var accepted = 0
    for _ in 0..<Fuzz.count(10_000) {
      let bytes = Fuzz.mutated(texts.randomElement(using: &source) ?? [], tokens: YAMLFuzzTests.tokens, &source)
      do throws(PlanError) {
        _ = try PlanSource.read(bytes, file: "f.yaml", name: "f", environment: ["X": "1"])
        accepted += 1
      } catch {
        let lines = bytes.split(omittingEmptySubsequences: false) { $0 == 0x0A || $0 == 0x0D }.count
        for diagnostic in error.diagnostics {
          let line = diagnostic.place?.line ?? 1
          // NEL, LS and PS end lines in YAML, so there can be a few more of them than LF and CR.
          #expect(
            line >= 1 && line <= lines + bytes.count { $0 == 0x85 || $0 == 0xA8 || $0 == 0xA9 } + 1,
            "seed \(seed): \(error)")
        }
        #expect(!error.diagnostics.isEmpty)
      }
    }
    #expect(accepted > 0)
  }

  private static let seeds = [
    "name: a\nbase_url: http://h:80\ndefaults:\n  headers: {A: b}\n  timeout: 5s\nscenarios:\n  - path: /x\n    weight: 3\n",
    "a: &a [1, {b: c}]\nb: *a\n<<: *a\nscenarios:\n- url: 'http://h/'\n  json_body: |\n    {\"a\": 1}\n",
    "---\nrate: 50/s\nduration: 10s\nscenarios:\n- <<: {method: PUT}\n  url: \"http://h/\\u00e9${X}\"\n  headers: {X: [a, b]}\n...\n",
    "- name: C\n  url: http://h/{{x}}\n  expect_status: 200\n",
  ]

  private static let tokens = [
    "{", "}", "[", "]", ":", "- ", "? ", "|", ">", "&a ", "*a", "!!str ", "\"", "'", "#", "\n", "\t", "---\n", "%",
    "<<: *a\n", "${", "{{", "é", "\u{85}", "\u{2028}",
  ]
}

import JSONScan
import Model
import Plans
import TestSupport
import Testing

@Suite struct PlanFuzzTests {
  private static let plans = [
    #"""
    {"name": "n", "base_url": "http://h:80/a", "defaults": {"method": "PUT", "headers": {"A": "b"}, "timeout": "5s"},
     "rate": "50/s", "duration": "10s", "seed": 3, "scenarios": [{"path": "/x?${X}", "weight": 3, "expect_status": "2xx"},
     {"url": "https://u:p@[::1]/", "json_body": {"a": [1, "${X}"]}, "headers": [{"A": "1"}, "B: 2"]}]}
    """#,
    #"{"users": 5, "requests": 7, "allow_target": ["10.0.0.0/8"], "scenarios": [{"url": "http://h", "body_base64": "AP8="}]}"#,
    #"{"grace": 0, "keep_alive": false, "connections": 9, "scenarios": [{"url": "http://h/$${x}/{${}{", "body": "x"}]}"#,
  ]
  private static let targets = [
    "GET http://h:80/a?b\nX: 1\n\n# c\nPOST http://u:p@h/x\n@body\nPUT http://h/users/17\n",
    #"{"method":"GET","url":"http://h","body":"UHVuY2gh","header":{"A":["1","2"]}}"#,
    #"[{"method":"GET","url":"http://h/a"},{"method":"PUT","url":"http://h/b"}]"#,
  ]
  private static let options =
    #"{"timeout": 5, "rate": "5/s", "keepalive": false, "max-workers": 5, "header": {"A": ["b"]}, "redirects": -1}"#
  private static let tokens = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\n", "\r", "\t", "\0", "0", "-1", "1e9", "99999999999999999999", "null",
    "true", "${",
    "${X}", "$${", "{{", "}}", "@", "#", " ", "GET ", "http://", "%", "é", "/", "?", "ms", "/s",
  ]

  /// Whatever the bytes: no crash; and what is accepted is kept in a run's folder and read back as the same plan.
  @Test func fuzz() throws {
    let seed = Fuzz.seed(for: "PlanFuzzTests")
    var source = SplitMix(seed: seed)
    let seeds = (PlanFuzzTests.plans + PlanFuzzTests.targets).map { Array($0.utf8) }
    var accepted = 0
    for _ in 0..<Fuzz.count(10_000) {
      let bytes = Fuzz.mutated(seeds.randomElement(using: &source) ?? [], tokens: PlanFuzzTests.tokens, &source)
      for document in read(bytes) {
        guard let plan = try? document.resolved(with: PlanOverrides()).plan else { continue }
        accepted += 1
        let root = try JSONReader.document(PlanText.encode(plan)).root
        let again = try PlanReader.read(root, format: .json, file: "f", name: "-", environment: [:])
        #expect(try again.resolved(with: PlanOverrides()).plan == plan, "seed \(seed): \(bytes)")
        check(plan, seed)
      }
    }
    #expect(accepted > 0)
  }

  @Test func fuzzOptions() {
    let seed = Fuzz.seed(for: "PlanFuzzTests.fuzzOptions")
    var source = SplitMix(seed: seed)
    var accepted = 0
    for _ in 0..<Fuzz.count(10_000) {
      let bytes = Fuzz.mutated(Array(PlanFuzzTests.options.utf8), tokens: PlanFuzzTests.tokens, &source)
      do throws(PlanError) {
        let options = try VegetaOptions.read(bytes, file: "f")
        #expect(options.overrides.timeout.map { $0 > .zero } ?? true)
        accepted += 1
      } catch { #expect(!error.diagnostics.isEmpty) }
    }
    #expect(accepted > 0)
  }

  private func read(_ bytes: [UInt8]) -> [PlanDocument] {
    var documents: [PlanDocument] = []
    if let root = try? JSONReader.document(bytes).root,
      let plan = try? PlanReader.read(root, format: .json, file: "f", name: "f", environment: ["X": "1"])
    {
      documents.append(plan)
    }
    if let targets = try? VegetaText.read(bytes, file: "f", name: "f", load: { _ in [0xFF] }) {
      documents.append(targets)
    }
    if let targets = try? VegetaJSON.read(bytes, file: "f", name: "f") { documents.append(targets) }
    return documents
  }

  /// What an engine relies on: nothing in a request's head can end its line.
  private func check(_ plan: Plan, _ seed: UInt64) {
    #expect(!plan.targets.isEmpty && !plan.name.isEmpty, "seed \(seed)")
    for target in plan.targets {
      let head = [target.method, target.url.target, target.url.host] + target.headers.flatMap { [$0.name, $0.value] }
      #expect(!head.contains { $0.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } }, "seed \(seed): \(target)")
      #expect(target.weight > 0 && !target.name.isEmpty && !target.method.isEmpty, "seed \(seed): \(target)")
    }
  }
}

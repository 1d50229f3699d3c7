import Foundation
import JSONScan
import TestSupport
import Testing

@Suite struct JSONFuzzTests {
  /// Whatever the bytes: no crash, an error's place lies in the text, and what is accepted reads back the same.
  @Test func fuzz() throws {
    let seed = Fuzz.seed(for: "JSONFuzzTests")
    var random = RandomJSON(seed: seed)
    var accepted = 0
    for round in 0..<Fuzz.count(100_000) {
      let text = random.text()
      let bytes = round % 8 == 0 ? text : random.mutated(text)
      do throws(JSONError) {
        let root = try JSONReader.document(bytes).root
        accepted += 1
        let written = JSONFuzzTests.canonical(root)
        let again = try JSONReader.document(JSONFuzzTests.written(root)).root
        #expect(JSONFuzzTests.canonical(again) == written, "seed \(seed): \(bytes)")
      } catch {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let isInside =
          1...lines.count ~= error.place.line && 1...lines[error.place.line - 1].count + 1 ~= error.place.column
        #expect(isInside, "seed \(seed): \(error) in \(bytes)")
        #expect(round % 8 != 0, "seed \(seed): \(error) in a valid text \(bytes)")
      }
    }
    #expect(accepted > 0)
  }

  /// The same texts as Python's reader accepts are accepted, with the same values; lone surrogates are refused here.
  @Test func asPythonReads() throws {
    let seed = Fuzz.seed(for: "JSONFuzzTests.asPythonReads")
    var random = RandomJSON(seed: seed)
    var texts = (0..<3_000).map { round in
      let text = random.text()
      return round % 2 == 0 ? text : random.mutated(text)
    }
    texts += ["NaN", "-Infinity", "\"\\ud800\"", "\u{FEFF}1", "1\u{A0}", "[1]\u{B}", "٣"].map { Array($0.utf8) }
    let theirs = try JSONFuzzTests.python(texts)
    #expect(theirs.count == texts.count)
    for (text, theirs) in zip(texts, theirs) {
      let ours = (try? JSONReader.document(text).root).map(JSONFuzzTests.canonical) ?? "refused"
      #expect(ours == theirs, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
    }
    #expect(theirs.contains("refused") && theirs.contains { $0 != "refused" })
  }

  /// A value without places, strings as hexadecimal UTF-8.
  static func canonical(_ node: Node) -> String {
    switch node.value {
    case .null: return "n"
    case .bool(let truth): return truth ? "t" : "f"
    case .number(let text): return "#" + text
    case .string(let text), .plain(let text): return hex(Array(text.utf8))
    case .array(let items): return "[" + items.map(canonical).joined(separator: ",") + "]"
    case .object(let members):
      return "{" + members.map { hex(Array($0.key.utf8)) + ":" + canonical($0.node) }.joined(separator: ",") + "}"
    }
  }

  static func written(_ node: Node) -> [UInt8] {
    func write(_ node: Node, _ writer: inout JSONWriter) {
      switch node.value {
      case .null: writer.null()
      case .bool(let truth): writer.bool(truth)
      case .number(let text): writer.number(text: text)
      case .string(let text), .plain(let text): writer.string(text)
      case .array(let items): writer.array(of: items) { writer, item in write(item, &writer) }
      case .object(let members):
        writer.object { writer in
          for member in members {
            writer.key(member.key)
            write(member.node, &writer)
          }
        }
      }
    }
    var writer = JSONWriter(indented: true)
    write(node, &writer)
    return writer.bytes
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return "'" + String(decoding: text, as: UTF8.self) + "'"
  }

  /// One answer for each text, in the form of `canonical`, or `refused`.
  private static func python(_ texts: [[UInt8]]) throws -> [String] {
    let script = """
      import json, sys
      def no(name): raise ValueError(name)
      class Number(str): pass
      class Pairs(list): pass
      def show(v):
          if v is None: return "n"
          if v is True: return "t"
          if v is False: return "f"
          if isinstance(v, Number): return "#" + v
          if isinstance(v, str): return "'" + v.encode("utf-8").hex() + "'"
          if isinstance(v, Pairs): return "{" + ",".join(show(k) + ":" + show(w) for k, w in v) + "}"
          return "[" + ",".join(map(show, v)) + "]"
      for line in sys.stdin:
          try:
              text = bytes.fromhex(line.strip()[1:-1]).decode("utf-8")
              print(show(json.loads(text, parse_int=Number, parse_float=Number, parse_constant=no, object_pairs_hook=Pairs)))
          except ValueError:
              print("refused")
      """
    let python = ProcessInfo.processInfo.environment["STAMPEDE_PYTHON"] ?? "/usr/bin/python3"
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("stampede-json-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appendingPathComponent("in")
    let output = folder.appendingPathComponent("out")
    try (texts.map(hex).joined(separator: "\n") + "\n").write(to: input, atomically: false, encoding: .utf8)
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["-c", script]
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = try FileHandle(forWritingTo: output)
    try process.run()
    process.waitUntilExit()
    let answer = try String(contentsOf: output, encoding: .utf8)
    return answer.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}

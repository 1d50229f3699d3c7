import JSONScan
import Model
import TestSupport
import Testing

@testable import Scripting

@Suite struct JSONPathTests {
  private func find(_ elements: [JSONPath.Element], in text: [UInt8]) -> (kind: JSONSlice.Kind, meant: [UInt8])? {
    // Exactly as long as the text, so that a read beyond it is one beyond the memory.
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count, alignment: 1)
    defer { memory.deallocate() }
    memory.copyBytes(from: text)
    var cursor = JSONCursor(ByteView(UnsafeRawBufferPointer(memory)))
    for element in elements {
      switch element {
      case .key(let key): if !Rendering.withView(key, { cursor.enter(key: $0) }) { return nil }
      case .index(let index): if !cursor.enter(index: index) { return nil }
      }
    }
    guard let value = cursor.value() else { return nil }
    let sunk = Rendering.sunk(capacity: value.text.count) { value.decode(into: &$0) }
    #expect(sunk.needed <= value.text.count)
    return (value.kind, sunk.bytes)
  }

  /// The same by the tree that the strict reader makes; of equal keys the first.
  private func find(_ elements: [JSONPath.Element], in node: Node) -> Node? {
    var node = node
    for element in elements {
      switch element {
      case .key(let key):
        guard let next = node.members?.first(where: { $0.key.unicodeScalars.elementsEqual(key.unicodeScalars) }) else {
          return nil
        }
        node = next.node
      case .index(let index):
        guard let items = node.items, let next = node[index < 0 ? items.count &+ index : index] else { return nil }
        node = next
      }
    }
    return node
  }

  private func path(into node: Node, _ source: inout SplitMix) -> [JSONPath.Element] {
    var elements: [JSONPath.Element] = []
    var node = node
    while Int.random(in: 0..<6, using: &source) > 0 {
      if let items = node.items, let next = items.indices.randomElement(using: &source) {
        elements.append(.index(Bool.random(using: &source) ? next : next - items.count))
        node = items[next]
      } else if let members = node.members, let member = members.randomElement(using: &source) {
        elements.append(.key(member.key))
        guard let first = node.members?.first(where: { $0.key == member.key }) else { break }
        node = first.node
      } else {
        break
      }
    }
    if Int.random(in: 0..<5, using: &source) == 0 {
      let odd: [JSONPath.Element] = [.key(""), .key("a"), .index(0), .index(-1), .index(5), .index(-9), .index(.min)]
      elements.append(odd.randomElement(using: &source) ?? .index(0))
    }
    return elements
  }

  @Test func asTheStrictReader() throws {
    let seed = Fuzz.seed(for: "JSONPathTests.asTheStrictReader")
    var random = RandomJSON(seed: seed)
    var found = 0
    for _ in 0..<Fuzz.count(30_000) {
      let text = random.text()
      let root = try JSONReader.document(text).root
      let elements = path(into: root, &random.source)
      let ours = find(elements, in: text)
      let theirs = find(elements, in: root)
      let note: Comment = "seed \(seed): \(elements) in \(String(decoding: text, as: UTF8.self))"
      guard let theirs else {
        #expect(ours == nil, note)
        continue
      }
      let value = try #require(ours, note)
      found += 1
      switch theirs.value {
      case .null: #expect(value.kind == .null && value.meant == Array("null".utf8), note)
      case .bool(let truth): #expect(value.kind == .bool && value.meant == Array("\(truth)".utf8), note)
      case .number(let number): #expect(value.kind == .number && value.meant == Array(number.utf8), note)
      case .string(let string), .plain(let string):
        #expect(value.kind == .string && value.meant == Array(string.utf8), note)
      case .array, .object:
        #expect(value.kind == (theirs.items == nil ? .object : .array), note)
        let again = try JSONReader.document(value.meant).root
        #expect(again.items?.count == theirs.items?.count && again.members?.count == theirs.members?.count, note)
      }
    }
    #expect(found > 1_000)
  }

  /// Any bytes: no crash, nothing read beyond them (in a debug build every place is checked), and an end.
  @Test func fuzz() {
    let seed = Fuzz.seed(for: "JSONPathTests.fuzz")
    var random = RandomJSON(seed: seed)
    for _ in 0..<Fuzz.count(60_000) {
      let text = random.mutated(random.text())
      let root = try? JSONReader.document(text).root
      _ = find(path(into: root ?? Node(.array([Node(.null)])), &random.source), in: text)
      _ = find([], in: text)
    }
  }

  @Test func forms() {
    func meant(_ elements: [JSONPath.Element], _ text: String) -> String? {
      find(elements, in: Array(text.utf8)).map { Rendering.text($0.meant) }
    }
    let text = #"{"a":{"b":[10,"é\n",[],{"k\u0065y":true}]},"a":1,"":null}"#
    #expect(meant([.key("a"), .key("b"), .index(0)], text) == "10")
    #expect(meant([.key("a"), .key("b"), .index(-3)], text) == "é\n")
    #expect(meant([.key("a"), .key("b"), .index(3), .key("key")], text) == "true")
    #expect(meant([.key("a"), .key("b"), .index(-5)], text) == nil)
    #expect(meant([.key("")], text) == "null")
    #expect(meant([], " [1] rubbish") == "[1]")
    #expect(meant([.key("a")], #"{"a":12"#) == "12")
    #expect(meant([.key("a")], #"{"a":"12"#) == nil)
    #expect(meant([.key("a")], #"{"a":01}"#) == nil)
    #expect(meant([.key("a")], #"{"a":tru}"#) == nil)
    #expect(meant([.key("a")], "\u{FEFF}{\"a\":1}") == "1")
    #expect(meant([.key("a")], "<html>") == nil)
    #expect(meant([], #""\ud83d\ude00\ud83d\u00e9\x\u12""#) == "😀\u{FFFD}é\\x\\u12")
  }

  /// Nesting is only counted, and time grows with the text, not with its depth.
  @Test func depth() {
    let n = 1_000_000
    let deep = [UInt8](repeating: 0x5B, count: n) + [UInt8](repeating: 0x5D, count: n)
    let text = Array(#"{"x":"#.utf8) + deep + Array(#","y":7}"#.utf8)
    #expect(find([.key("y")], in: text)?.meant == [0x37])
    #expect(find([.key("y")], in: Array(text.prefix(n))) == nil)
    let began = ContinuousClock.now
    _ = find([.index(-1), .index(-1), .index(-1)], in: deep)
    #expect(ContinuousClock.now - began < .seconds(20))
  }
}

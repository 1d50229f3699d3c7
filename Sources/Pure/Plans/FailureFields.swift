import JSONScan
import Model

extension Reading {
  /// The plan's words for failing exchanges: how many are kept, and what in them is masked.
  mutating func failures(_ fields: [String: (node: Node, field: String)], into keeping: inout FailureKeeping) {
    if let (node, field) = fields["keep_failures"], let most = whole(node, field, from: 0, to: FailureKeeping.limit) {
      keeping.most = most
      if most > 0 {
        warnFleet(
          node.place, field,
          "workers keep no failing exchange whole, only 'stampede run' does; reasons are counted all the same")
      }
    }
    if let (node, field) = fields["mask_headers"] {
      keeping.headers = texts(node, field, "a header's name", FailureFields.isHeaderName)
    }
    if let (node, field) = fields["mask_values"] {
      keeping.values = texts(node, field, "a text") { !$0.isEmpty }
    }
  }

  /// One text, or a list of them.
  private mutating func texts(
    _ node: Node, _ field: String, _ expected: String, _ isGood: (String) -> Bool
  ) -> [String] {
    var texts: [String] = []
    for (number, each) in (node.items ?? [node]).enumerated() {
      let place = node.items == nil ? field : "\(field)[\(number)]"
      if let text = each.text ?? each.number, isGood(text) {
        texts.append(text)
      } else {
        wrong(each, place, expected: expected)
      }
    }
    return texts
  }
}

/// What of a plan's failing exchanges is masked.
public enum FailureFields {
  /// Whether a text can be a header's name.
  public static func isHeaderName(_ text: String) -> Bool {
    let others = "!#$%&'*+-.^_`|~".utf8
    return !text.isEmpty && text.utf8.count <= 256
      && text.utf8.allSatisfy { byte in
        0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || others.contains(byte)
      }
  }

  /// Values that the environment gives to a text: of `${NAME}` and of `{{env NAME}}`.
  static func environmentValues(in text: String, _ environment: [String: String]) -> [String] {
    var values: [String] = []
    let bytes = Array(text.utf8)
    func isName(_ byte: UInt8) -> Bool {
      0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte == 0x5F
    }
    for opening in ["${", "env "] {
      let mark = Array(opening.utf8)
      var index = 0
      while index + mark.count < bytes.count {
        guard bytes[index...].starts(with: mark), isMeant(bytes[..<index], mark) else {
          index += 1
          continue
        }
        index += mark.count
        while index < bytes.count, bytes[index] == 0x20 { index += 1 }
        let end = bytes[index...].firstIndex { !isName($0) } ?? bytes.count
        let name = String(decoding: bytes[index..<end], as: UTF8.self)
        // Short ones would be found everywhere, unless their name says that they matter.
        if let value = environment[name], value.utf8.count >= 4 || SecretName.matches(name), !values.contains(value) {
          values.append(value)
        }
        index = max(end, index)
      }
    }
    return values
  }

  /// Whether what stands there is no escaped `$${`, or a word `env` elsewhere than at the beginning of a template.
  private static func isMeant(_ before: ArraySlice<UInt8>, _ mark: [UInt8]) -> Bool {
    if mark[0] == UInt8(ascii: "$") { return before.last != UInt8(ascii: "$") }
    let bare = before.reversed().drop { $0 == 0x20 }
    return bare.starts(with: "{{".utf8)
  }

  /// The same of all texts of a tree.
  static func environmentValues(in node: Node, _ environment: [String: String]) -> [String] {
    if environment.isEmpty { return [] }
    if let members = node.members { return members.flatMap { environmentValues(in: $0.node, environment) } }
    if let items = node.items { return items.flatMap { environmentValues(in: $0, environment) } }
    return environmentValues(in: node.text ?? "", environment)
  }
}

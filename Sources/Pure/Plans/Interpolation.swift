import JSONScan

/// Puts variables of the environment into the texts of a plan.
///
/// `${NAME}` is the variable's value, `${NAME:-other}` falls back to `other` where it is missing or empty, `$${` is a
/// literal `${`, and `${}` is nothing (so that `{${}{` is a literal `{{`). Keys are left alone, and so is what a variable holds.
struct Interpolation {
  let environment: [String: String]

  /// The tree with every text filled in. Missing variables, and templates, are noted as errors.
  func apply(to node: Node, field: String, _ reading: inout Reading) -> Node {
    switch node.value {
    case .null, .bool, .number: return node
    case .string(let text): return fill(text, node, field, &reading).map { Node(.string($0), at: node.place) } ?? node
    case .plain(let text): return fill(text, node, field, &reading).map { Node(.plain($0), at: node.place) } ?? node
    case .array(let items):
      let filled = items.enumerated().map { apply(to: $0.element, field: "\(field)[\($0.offset)]", &reading) }
      return Node(.array(filled), at: node.place)
    case .object(let members):
      let filled = members.map { member in
        let path = field.isEmpty ? member.key : "\(field).\(member.key)"
        let value = apply(to: member.node, field: path, &reading)
        return Node.Member(key: member.key, keyPlace: member.keyPlace, node: value)
      }
      return Node(.object(filled), at: node.place)
    }
  }

  /// Nil where there is nothing to fill in, or it can't be.
  private func fill(_ text: String, _ node: Node, _ field: String, _ reading: inout Reading) -> String? {
    if let template = Interpolation.template(in: text) {
      reading.refuse(
        node, field,
        "found the template \(template), expected fixed text: templates are not in this version "
          + "(write one scenario per value, or ${NAME} for a variable of the environment)")
      return nil
    }
    if !text.utf8.contains(UInt8(ascii: "$")) { return nil }
    var result = ""
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        result += "${"
        rest = rest.dropFirst(3)
        continue
      }
      guard rest.hasPrefix("${") else {
        result += "$"
        rest = rest.dropFirst()
        continue
      }
      guard let close = rest.firstIndex(of: "}"), let variable = Variable(rest[..<close].dropFirst(2)) else {
        reading.refuse(
          node, field, "found '\(Node.cut(String(rest)))', expected ${NAME} (write $${ for a literal ${)")
        return nil
      }
      guard let value = variable.value(in: environment) else {
        reading.refuse(
          node, field,
          "found ${\(variable.name)}, which is not set; set it, or write ${\(variable.name):-default}")
        return nil
      }
      result += value
      rest = rest[rest.index(after: close)...]
    }
    result += rest
    reading.originals[node.place] = text
    return result
  }

  /// The first template in a text as a message shows it; nil where there is none.
  static func template(in text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "{")) else { return nil }
    let bytes = Array(text.utf8)
    let brace = UInt8(ascii: "{")
    guard let start = bytes.indices.dropLast().first(where: { bytes[$0] == brace && bytes[$0 + 1] == brace }) else {
      return nil
    }
    let tail = bytes[start...]
    let close = UInt8(ascii: "}")
    let end = tail.indices.dropLast().first { tail[$0] == close && tail[$0 + 1] == close }.map { $0 + 2 }
    return "'" + Node.cut(String(decoding: tail[..<(end ?? tail.endIndex)], as: UTF8.self)) + "'"
  }

  /// The text that is read back as `literal`: the inverse of filling in.
  static func escape(_ literal: String) -> String {
    if !literal.utf8.contains(UInt8(ascii: "{")) { return literal }
    let open = Unicode.Scalar(UInt8(ascii: "{"))
    let dollar = Unicode.Scalar(UInt8(ascii: "$"))
    var text = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in literal.unicodeScalars {
      if scalar == open, previous == dollar { text.append(dollar) }
      if scalar == open, previous == open { text.append(contentsOf: "${}".unicodeScalars) }
      text.append(scalar)
      previous = scalar
    }
    return String(text)
  }
}

/// What stands between `${` and `}`.
private struct Variable {
  let name: String
  var fallback: String?

  init?(_ text: Substring) {
    let parts = text.split(separator: ":-", maxSplits: 1, omittingEmptySubsequences: false)
    name = parts.first.map(String.init) ?? ""
    fallback = parts.count == 2 ? String(parts[1]) : nil
    if name.isEmpty, fallback == nil { return }
    let isName = name.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || $0 == 0x5F }
    guard isName, let first = name.utf8.first, !(0x30...0x39 ~= first) else { return nil }
  }

  func value(in environment: [String: String]) -> String? {
    if name.isEmpty { return "" }
    guard let fallback else { return environment[name] }
    guard let value = environment[name], !value.isEmpty else { return fallback }
    return value
  }
}

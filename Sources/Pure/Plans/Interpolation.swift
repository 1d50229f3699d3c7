import JSONScan

/// Takes the texts of a plan apart: variables of the environment are put in, templates are kept for the compiler.
///
/// `${NAME}` is the variable's value, `${NAME:-other}` falls back to `other` where it is missing or empty, `$${` is a
/// literal `${`, and `${}` is nothing (so that `{${}{` is a literal `{{`). `{{…}}` is a template. Keys are left alone, and so
/// is what a variable holds.
struct Interpolation {
  /// Nil: `${NAME}` has no meaning, as in flags, where the shell has put variables in already.
  let environment: [String: String]?

  /// Why a text can't be taken apart.
  struct Problem: Error {
    let message: String
  }

  /// The tree with every text filled in. What is wrong is noted, and so are texts with templates, by their place.
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
    if !text.utf8.contains(where: { $0 == Interpolation.dollar || $0 == Interpolation.open }) { return nil }
    do throws(Problem) {
      let pieces = try pieces(of: text)
      if let fixed = pieces.fixed {
        if fixed == text { return nil }
        reading.originals[node.place] = text
        return fixed
      }
      reading.originals[node.place] = text
      reading.templates[node.place] = pieces
      return pieces.shown
    } catch {
      reading.refuse(node, field, error.message)
      return nil
    }
  }

  private static let dollar = UInt8(ascii: "$")
  private static let open = UInt8(ascii: "{")
  private static let close = UInt8(ascii: "}")

  /// Reads one text. O(length).
  func pieces(of text: String) throws(Problem) -> TextPieces {
    let bytes = Array(text.utf8)
    var pieces = TextPieces()
    var held: [UInt8] = []
    var index = 0
    func at(_ offset: Int) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }
    func string(_ slice: some Sequence<UInt8>) -> String { String(decoding: Array(slice), as: UTF8.self) }
    while index < bytes.count {
      if bytes[index] == Interpolation.open, at(1) == Interpolation.open {
        var end = index + 2
        while end + 1 < bytes.count, bytes[end] != Interpolation.close || bytes[end + 1] != Interpolation.close {
          end += 1
        }
        guard end + 1 < bytes.count else {
          let shown = Node.cut(string(bytes[index...]))
          throw Problem(message: "found '\(shown)' without its end, expected '}}' (write {${}{ for a literal {{)")
        }
        pieces.append(string(held))
        held = []
        pieces.append(template: HeaderText.trim(string(bytes[(index + 2)..<end])))
        index = end + 2
      } else if environment != nil, bytes[index] == Interpolation.dollar, at(1) == Interpolation.dollar,
        at(2) == Interpolation.open, at(3) != Interpolation.open
      {
        held += [Interpolation.dollar, Interpolation.open]
        index += 3
      } else if environment != nil, bytes[index] == Interpolation.dollar, at(1) == Interpolation.open,
        at(2) != Interpolation.open
      {
        let end = bytes[index...].firstIndex(of: Interpolation.close)
        guard let end, let variable = Variable(string(bytes[(index + 2)..<end])[...]) else {
          let shown = Node.cut(string(bytes[index...]))
          throw Problem(message: "found '\(shown)', expected ${NAME} (write $${ for a literal ${)")
        }
        guard let value = variable.value(in: environment ?? [:]) else {
          let name = variable.name
          throw Problem(
            message: "found ${\(name)}, which is not set; set it, or write ${\(name):-default}")
        }
        held += value.utf8
        index = end + 1
      } else {
        held.append(bytes[index])
        index += 1
      }
    }
    pieces.append(string(held))
    return pieces
  }

  /// The text that is read back as `literal`: the inverse of filling in.
  ///
  /// - Parameter beforeTemplate: whether a template follows the text.
  static func escape(_ literal: String, beforeTemplate: Bool = false) -> String {
    if !literal.utf8.contains(UInt8(ascii: "{")) { return literal }
    var text = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    let (dollar, open): (Unicode.Scalar, Unicode.Scalar) = ("$", "{")
    for scalar in literal.unicodeScalars {
      if scalar == open, previous == dollar { text.append(dollar) }
      if scalar == open, previous == open { text.append(contentsOf: "${}".unicodeScalars) }
      text.append(scalar)
      previous = scalar
    }
    if beforeTemplate, previous == open { text.append(contentsOf: "${}".unicodeScalars) }
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

import JSONScan
import Model

/// A header of a plan, whose value may hold templates.
struct HeaderLine {
  var name: String
  var value: TextPieces
  /// Where errors about its templates are noted.
  var node: Node
  var field: String
}

extension [HeaderLine] {
  func replacing(with other: [HeaderLine]) -> [HeaderLine] {
    let names = Set(other.map { $0.name.lowercased() })
    return filter { !names.contains($0.name.lowercased()) } + other
  }

  func value(of name: String) -> TextPieces? { first { $0.name.lowercased() == name }?.value }
}

extension Reading {
  /// A mapping from names to values or lists of them; or, where order matters, a list of mappings or of lines.
  mutating func headerLines(_ node: Node, _ field: String) -> [HeaderLine] {
    guard let items = node.items else { return headerMapping(node, field) }
    var lines: [HeaderLine] = []
    for (index, item) in items.enumerated() {
      let path = "\(field)[\(index)]"
      guard item.text != nil else {
        lines += headerMapping(item, path)
        continue
      }
      guard let pieces = pieces(item), let (name, value) = pieces.split(at: UInt8(ascii: ":")), let name = name.fixed,
        !name.isEmpty
      else {
        wrong(item.place, path, "found no header name, expected a header such as 'Accept: text/html'")
        continue
      }
      if let line = line(name, value, item, path, item.place) { lines.append(line) }
    }
    return lines
  }

  private mutating func headerMapping(_ node: Node, _ field: String) -> [HeaderLine] {
    guard let members = node.members else {
      wrong(node, field, expected: "a mapping such as Accept: text/html")
      return []
    }
    refuseEqualKeys(members, field)
    var lines: [HeaderLine] = []
    for member in members {
      let path = "\(field).\(Node.cut(member.key))"
      for value in member.node.items ?? [member.node] {
        var pieces = TextPieces()
        if !value.isNull {
          guard let text = self.pieces(value, path) else { continue }
          pieces = text
        }
        if let line = line(member.key, pieces, value, path, member.keyPlace) { lines.append(line) }
      }
    }
    return lines
  }

  private mutating func line(
    _ name: String, _ value: TextPieces, _ node: Node, _ field: String, _ place: Place
  ) -> HeaderLine? {
    do throws(ValueError) {
      _ = try HeaderText.header(name: name, value: value.replacing { _ in "x" })
      return HeaderLine(name: name, value: value.trimmed(), node: node, field: field)
    } catch {
      wrong(place, field, error.description)
      return nil
    }
  }

  /// The headers of a text that knows no templates.
  mutating func headers(_ node: Node, _ field: String) -> [Header] {
    headerLines(node, field).map { Header($0.name, $0.value.fixed ?? $0.value.shown) }
  }
}

import JSONScan
import Model

/// Ways into a JSON value as people write them.
public enum JSONPathText {
  static let expected = "a path such as $.items[0].id"
  /// How many steps a path may have.
  static let longest = 64

  /// Reads `$`, `$.items[0].id`, `items.0.id`, `$["odd key"]`, `$.items[-1]`.
  ///
  /// - Throws: `ValueError`, also for what other tools' paths have more: wildcards, filters, slices.
  public static func read(_ text: String) throws(ValueError) -> JSONPath {
    func wrong(_ expected: String = JSONPathText.expected) -> ValueError {
      ValueError(found: text.isEmpty ? "nothing" : "'\(Node.cut(text))'", expected: expected)
    }
    var elements: [JSONPath.Element] = []
    var rest = Array(text.unicodeScalars)[...]
    if rest.isEmpty { throw wrong() }
    var needsDot = false
    if rest.first == "$" {
      rest = rest.dropFirst()
      needsDot = true
    }
    while let next = rest.first {
      if next == "[" {
        guard let element = bracket(&rest) else { throw wrong("a whole number or a quoted key between the brackets") }
        elements.append(element)
      } else {
        if needsDot {
          guard next == "." else { throw wrong() }
          rest = rest.dropFirst()
        }
        let key = rest.prefix { $0 != "." && $0 != "[" }
        rest = rest.dropFirst(key.count)
        let name = string(key)
        if key.isEmpty { throw wrong("\(JSONPathText.expected) (searching with '..' is not there)") }
        if name == "*" || name.contains("?") && name.contains("(") {
          throw wrong("\(JSONPathText.expected) (one value, no wildcard and no filter)")
        }
        elements.append(Int(name).map { 0x30...0x39 ~= name.utf8.first ?? 0 ? .index($0) : .key(name) } ?? .key(name))
      }
      needsDot = true
    }
    if elements.count > longest { throw wrong("at most \(longest) steps") }
    return JSONPath(text: text, elements: elements)
  }

  /// What stands between `[` and `]`; nil where it can't be.
  private static func bracket(_ rest: inout ArraySlice<Unicode.Scalar>) -> JSONPath.Element? {
    rest = rest.dropFirst()
    if let quote = rest.first, quote == "\"" || quote == "'" {
      rest = rest.dropFirst()
      var key: [Unicode.Scalar] = []
      while let scalar = rest.popFirst() {
        if scalar == quote {
          guard rest.popFirst() == "]" else { return nil }
          return .key(string(key[...]))
        }
        if scalar == "\\", let escaped = rest.popFirst() { key.append(escaped) } else { key.append(scalar) }
      }
      return nil
    }
    let inside = rest.prefix { $0 != "]" }
    rest = rest.dropFirst(inside.count)
    guard rest.popFirst() == "]", let number = Int(string(inside)) else { return nil }
    return .index(number)
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// The first word of a text where it is a path, and what follows it: blanks in brackets belong to the path.
  static func split(_ text: String) -> (path: String, rest: String) {
    var quote: Character?
    var depth = 0
    var end = text.endIndex
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if depth > 0, character == "\"" || character == "'" {
        quote = character
      } else if character == "[" {
        depth += 1
      } else if character == "]" {
        depth -= 1
      } else if depth <= 0, character == " " || character == "\t" {
        end = index
        break
      }
    }
    return (String(text[..<end]), HeaderText.trim(text[end...]))
  }
}

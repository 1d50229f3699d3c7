import Foundation
import TestSupport

@testable import Wire

/// A schema file, parsed as its own comments describe.
struct SchemaFile: Equatable {
  static let folder = Places.root + "/proto-free-schema"

  struct Field: Equatable {
    var number: Int
    var name: String
    var type: String
    var isTail = false
    var since = 1
  }

  struct Section: Equatable {
    /// `message 0x0101`, `block` or `struct`.
    var kind: String
    var fields: [Field] = []
  }

  struct Enumeration: Equatable {
    var type: String
    var words: [Int: String] = [:]
  }

  var version = 0
  var frameLengths = 0...0
  var frame: [Field] = []
  var sections: [String: Section] = [:]
  var enums: [String: Enumeration] = [:]

  struct Wrong: Error { let line: String }

  init(_ name: String) throws {
    let text = try String(contentsOfFile: SchemaFile.folder + "/" + name, encoding: .utf8)
    var current = ""
    for line in text.split(separator: "\n") {
      let words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
      switch words.first {
      case nil: continue
      case "version": version = Int(words[1]) ?? 0
      case "frame":
        current = "frame"
        frameLengths = (Int(words[2]) ?? 0)...(Int(words[4]) ?? 0)
      case "message":
        current = words[2]
        sections[current] = Section(kind: "message \(words[1])")
      case "block", "struct":
        current = words[1]
        sections[current] = Section(kind: words[0])
      case "enum":
        current = words[1]
        enums[current] = Enumeration(type: words[2])
      default: try add(words, to: current, line: String(line))
      }
    }
  }

  private mutating func add(_ words: [String], to section: String, line: String) throws {
    guard let number = Int(words[0]), words.count >= 2 else { throw Wrong(line: line) }
    if enums[section] != nil {
      guard words.count == 2, enums[section]?.words[number] == nil else { throw Wrong(line: line) }
      enums[section]?.words[number] = words[1]
      return
    }
    var field = Field(number: number, name: words[1], type: words[2])
    var rest = words[3...]
    if rest.first == "tail" {
      field.isTail = true
      rest = rest.dropFirst()
    }
    guard rest.count == 2, rest.first == "since", let since = rest.last.flatMap({ Int($0) }) else {
      throw Wrong(line: line)
    }
    field.since = since
    let others = section == "frame" ? frame : sections[section]?.fields ?? []
    if others.contains(where: { $0.number == number || $0.name == field.name }) { throw Wrong(line: line) }
    if section == "frame" { frame.append(field) } else { sections[section]?.fields.append(field) }
  }
}

extension SchemaFile {
  /// What the file should say about a table of the code.
  static func section<Root>(of table: Table<Root>) -> (String, Section) {
    let kind =
      switch table.kind {
      case .message(let number): "message 0x" + String(0x1_0000 + Int(number), radix: 16).dropFirst()
      case .block: "block"
      case .plain: "struct"
      }
    let fields = table.fields.map {
      Field(number: $0.number, name: $0.name, type: $0.type, isTail: $0.place == .tail, since: $0.since)
    }
    return (table.name, Section(kind: kind, fields: fields))
  }
}

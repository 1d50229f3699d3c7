import JSONScan
import Model

/// `json_body:`: text that is JSON already, or a mapping or list that is written as JSON.
struct JSONBody {
  let compiler: TemplateCompiler

  /// Texts with templates, and where in the written bytes they belong.
  private typealias Insertions = [(offset: Int, template: Template)]

  func read(_ node: Node, _ field: String, _ reading: inout Reading) -> Template? {
    if case .string = node.value, let pieces = reading.pieces(node) { return text(pieces, node, field, &reading) }
    if case .plain(let text) = node.value, (try? JSONReader.document(Array(text.utf8))) != nil {
      return Template(fixed: Array(text.utf8))  // such as a variable that holds JSON
    }
    JSONBody.refuseEqualKeys(node, field, &reading)
    JSONBody.refuseTemplates(node, field, &reading)
    var writer = JSONWriter()
    var insertions: Insertions = []
    guard write(node, field, to: &writer, &insertions, &reading) else { return nil }
    var builder = TemplateBuilder()
    var start = 0
    for insertion in insertions {
      builder.append(Array(writer.bytes[start..<insertion.offset]))
      builder.append(insertion.template)
      start = insertion.offset
    }
    builder.append(Array(writer.bytes[start...]))
    return Template(parts: builder.parts)
  }

  /// Text is sent as it is; with something in place of its templates it must be JSON.
  private func text(_ pieces: TextPieces, _ node: Node, _ field: String, _ reading: inout Reading) -> Template? {
    var sample = ""
    var scan = StringScan()
    for piece in pieces.pieces {
      switch piece {
      case .text(let text):
        scan.read(text)
        sample += text
      case .template: sample += scan.isInside ? "" : "0"
      }
    }
    do throws(JSONError) {
      _ = try JSONReader.document(Array(sample.utf8))
    } catch {
      let place = "line \(error.place.line), column \(error.place.column) of the text"
      reading.wrong(
        node.place, field,
        "at \(place): found \(error.found), expected \(error.expected) (other text is written as body:)")
      return nil
    }
    return reading.compiled(pieces, .json, node, field, compiler)
  }

  private static func refuseEqualKeys(_ node: Node, _ field: String, _ reading: inout Reading) {
    if let members = node.members { reading.refuseEqualKeys(members, field) }
    for member in node.members ?? [] { refuseEqualKeys(member.node, "\(field).\(member.key)", &reading) }
    for (index, item) in (node.items ?? []).enumerated() { refuseEqualKeys(item, "\(field)[\(index)]", &reading) }
  }

  /// Keys are sent as they stand: a template in one would be, too.
  private static func refuseTemplates(_ node: Node, _ field: String, _ reading: inout Reading) {
    for member in node.members ?? [] {
      if member.key.contains("{{") {
        reading.wrong(
          member.keyPlace, field,
          "found a template in the key '\(member.key)', expected it in values only, or json_body: as text")
      }
      refuseTemplates(member.node, "\(field).\(member.key)", &reading)
    }
    for (index, item) in (node.items ?? []).enumerated() { refuseTemplates(item, "\(field)[\(index)]", &reading) }
  }

  /// Scalars without quotes are null, true, false or a number where they read as such by JSON's grammar, else text.
  private func write(
    _ node: Node, _ field: String, to writer: inout JSONWriter, _ insertions: inout Insertions,
    _ reading: inout Reading
  ) -> Bool {
    switch node.value {
    case .null: writer.null()
    case .bool(let truth): writer.bool(truth)
    case .number(let text): writer.number(text: text)
    case .string, .plain:
      if case .plain = node.value {
        if node.isNull {
          writer.null()
          return true
        } else if let truth = node.bool {
          writer.bool(truth)
          return true
        } else if let number = node.number {
          writer.number(text: number)
          return true
        }
      }
      writer.string(reading.templates[node.place] == nil ? node.text ?? "" : "")
      guard let pieces = reading.templates[node.place] else { return true }
      guard let template = inside(pieces, node, field, &reading) else { return false }
      insertions.append((writer.bytes.count - 1, template))
    case .array(let items):
      var isRight = true
      writer.array { writer in
        for (index, item) in items.enumerated() where isRight {
          isRight = write(item, "\(field)[\(index)]", to: &writer, &insertions, &reading)
        }
      }
      return isRight
    case .object(let members):
      var isRight = true
      writer.object { writer in
        for member in members where isRight {
          writer.key(member.key)
          isRight = write(member.node, "\(field).\(member.key)", to: &writer, &insertions, &reading)
        }
      }
      return isRight
    }
    return true
  }

  /// What stands between the quotes.
  private func inside(_ pieces: TextPieces, _ node: Node, _ field: String, _ reading: inout Reading) -> Template? {
    var builder = TemplateBuilder()
    do throws(ValueError) {
      for piece in pieces.pieces {
        switch piece {
        case .text(let text):
          var quoted = JSONWriter()
          quoted.string(text)
          builder.append(Array(quoted.bytes.dropFirst().dropLast()))
        case .template(let template): try compiler.append(template, .json, to: &builder)
        }
      }
    } catch {
      reading.refuse(node, field, "\(error)")
      return nil
    }
    return Template(parts: builder.parts)
  }
}

extension Reading {
  /// A text's compiled form; nil after an error was noted.
  mutating func compiled(
    _ pieces: TextPieces, _ position: TemplateCompiler.Position, _ node: Node, _ field: String,
    _ compiler: TemplateCompiler
  ) -> Template? {
    do throws(ValueError) { return try compiler.compile(pieces, position) } catch {
      refuse(node, field, "\(error)")
      return nil
    }
  }
}

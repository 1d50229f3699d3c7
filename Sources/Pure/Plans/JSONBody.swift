import JSONScan

/// `json_body:`: text that is JSON already, or a mapping or list that is written as JSON.
enum JSONBody {
  static func read(_ node: Node, _ field: String, _ reading: inout Reading) -> [UInt8] {
    if let text = node.text, case .string = node.value {
      do throws(JSONError) {
        _ = try JSONReader.document(Array(text.utf8))
      } catch {
        let place = "line \(error.place.line), column \(error.place.column) of the text"
        reading.wrong(
          node.place, field,
          "at \(place): found \(error.found), expected \(error.expected) (other text is written as body:)")
      }
      return Array(text.utf8)
    }
    if case .plain(let text) = node.value, (try? JSONReader.document(Array(text.utf8))) != nil {
      return Array(text.utf8)  // such as a variable that holds JSON
    }
    refuseEqualKeys(node, field, &reading)
    var writer = JSONWriter()
    write(node, to: &writer)
    return writer.bytes
  }

  private static func refuseEqualKeys(_ node: Node, _ field: String, _ reading: inout Reading) {
    if let members = node.members { reading.refuseEqualKeys(members, field) }
    for member in node.members ?? [] { refuseEqualKeys(member.node, "\(field).\(member.key)", &reading) }
    for (index, item) in (node.items ?? []).enumerated() { refuseEqualKeys(item, "\(field)[\(index)]", &reading) }
  }

  /// Scalars without quotes are null, true, false or a number where they read as such by JSON's grammar, else text.
  private static func write(_ node: Node, to writer: inout JSONWriter) {
    switch node.value {
    case .null: writer.null()
    case .bool(let truth): writer.bool(truth)
    case .number(let text): writer.number(text: text)
    case .string(let text): writer.string(text)
    case .plain(let text):
      if node.isNull {
        writer.null()
      } else if let truth = node.bool {
        writer.bool(truth)
      } else if let number = node.number {
        writer.number(text: number)
      } else {
        writer.string(text)
      }
    case .array(let items): writer.array(of: items) { writer, item in write(item, to: &writer) }
    case .object(let members):
      writer.object { writer in
        for member in members {
          writer.key(member.key)
          write(member.node, to: &writer)
        }
      }
    }
  }
}

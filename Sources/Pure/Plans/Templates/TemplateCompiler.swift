import Model

/// Turns texts with templates into the form that is filled in for each request.
struct TemplateCompiler {
  let scope: TemplateScope

  /// Where a text stands, which decides how values are written in it.
  enum Position: String, CaseIterable {
    case url, header, plain
    /// In strings as the inside of a JSON string, elsewhere as they are.
    case json
  }

  /// - Throws: what is wrong with the first bad template.
  func compile(_ pieces: TextPieces, _ position: Position) throws(ValueError) -> Template {
    var builder = TemplateBuilder()
    var scan = StringScan()
    for piece in pieces.pieces {
      switch piece {
      case .text(let text):
        if position == .json { scan.read(text) }
        builder.append(Array(text.utf8))
      case .template(let template):
        if position == .json, !scan.isInside, template == "uuid" {
          throw ValueError(found: "'{{uuid}}' outside of quotes", expected: "it in quotes")
        }
        try append(template, escape(position, inString: scan.isInside), to: &builder)
      }
    }
    return Template(parts: builder.parts)
  }

  /// Appends what one template stands for.
  func append(
    _ template: String, _ escape: Template.Escape, to builder: inout TemplateBuilder
  ) throws(ValueError) {
    switch try scope.meaning(of: template) {
    case .text(let text): builder.append(Template.written(text, escape))
    case .source(let source): builder.append(source, escape)
    }
  }

  private func escape(_ position: Position, inString: Bool) -> Template.Escape {
    switch position {
    case .url: .url
    case .header: .header
    case .plain: .plain
    case .json: inString ? .json : .plain
    }
  }
}

/// Parts in order, equal kinds of text put together.
struct TemplateBuilder {
  private(set) var parts: [Template.Part] = []

  mutating func append(_ text: [UInt8]) {
    if text.isEmpty { return }
    if case .text(let before)? = parts.last {
      parts[parts.count - 1] = .text(before + text)
    } else {
      parts.append(.text(text))
    }
  }

  mutating func append(_ source: Template.Source, _ escape: Template.Escape) {
    parts.append(.value(source, escape))
  }

  mutating func append(_ template: Template) {
    for part in template.parts {
      switch part {
      case .text(let text): append(text)
      case .value(let source, let escape): append(source, escape)
      }
    }
  }
}

/// Whether the text read so far ends inside a JSON string.
struct StringScan {
  private(set) var isInside = false
  private var isEscaped = false

  mutating func read(_ text: String) {
    for byte in text.utf8 {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\"") {
        isInside.toggle()
      } else if byte == UInt8(ascii: "\\"), isInside {
        isEscaped = true
      }
    }
  }
}

extension Template {
  /// A value as it is written at its place.
  static func written(_ text: String, _ escape: Escape) -> [UInt8] {
    switch escape {
    case .plain: return Array(text.utf8)
    case .header: return text.utf8.filter { $0 != 0x0A && $0 != 0x0D && $0 != 0 }
    case .url:
      let digits = Array("0123456789ABCDEF".utf8)
      return text.utf8.flatMap { byte in
        isUnreserved(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    case .json:
      let digits = Array("0123456789abcdef".utf8)
      return text.utf8.flatMap { byte -> [UInt8] in
        switch byte {
        case 0x22, 0x5C: [UInt8(ascii: "\\"), byte]
        case 0..<0x20: Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: [byte]
        }
      }
    }
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
    default: false
    }
  }

  /// Whether anything is filled in.
  var hasValues: Bool {
    parts.contains { if case .value = $0 { true } else { false } }
  }

  /// The text with names in place of values, for people: `/users/:id`.
  func shown(_ names: TemplateNames) -> String {
    var bytes: [UInt8] = []
    for part in parts {
      switch part {
      case .text(let text): bytes += text
      case .value(let source, _): bytes += [UInt8(ascii: ":")] + Template.written(names.short(source), .url)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

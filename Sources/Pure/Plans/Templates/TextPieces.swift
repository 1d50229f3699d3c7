/// A text of a plan taken apart: what is fixed, and the templates in it.
struct TextPieces: Sendable, Hashable {
  enum Piece: Sendable, Hashable {
    case text(String)
    /// What stands between `{{` and `}}`, without blanks at its ends.
    case template(String)
  }

  /// Never two texts in a row, and none that is empty.
  private(set) var pieces: [Piece] = []

  init() {}

  init(fixed: String) { append(fixed) }

  mutating func append(_ text: String) {
    if text.isEmpty { return }
    if case .text(let before)? = pieces.last {
      pieces[pieces.count - 1] = .text(before + text)
    } else {
      pieces.append(.text(text))
    }
  }

  mutating func append(template: String) { pieces.append(.template(template)) }

  mutating func append(_ other: TextPieces) {
    for piece in other.pieces {
      switch piece {
      case .text(let text): append(text)
      case .template(let template): append(template: template)
      }
    }
  }

  var templates: [String] {
    pieces.compactMap { if case .template(let template) = $0 { template } else { nil } }
  }

  /// The whole text, where there is no template in it.
  var fixed: String? { templates.isEmpty ? replacing { _ in "" } : nil }

  /// The text with something in place of each template.
  func replacing(_ value: (String) -> String) -> String {
    var text = ""
    for piece in pieces {
      switch piece {
      case .text(let fixed): text += fixed
      case .template(let template): text += value(template)
      }
    }
    return text
  }

  /// As it was written, but for variables of the environment.
  var shown: String { replacing { "{{\($0)}}" } }

  /// Without blanks and tabs at both ends.
  func trimmed() -> TextPieces {
    var trimmed = TextPieces()
    for (index, piece) in pieces.enumerated() {
      switch piece {
      case .template(let template): trimmed.append(template: template)
      case .text(let text):
        var bytes = Array(text.utf8)[...]
        while index == 0, bytes.first == 0x20 || bytes.first == 0x09 { bytes = bytes.dropFirst() }
        while index == pieces.count - 1, bytes.last == 0x20 || bytes.last == 0x09 { bytes = bytes.dropLast() }
        trimmed.append(String(decoding: bytes, as: UTF8.self))
      }
    }
    return trimmed
  }

  /// What comes before the first of a byte, and what comes behind it; nil where no fixed text has it.
  func split(at byte: UInt8) -> (before: TextPieces, after: TextPieces)? {
    var before = TextPieces()
    for (index, piece) in pieces.enumerated() {
      switch piece {
      case .template(let template): before.append(template: template)
      case .text(let text):
        guard let place = text.utf8.firstIndex(of: byte) else {
          before.append(text)
          continue
        }
        before.append(String(text[..<place]))
        var after = TextPieces(fixed: String(text[text.utf8.index(after: place)...]))
        for rest in pieces[(index + 1)...] {
          switch rest {
          case .text(let text): after.append(text)
          case .template(let template): after.append(template: template)
          }
        }
        return (before, after)
      }
    }
    return nil
  }
}

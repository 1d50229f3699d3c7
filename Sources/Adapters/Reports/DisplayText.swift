/// Text of a known width on a terminal.
enum DisplayText {
  /// How many columns the text takes on a terminal.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
  }

  /// 0 for what is drawn upon the character before it, 2 for East Asian wide and emoji, else 1.
  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// Blocks that are wide throughout (Unicode Standard Annex #11, W and F), and emoji drawn wide.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x2614...0x2615, 0x2648...0x2653, 0x26A1...0x26A1,
    0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728, 0x274C...0x274C, 0x2753...0x2755, 0x2757...0x2757,
    0x2795...0x2797, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
    0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F19A,
    0x1F200...0x1F320, 0x1F32D...0x1F64F, 0x1F680...0x1F6FF, 0x1F7E0...0x1F7EB, 0x1F900...0x1F9FF,
    0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
  ]

  /// The text, shortened in its middle to at most so many columns: `/api/v1/…/items`.
  static func shortened(_ text: String, to columns: Int) -> String {
    if width(text) <= columns { return text }
    if columns < 3 { return taken(text, columns) }
    let front = taken(text, columns / 2)
    let back = String(taken(String(text.reversed()), columns - 1 - width(front)).reversed())
    return front + "…" + back
  }

  /// As many whole characters from the front as fit.
  static func taken(_ text: String, _ columns: Int) -> String {
    var left = columns
    return String(
      text.prefix { character in
        left -= width(String(character))
        return left >= 0
      })
  }

  /// Filled up with blanks; a wider text is left as it is.
  static func padded(_ text: String, to columns: Int, right: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, columns - width(text)))
    return right ? blanks + text : text + blanks
  }

  /// Broken between words into lines of at most `width` columns, those after the first indented further; a word that
  /// is longer stands alone.
  static func wrapped(_ text: String, width: Int, indent: String = "", hanging: String? = nil) -> [String] {
    var lines: [String] = []
    var line = indent
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, self.width(line) + 1 + self.width(String(word)) > width {
        lines.append(line)
        line = hanging ?? indent
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    lines.append(line)
    return lines
  }
}

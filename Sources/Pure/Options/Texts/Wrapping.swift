/// Text broken into lines at blanks.
enum Wrapping {
  /// Lines of at most `width` characters; a longer word stands alone. O(length).
  static func lines(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if line.isEmpty {
        line = String(word)
      } else if line.count + 1 + word.count <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  /// A term in a column of its own, its explanation wrapped beside it; below it where the term is too long.
  static func entry(_ term: String, _ text: String, indent: Int = 2, column: Int, width: Int = 80) -> [String] {
    let start = String(repeating: " ", count: indent) + term
    var lines = lines(text, width: width - column).map { String(repeating: " ", count: column) + $0 }
    guard start.count + 2 <= column, let first = lines.first else { return [start] + lines }
    lines[0] = start + first.dropFirst(start.count)
    return lines
  }
}

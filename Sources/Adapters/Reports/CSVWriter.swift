import Measuring
import Model

/// Writes rows of comma-separated values (RFC 4180): CRLF line ends, quotes where they are needed.
struct CSVWriter {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  /// A cell of text from outside, its control and format characters as `�`. One that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`, tab or line end
  /// in front) gets a `'` in front.
  mutating func text(_ value: String) {
    let dangerous = "=+-@\t\r\n".utf8
    let guarded = value.utf8.first.map { dangerous.contains($0) } == true ? "'" + value : value
    cell(guarded.harmless)
  }

  mutating func integer(_ value: (some BinaryInteger)?) {
    cell(value.map { String($0) } ?? "")
  }

  /// A rate or share with six digits behind the point at most.
  mutating func number(_ value: Double?) {
    guard let value, value.isFinite else { return cell("") }
    cell("\((value * 1e6).rounded() / 1e6)")
  }

  mutating func times(_ readings: [Reading?]) {
    for reading in readings { integer(reading?.microseconds) }
  }

  mutating func endRow() {
    bytes.append(contentsOf: "\r\n".utf8)
    isFirst = true
  }

  /// A whole row of fixed words: the header.
  mutating func header(_ names: [String]) {
    for name in names { cell(name) }
    endRow()
  }

  private mutating func cell(_ text: String) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    let special = ",\"\r\n".utf8
    if !text.utf8.contains(where: special.contains) {
      bytes.append(contentsOf: text.utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

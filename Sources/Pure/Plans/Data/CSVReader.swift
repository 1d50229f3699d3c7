import JSONScan
import Model

/// Reads comma-separated values (RFC 4180): fields in quotes may hold commas, line ends and doubled quotes.
///
/// Lines end with LF, CRLF or CR; empty lines are skipped; a byte order mark is dropped. Blanks belong to their field.
struct CSVReader {
  /// A table beyond this is refused.
  static let mostRows = 1_000_000
  static let mostColumns = 256
  /// Of all fields together.
  static let mostBytes = 64 << 20

  private let bytes: ArraySlice<UInt8>
  private var index: Int
  private var line = 1
  private var used = 0

  /// Why a text is no table, and in which line.
  struct Problem: Error {
    let line: Int
    let found: String
    let expected: String

    var message: String { "found \(found), expected \(expected)" }
  }

  /// All rows, each with at least one field. O(length).
  static func rows(_ bytes: [UInt8]) throws(Problem) -> [[String]] {
    let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    var reader = CSVReader(bytes: isMarked ? bytes.dropFirst(3) : bytes[...])
    var rows: [[String]] = []
    while let row = try reader.row() {
      if row == [""] { continue }
      if rows.count > mostRows {
        throw Problem(line: reader.line, found: "more than \(mostRows) rows", expected: "fewer")
      }
      rows.append(row)
    }
    return rows
  }

  private init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    index = bytes.startIndex
  }

  private mutating func row() throws(Problem) -> [String]? {
    if index >= bytes.endIndex { return nil }
    var row: [String] = []
    while true {
      if row.count == CSVReader.mostColumns {
        throw Problem(line: line, found: "more than \(CSVReader.mostColumns) fields in a row", expected: "fewer")
      }
      row.append(try field())
      guard index < bytes.endIndex else { return row }
      let end = bytes[index]
      index += 1
      if end == UInt8(ascii: ",") { continue }
      if end == 0x0D, index < bytes.endIndex, bytes[index] == 0x0A { index += 1 }
      line += 1
      return row
    }
  }

  /// One field; stops at the comma or line end behind it.
  private mutating func field() throws(Problem) -> String {
    if index < bytes.endIndex, bytes[index] == UInt8(ascii: "\"") { return try quotedField() }
    let start = index
    while index < bytes.endIndex, !CSVReader.ends(bytes[index]) {
      if bytes[index] == UInt8(ascii: "\"") {
        throw Problem(line: line, found: "a quote inside a field", expected: "the whole field in quotes")
      }
      index += 1
    }
    return try text(bytes[start..<index])
  }

  private mutating func quotedField() throws(Problem) -> String {
    let first = line
    index += 1
    var held: [UInt8] = []
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      if byte != UInt8(ascii: "\"") {
        if byte == 0x0A { line += 1 }
        held.append(byte)
        continue
      }
      if index < bytes.endIndex, bytes[index] == byte {
        held.append(byte)
        index += 1
        continue
      }
      if index < bytes.endIndex, !CSVReader.ends(bytes[index]) {
        throw Problem(line: line, found: "text behind a closing quote", expected: "a comma or the line's end")
      }
      return try text(held[...])
    }
    throw Problem(line: first, found: "a quote without its end", expected: "a second one")
  }

  private mutating func text(_ field: ArraySlice<UInt8>) throws(Problem) -> String {
    used += field.count
    if used > CSVReader.mostBytes { throw Problem(line: line, found: "more than 64 MiB", expected: "fewer") }
    if UTF8Text.firstInvalid(in: field) != nil {
      throw Problem(line: line, found: "a byte that is not UTF-8", expected: "text")
    }
    return String(decoding: field, as: UTF8.self)
  }

  private static func ends(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D }
}

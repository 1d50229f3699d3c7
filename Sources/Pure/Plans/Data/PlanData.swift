import JSONScan
import Model

/// Lists and feeds from files' content: what `lists:`, `feeds:`, `--list` and `--feed` have in common.
public enum PlanData {
  /// Reads a file by the name that stands in a plan; its error gets the place.
  public typealias Files = (String) throws(ValueError) -> [UInt8]

  /// Values of a list, one a line; blanks at both ends are dropped, and so are empty lines.
  public static func list(name: String, _ bytes: [UInt8]) throws(ValueError) -> ValueList {
    try check(name: name, "list")
    if UTF8Text.firstInvalid(in: bytes[...]) != nil {
      throw ValueError(found: "a byte that is not UTF-8", expected: "text")
    }
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    let lines = text.split { $0 == 0x0A || $0 == 0x0D }.map { HeaderText.trim(String(decoding: $0, as: UTF8.self)) }
    return try list(name: name, values: lines.filter { !$0.isEmpty })
  }

  static func list(name: String, values: [String]) throws(ValueError) -> ValueList {
    try check(name: name, "list")
    if values.isEmpty { throw ValueError(found: "no value", expected: "at least one") }
    if values.count > CSVReader.mostRows {
      throw ValueError(found: "\(values.count) values", expected: "at most \(CSVReader.mostRows)")
    }
    return ValueList(name: name, values: values)
  }

  /// A feed from comma-separated values whose first row names the columns.
  public static func feed(
    name: String, mode: DataFeed.Mode = .shared, exhausted: DataFeed.Exhausted = .stop, _ bytes: [UInt8]
  ) throws(ValueError) -> DataFeed {
    var rows: [[String]]
    do throws(CSVReader.Problem) { rows = try CSVReader.rows(bytes) } catch {
      throw ValueError(found: "\(error.found) in line \(error.line)", expected: error.expected)
    }
    guard let columns = rows.first else {
      throw ValueError(found: "nothing in it", expected: "a row of columns' names")
    }
    rows.removeFirst()
    return try feed(
      name: name, mode: mode, exhausted: exhausted, columns: columns.map { HeaderText.trim($0) }, rows: rows)
  }

  static func feed(
    name: String, mode: DataFeed.Mode, exhausted: DataFeed.Exhausted, columns: [String], rows: [[String]]
  ) throws(ValueError) -> DataFeed {
    try check(name: name, "feed")
    var seen: Set<String> = []
    for column in columns {
      let isName =
        !column.isEmpty && column == HeaderText.trim(column)
        && !column.unicodeScalars.contains { $0 == "{" || $0 == "}" || $0.value < 0x20 || $0.value == 0x7F }
      if !isName { throw ValueError(found: CheckText.quoted(column), expected: "the name of a column") }
      if !seen.insert(column).inserted {
        throw ValueError(found: "two columns '\(Node.cut(column))'", expected: "a name for each")
      }
    }
    if rows.isEmpty { throw ValueError(found: "no row below the columns' names", expected: "at least one") }
    if let index = rows.firstIndex(where: { $0.count != columns.count }) {
      throw ValueError(
        found: "\(rows[index].count) \(rows[index].count == 1 ? "field" : "fields") in row \(index + 1)",
        expected: "\(columns.count) as there are columns")
    }
    return DataFeed(name: name, mode: mode, exhausted: exhausted, columns: columns, rows: rows)
  }

  private static func check(name: String, _ what: String) throws(ValueError) {
    if TemplateScope.isName(name) { return }
    throw ValueError(found: "the \(what)'s name \(CheckText.quoted(name))", expected: TemplateScope.nameExpected)
  }

  /// `users=FILE` or `users=FILE,unique`: what `--list` and `--feed` take.
  public static func named(
    _ text: String, expected: String = "NAME=FILE"
  ) throws(ValueError) -> (name: String, file: String) {
    guard let equal = text.firstIndex(of: "="), equal != text.startIndex, text.index(after: equal) != text.endIndex
    else { throw ValueError(found: CheckText.quoted(text), expected: expected) }
    return (String(text[..<equal]), String(text[text.index(after: equal)...]))
  }

  /// What `--feed` takes, in words.
  public static let feedExpected: String = {
    let words = DataFeed.Mode.allCases.map(\.rawValue) + DataFeed.Exhausted.allCases.map(\.rawValue)
    return "NAME=FILE, or NAME=FILE,WORD with a word of \(words.joined(separator: ", "))"
  }()

  /// Takes `,unique` and the like off a file's name.
  public static func mode(_ file: String) -> (file: String, mode: DataFeed.Mode, exhausted: DataFeed.Exhausted) {
    var file = file
    var mode = DataFeed.Mode.shared
    var exhausted = DataFeed.Exhausted.stop
    while let comma = file.lastIndex(of: ",") {
      let word = String(file[file.index(after: comma)...])
      if let known = DataFeed.Mode(rawValue: word) {
        mode = known
      } else if let known = DataFeed.Exhausted(rawValue: word) {
        exhausted = known
      } else {
        break
      }
      file = String(file[..<comma])
    }
    return (file, mode, exhausted)
  }
}

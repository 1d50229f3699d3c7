import CommandLines
import Glibc
import Options
import Records
import Reports
import Summary

/// Where a run's result goes: the run directory, and files besides it.
struct ResultPlaces {
  /// The form of a file, told by its name's ending.
  enum Form: String {
    case json, csv
  }

  struct File {
    let path: String
    let form: Form
  }

  /// The run directory to make; nil = a new one in `runs`.
  let directory: String?
  let files: [File]

  /// - Throws: `Failure` for a form that is not there, two directories, or a file that could not be written.
  init(_ line: Invocation) throws(Failure) {
    var files: [File] = []
    var directories = line.all(.output)
    for given in line.all(.out) {
      if let file = try ResultPlaces.file(given) { files.append(file) } else { directories.append(given) }
    }
    if let given = directories.first(where: { $0.text == "-" }) {
      throw Failure(
        "\(given.place) -: standard output has the table; name a file that ends in .json or .csv, or a directory")
    }
    if directories.count > 1 {
      let names = directories.prefix(2).map { "\($0.place) \($0.text)" }
      throw Failure("\(names[0]) and \(names[1]) name two run directories: give one (files end in .json or .csv)")
    }
    if let format = line.given(.format) {
      for word in format.text.split(separator: ",", omittingEmptySubsequences: false) {
        guard Form(rawValue: word.lowercased()) == nil else { continue }
        if let later = ResultPlaces.later[word.lowercased()] {
          throw Failure("\(format.place) \(word): \(later) not in this version; type \(format.place) json,csv")
        }
        throw Failure("\(format.place): found '\(word)', expected json, csv or both (json,csv)")
      }
    }
    directory = directories.first?.text
    self.files = files
  }

  private static let later = [
    "html": "HTML reports are", "junit": "JUnit reports are", "xml": "JUnit reports are", "md": "Markdown reports are",
    "hgrm": "HDR percentile files are",
  ]

  /// The file that the name's ending asks for; nil where it names a directory.
  static func file(_ given: Invocation.Given) throws(Failure) -> File? {
    guard let dot = given.text.lastIndex(of: "."), !given.text[dot...].contains("/") else { return nil }
    let ending = given.text[given.text.index(after: dot)...].lowercased()
    if let later = later[ending] {
      throw Failure(
        "\(given.place) \(given.text): \(later) not in this version; name a file that ends in .json or .csv")
    }
    guard let form = Form(rawValue: ending) else { return nil }
    try check(given)
    return File(path: given.text, form: form)
  }

  /// A long run must not end with a file that can't be made.
  private static func check(_ given: Invocation.Given) throws(Failure) {
    var status = stat()
    if stat(given.text, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR {
        throw Failure("\(given.place) \(given.text): found a directory, expected a file's name")
      }
      if access(given.text, W_OK) != 0 { throw Failure("\(given.place) \(given.text): no permission to write it") }
      return
    }
    let slash = given.text.lastIndex(of: "/")
    let folder = slash.map { String(given.text[...$0]) } ?? "."
    if access(folder, F_OK) != 0 {
      throw Failure("\(given.place) \(given.text): there is no folder \(folder); make it first")
    }
    if access(folder, W_OK) != 0 {
      throw Failure("\(given.place) \(given.text): no permission to make a file in \(folder)")
    }
  }

  /// Writes the files; gives a line for each that could not be.
  func write(_ summary: RunSummary) -> [String] {
    files.compactMap { file in
      do throws(RecordsError) {
        try file.write(summary)
        return nil
      } catch { return "--out \(error)" }
    }
  }
}

extension ResultPlaces.File {
  /// Writes the file; beside a table of names the smaller tables, each under a name of its own: `shop_checks.csv`.
  func write(_ summary: RunSummary) throws(RecordsError) {
    try WholeFile.write(form.bytes(of: summary), to: path)
    var status = stat()
    guard form == .csv, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    try ResultPlaces.writeTables(of: summary, to: path.dropLast(".csv".count) + "_")
  }
}

extension ResultPlaces {
  /// Writes thresholds, phases, iterations and checks where the result has any.
  ///
  /// - Parameter start: what stands before each table's name: a folder with its slash, or more.
  static func writeTables(of summary: RunSummary, to start: some StringProtocol) throws(RecordsError) {
    for table in StepsCSV.allCases {
      if let bytes = table.encode(summary) { try WholeFile.write(bytes, to: "\(start)\(table.rawValue).csv") }
    }
  }
}

extension ResultPlaces.Form {
  func bytes(of summary: RunSummary) -> [UInt8] {
    switch self {
    case .json: SummaryJSON.encode(summary)
    case .csv: NamesCSV.encode(summary)
    }
  }
}

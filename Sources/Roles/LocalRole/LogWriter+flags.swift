import Log
import Options

extension LogWriter {
  /// As `--verbose`, `--log-level` and `--log-format` say; warnings and errors by default.
  convenience init(_ line: Invocation, opening: String = "") {
    let word = line.text(.logLevel)
    let level = Level.allCases.first { $0.word == word } ?? (line.isOn(.verbose) ? .debug : .warning)
    let format = line.text(.logFormat).flatMap(LineFormat.init) ?? .text
    self.init(level: level, format: format, opening: opening)
  }
}

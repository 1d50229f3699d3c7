public import Log
public import Options

extension LogWriter {
  /// As `--verbose`, `--log-level` and `--log-format` say; warnings and errors by default.
  public convenience init(_ line: Invocation, opening: String = "") {
    self.init(line, level: .logLevel, usual: .warning, opening: opening)
  }

  /// The same for a service, whose usual level is info.
  public convenience init(service line: Invocation) {
    self.init(line, level: .serviceLogLevel, usual: .info, opening: "")
  }

  private convenience init(_ line: Invocation, level option: Option, usual: Level, opening: String) {
    let word = line.text(option)
    let level = Level.allCases.first { $0.word == word } ?? (line.isOn(.verbose) ? .debug : usual)
    let format = line.text(.logFormat).flatMap(LineFormat.init) ?? .text
    self.init(level: level, format: format, opening: opening)
  }
}

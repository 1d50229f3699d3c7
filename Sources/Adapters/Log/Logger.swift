/// Writes lines with fields that stay the same (a run's id, a worker's) through a writer shared by many loggers.
///
/// Any thread may use it, an event loop too: a line is put into a bounded queue, and lost (and counted) when it is full.
public struct Logger: Sendable {
  public let writer: LogWriter
  /// Put on every line of this logger, before the line's own.
  public let fields: [Field]

  public init(_ writer: LogWriter, fields: [Field] = []) {
    self.writer = writer
    self.fields = fields
  }

  /// The same logger with one more field.
  public func with(_ name: String, _ value: some CustomStringConvertible & Sendable) -> Logger {
    Logger(writer, fields: fields + [Field(name, value)])
  }

  public func debug(_ message: @autoclosure () -> String, _ own: Field...) { log(.debug, message, own) }
  public func info(_ message: @autoclosure () -> String, _ own: Field...) { log(.info, message, own) }
  public func warning(_ message: @autoclosure () -> String, _ own: Field...) { log(.warning, message, own) }
  public func error(_ message: @autoclosure () -> String, _ own: Field...) { log(.error, message, own) }

  private func log(_ level: Level, _ message: () -> String, _ own: [Field]) {
    if level < writer.level { return }
    writer.put(level, message(), fields + own)
  }
}

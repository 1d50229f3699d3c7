public import Options
public import Plans

/// Why a command ends without having done its work: what is said, and the exit code.
public struct Failure: Error, CustomStringConvertible {
  /// Each is shown as one line, whatever it holds.
  public let lines: [String]
  /// 1: the command line, a plan or the machine stands in the way. 2: the run itself failed.
  public let exitCode: Int32

  public init(_ message: String, exitCode: Int32 = 1) {
    lines = [message]
    self.exitCode = exitCode
  }

  public init(_ error: OptionError) { self.init(error.message) }
  public init(_ error: PlanError) {
    lines = error.lines
    exitCode = 1
  }

  public var description: String { lines.joined(separator: "\n") }
}

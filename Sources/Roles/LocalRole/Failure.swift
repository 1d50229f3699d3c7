import Options
import Plans
import Records
import RunSession

/// Why a command ends without having done its work: what is said, and the exit code.
struct Failure: Error, CustomStringConvertible {
  /// Each is shown as one line, whatever it holds.
  let lines: [String]
  /// 1: the command line, a plan or the machine stands in the way. 2: the run itself failed.
  let exitCode: Int32

  init(_ message: String, exitCode: Int32 = 1) {
    lines = [message]
    self.exitCode = exitCode
  }

  init(_ error: OptionError) { self.init(error.message) }
  init(_ error: PlanError) {
    lines = error.lines
    exitCode = 1
  }

  init(_ error: RecordsError) { self.init(error.description) }
  init(_ error: RunError) { self.init(error.message, exitCode: error.isUsage ? 1 : 2) }

  var description: String { lines.joined(separator: "\n") }
}

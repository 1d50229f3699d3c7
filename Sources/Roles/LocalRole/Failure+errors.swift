import CommandLines
import Records
import RunSession

extension Failure {
  init(_ error: RecordsError) { self.init(error.description) }
  init(_ error: RunError) { self.init(error.message, exitCode: error.isUsage ? 1 : 2) }
}

import Foundation
import Processes
import TestSupport

/// The reader in Python, which shares nothing with ours but the schema file.
enum PythonReader {
  static let script = Places.root + "/scripts/read-records.py"

  /// The lines that Python prints when given these arguments.
  static func lines(_ arguments: [String]) throws -> [Substring] {
    var command = Command(Places.python, arguments)
    command.captureLimit = 256 << 20
    let finished = try ChildProcess.run(command, within: .seconds(300))
    guard finished.exit.isSuccess else { throw TestError("\(finished.exit): \(finished.errorText)") }
    return finished.text.split(separator: "\n")
  }
}

extension TemporaryFolder {
  func write(_ name: String, bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }
}

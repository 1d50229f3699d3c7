import Foundation
import Glibc
import Processes
import TestSupport

/// A master as a process of its own, on free ports; it is killed with the last reference.
final class MasterProcess {
  static let key = "7Qz3kP9vX2mT5cW8rB1nL6dH4sJ0gFyA"
  let child: ChildProcess

  /// - Parameter flags: added to those that every test needs.
  init(
    kafka: String, database: String, topic: String, flags: [String] = [], environment: [String: String] = [:]
  ) throws {
    var all = [
      "JWT_SECRET_KEY": MasterProcess.key, "KAFKA_BROKER": kafka, "KAFKA_TOPIC": topic, "DATABASE_URL": database,
      "STAMPEDE_ADMIN_PASSWORD": MasterProcess.password,
    ]
    all.merge(environment) { $1 }
    child = try Stampede.start(["master", "--http-port", "0", "--rpc-port", "0"] + flags, environment: all)
  }

  static let password = "Tulpe-7-Regen-Wolke"

  /// What it has printed.
  var log: String { String(decoding: child.errors, as: UTF8.self) }

  /// Waits until it has printed the text.
  func wait(for text: String, within span: Duration = .seconds(60)) throws {
    let end = ContinuousClock.now + span
    while !log.contains(text) {
      guard child.exit == nil, ContinuousClock.now < end else {
        throw TestError("the master never said '\(text)':\n\(log)")
      }
      usleep(20_000)
    }
  }

  /// The port that REST listens on.
  func restPort() throws -> UInt16 { try port(after: "http://127.0.0.1:") }

  private func port(after text: String) throws -> UInt16 {
    try wait(for: text)
    let line = log
    guard let range = line.range(of: text), let port = UInt16(line[range.upperBound...].prefix { $0.isNumber }) else {
      throw TestError("no port after '\(text)':\n\(line)")
    }
    return port
  }
}

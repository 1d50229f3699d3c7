import Digests
import Foundation
import Glibc
import Identity
import JSONScan
import TestSupport
import Testing
import Threads

/// A master with PostgreSQL and no Kafka: users sign in, and are let in or not.
final class LoneMaster {
  static let nowhere = "127.0.0.1:1"
  let process: MasterProcess
  let port: UInt16

  /// Returns once users can sign in.
  init(database: String? = nil, flags: [String] = [], environment: [String: String] = [:]) throws {
    process = try MasterProcess(
      kafka: Self.nowhere, database: database ?? PostgresServer.shared.get().database(), topic: "none", flags: flags,
      environment: environment)
    port = try process.restPort()
    let pause = Monitor(false)
    while try Reply.to("GET", "/readyz", port: port).detail.contains("PostgreSQL") {
      try #require(process.child.exit == nil, "\(process.log)")
      _ = pause.wait(within: .milliseconds(100)) { $0 ? true : nil }
    }
  }

  func ask(
    _ method: String, _ target: String, token: String? = nil, headers: [String] = [], _ body: String? = nil
  ) throws -> Reply {
    try Reply.to(method, target, port: port, token: token, headers: headers, body: body)
  }

  func login(_ name: String = "admin", _ password: String = MasterProcess.password) throws -> Reply {
    try ask("POST", "/auth/login", #"{"username":"\#(name)","password":"\#(password)"}"#)
  }

  func token(_ name: String = "admin", _ password: String = MasterProcess.password) throws -> String {
    let reply = try login(name, password)
    return try #require(reply.json["token"]?.text, "\(reply)")
  }

  /// An admin's token that this key has signed.
  static func signed(_ key: String, now: Int64 = Int64(time(nil))) throws -> String {
    let signer = TokenSigner(keys: try SigningKeys([key]))
    return try #require(signer.sign(subject: "admin", role: .admin, generation: 1, now: now)).token
  }
}

import EventLoop
import Identity
import Model
import PostgresIO

/// What a master needs to know.
struct MasterSettings: Sendable {
  var http: SocketAddress
  var rpc: SocketAddress
  var keys: SigningKeys
  /// Of the first admin; nil: one is made.
  var adminPassword: String?
  /// What workers must know to join.
  var joinToken: String
  /// Whether the token was made at this start, and must be told.
  var isTokenMade: Bool
  var tls: TLSFiles?
  /// Whether the token may come in plain from other machines.
  var takesPlain: Bool
  /// `host:port`, several separated by commas.
  var kafka: String
  var topic: String
  var database: PostgresAddress
  /// What the admin allows workers to connect to.
  var allowedTargets: [TargetPolicy.Block]

  struct TLSFiles: Sendable {
    var certificate: String
    var key: String
  }
}

/// Why a master does not start: the flag or variable, what was found, what was expected.
struct SettingsError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

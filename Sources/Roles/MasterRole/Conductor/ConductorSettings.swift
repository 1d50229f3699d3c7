import EventLoop
import Model
import PostgresIO
import RPC

/// What a conductor needs to know.
struct ConductorSettings: Sendable {
  var database: PostgresAddress
  /// Where workers publish their records.
  var topic: String
  /// Where workers connect to; port 0 takes a free one.
  var rpc: SocketAddress
  /// What workers must know to join.
  var token: String
  var tls: HubSettings.Certificate?
  /// Of the program.
  var version: String
  /// Whether the token may come in plain from other machines.
  var takesPlain = false
  /// Asked for each test that comes, on any thread.
  var targets: @Sendable () -> TargetLists = { TargetLists() }
  var lease = TimeSpan.seconds(5)
  var margin = TimeSpan.seconds(1)

  func hub(term: UInt64, master: Identifier) -> HubSettings {
    var hub = HubSettings(address: rpc, token: token, term: term, master: master, version: version)
    hub.tls = tls
    hub.allowsPlain = takesPlain
    hub.lease = lease
    hub.margin = margin
    return hub
  }
}

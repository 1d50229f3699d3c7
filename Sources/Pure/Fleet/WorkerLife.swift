import Model
import Wire

/// A worker as the master knows it: one process, with or without a connection.
struct WorkerLife: Sendable, Hashable {
  var hello: Hello
  var since: Instant
  /// Nil while it has no connection.
  var peer: Peer?
  /// Whether it said on this connection what it is at.
  var isRegistered = false
  /// What it said last that it is at.
  var said = WorkerState.idle
  /// The test that it has a part in.
  var run: Identifier?

  init(_ hello: Hello, _ peer: Peer, since: Instant) {
    self.hello = hello
    self.peer = peer
    self.since = since
  }

  var registeredPeer: Peer? { isRegistered ? peer : nil }

  /// Whether it can take a part.
  var isIdle: Bool { isRegistered && peer != nil && run == nil && said == .idle }
}

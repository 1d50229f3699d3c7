import CLinux
import EventLoop
import Glibc
import TestSupport
import Threads

/// A server that does exactly what a test tells it: a thread for each connection, blocking calls, its own counts.
final class RawServer: Sendable {
  /// What really happened, as seen from here.
  struct Counts {
    var connections = 0
    var requests = 0
  }

  private struct State {
    var counts = Counts()
    var open: Set<Int32> = []
    var isOver = false
    var isAccepting = true
  }

  let port: UInt16
  private let listener: Int32
  private let state = Monitor(State())

  /// - Parameters:
  ///   - delay: milliseconds before a TLS handshake is answered.
  ///   - serve: called on the connection's own thread; the connection is closed when it returns.
  init(
    _ listening: Listening? = nil, tls: TLSContext? = nil, delay: UInt32 = 0,
    _ serve: @escaping @Sendable (Peer, RawServer) -> Void
  ) throws {
    let listening = try listening ?? Listening()
    port = listening.port
    listener = listening.descriptor
    try OwnThread(name: "accept") { self.accept(tls, delay, serve) }.detach()
  }

  private func accept(_ tls: TLSContext?, _ delay: UInt32, _ serve: @escaping @Sendable (Peer, RawServer) -> Void) {
    while true {
      let descriptor = accept4(listener, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
      if descriptor < 0 {
        if !state.read({ $0.isOver }) { continue }
        Socket.close(listener)
        return state.change { $0.isAccepting = false }
      }
      Socket.setNoDelay(descriptor)
      let number = state.change { state -> Int in
        state.open.insert(descriptor)
        state.counts.connections += 1
        if state.isOver { shutdown(descriptor, Int32(SHUT_RDWR)) }
        return state.counts.connections - 1
      }
      do {
        try OwnThread(name: "peer-\(number)") {
          if delay > 0 { usleep(delay * 1_000) }
          self.converse(descriptor, number, tls, serve)
          self.state.change { state in
            state.open.remove(descriptor)
            Socket.close(descriptor)
          }
        }.detach()
      } catch {
        state.change { state in
          state.open.remove(descriptor)
          Socket.close(descriptor)
        }
      }
    }
  }

  private func converse(
    _ descriptor: Int32, _ number: Int, _ tls: TLSContext?, _ serve: @Sendable (Peer, RawServer) -> Void
  ) {
    var session: TLSSession?
    if let tls {
      guard let made = try? TLSSession(serverOf: tls, descriptor: descriptor) else { return }
      session = made
      if made.handshake() != .done { return made.free() }
    }
    serve(Peer(descriptor, number: number, session: session), self)
  }

  /// The next request, counted as soon as its head is there.
  func request(_ peer: Peer, most: Int = .max) -> Peer.Request? {
    peer.request(most: most) { state.change { $0.counts.requests += 1 } }
  }

  var counts: Counts { state.read { $0.counts } }

  /// Waits until so many requests have come; false when they don't in time.
  func await(requests: Int, within: Duration = .seconds(10)) -> Bool {
    state.wait(within: within) { $0.counts.requests >= requests ? true : nil } ?? false
  }

  /// Ends every connection and waits for their threads; gives the final counts.
  @discardableResult
  func stop() -> Counts {
    state.change { state in
      if state.isAccepting { shutdown(listener, Int32(SHUT_RDWR)) }
      state.isOver = true
      for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
    _ = state.wait(within: .seconds(60)) { $0.open.isEmpty && !$0.isAccepting ? true : nil }
    return counts
  }
}

extension RawServer {
  static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

  /// A server that answers every request with the same bytes and keeps the connection.
  convenience init(_ listening: Listening? = nil, tls: TLSContext? = nil, always reply: String) throws {
    let bytes = Array(reply.utf8)
    try self.init(listening, tls: tls) { peer, server in
      while server.request(peer) != nil {
        if !peer.write(bytes) { break }
      }
    }
  }
}

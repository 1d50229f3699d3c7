import EventLoop
import Model
import RPC
import TestSupport
import Threads
import Wire

/// A hub on a free port of 127.0.0.1, and what it told.
final class HubProbe: Sendable {
  static let token = "a token of more than sixteen bytes"

  let hub: Hub
  let address: SocketAddress
  private let told: Monitor<[Hub.Event]>

  /// Its lease is long: no test depends on a heartbeat in time.
  static func settings(port: UInt16 = 0) -> HubSettings {
    var settings = HubSettings(
      address: SocketAddress(.v4(0x7F00_0001), port: port), token: token, term: 7,
      master: Identifier(high: 1, low: 2), version: "test")
    settings.lease = .seconds(120)
    settings.helloTime = .seconds(60)
    settings.stoppingTime = .milliseconds(500)
    return settings
  }

  /// - Parameter answer: called with each event, on the hub's thread.
  init(
    _ settings: HubSettings = HubProbe.settings(),
    answer: @escaping @Sendable (Hub.Event, Hub) -> Void = { _, _ in }
  ) throws {
    let told = Monitor<[Hub.Event]>([])
    self.told = told
    let back = WayBack()
    hub = Hub(settings) { event in
      if let hub = back.hub { answer(event, hub) }
      told.change { $0.append(event) }
    }
    back.hub = hub
    address = try hub.start()
  }

  /// Written before the hub starts, read afterwards.
  private final class WayBack: @unchecked Sendable {  // not changed once there is a second thread
    weak var hub: Hub?
  }

  deinit {
    hub.abort()
    hub.wait()
  }

  /// Waits until `pick` finds something in the events so far.
  func wait<Found>(for what: String, _ pick: ([Hub.Event]) -> Found?) throws -> Found {
    guard let found = told.wait(within: .seconds(60), until: { pick($0) }) else {
      throw TestError("no \(what) among \(events)")
    }
    return found
  }

  var events: [Hub.Event] { told.read { $0 } }

  func joined(_ worker: String = "w1") throws -> Peer {
    try wait(for: "joined") { events in
      events.lazy.compactMap {
        if case .joined(let peer, let hello, _) = $0, hello.worker == worker { peer } else { nil }
      }
      .last
    }
  }

  func left(_ peer: Peer) throws -> String {
    try wait(for: "left") { events in
      events.lazy.compactMap { if case .left(peer, let reason) = $0 { reason } else { nil } }.first
    }
  }

  func turnedAway() throws -> String {
    try wait(for: "turned away") { events in
      events.lazy.compactMap { if case .turnedAway(_, let reason) = $0 { reason } else { nil } }.first
    }
  }

  func message(_ name: String) throws -> (Peer, Message, UInt64) {
    try wait(for: name) { events in
      events.lazy.compactMap { event -> (Peer, Message, UInt64)? in
        guard case .message(let peer, let message, let request, _) = event, message.name == name else { return nil }
        return (peer, message, request)
      }.first
    }
  }
}

extension Hello {
  /// What a worker with the right token says.
  static func right(_ worker: String = "w1", process: UInt64 = 1, token: String = HubProbe.token) -> Hello {
    Hello(token: token, worker: worker, process: Identifier(high: 0, low: process), version: "test", cpus: 2)
  }
}

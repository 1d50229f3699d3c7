import EventLoop
import Model
import RPC
import TestSupport
import Threads
import Wire

/// A link and what it told.
final class LinkProbe: Sendable {
  let link: Link
  private let told: Monitor<[Link.Event]>

  /// Tries again soon.
  static func settings(_ port: UInt16, _ hello: Hello = .right()) -> LinkSettings {
    var settings = LinkSettings(host: "127.0.0.1", port: port, hello: hello)
    settings.backOff = BackOff(from: .milliseconds(10), to: .milliseconds(100))
    settings.refusalTime = .milliseconds(100)
    settings.connectTime = .seconds(60)
    settings.welcomeTime = .seconds(60)
    return settings
  }

  init(_ settings: LinkSettings) throws {
    let told = Monitor<[Link.Event]>([])
    self.told = told
    link = try Link(settings) { event in told.change { $0.append(event) } }
  }

  deinit {
    link.stop()
    link.join()
  }

  var events: [Link.Event] { told.read { $0 } }

  func wait<Found>(for what: String, _ pick: ([Link.Event]) -> Found?) throws -> Found {
    guard let found = told.wait(within: .seconds(60), until: { pick($0) }) else {
      throw TestError("no \(what) among \(events)")
    }
    return found
  }

  /// The Welcome that came as the n-th, counted from 1.
  @discardableResult
  func welcomed(_ number: Int = 1) throws -> Welcome {
    try wait(for: "welcome \(number)") { events in
      let all = events.compactMap { if case .welcomed(let welcome, _) = $0 { welcome } else { nil } }
      return all.count >= number ? all[number - 1] : nil
    }
  }

  func refused() throws -> Refused {
    try wait(for: "refused") { events in
      events.lazy.compactMap { if case .refused(let refused, _) = $0 { refused } else { nil } }.first
    }
  }

  func lost() throws -> String {
    try wait(for: "lost") { events in
      events.lazy.compactMap { if case .lost(let reason, _) = $0 { reason } else { nil } }.first
    }
  }

  func message(_ name: String) throws -> (Message, UInt64) {
    try wait(for: name) { events in
      events.lazy.compactMap { event -> (Message, UInt64)? in
        guard case .message(let message, let request, _) = event, message.name == name else { return nil }
        return (message, request)
      }.first
    }
  }
}

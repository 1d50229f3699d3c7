/// One Server-Sent Event, as its bytes.
struct ServerEvent: Sendable {
  enum Kind: String, Sendable {
    case state, second, end
  }

  let number: UInt64
  let kind: Kind
  let bytes: [UInt8]
}

/// The latest events of a run, numbered, so that who comes back gets what was missed. Pure.
struct EventLog: Sendable {
  /// Tells this master's numbers from another's.
  let epoch: UInt32
  private var events: [ServerEvent] = []
  private(set) var last: UInt64 = 0

  /// How many are kept: ten minutes of seconds.
  static let most = 600

  init(epoch: UInt32) { self.epoch = epoch }

  /// - Parameter json: without line ends.
  mutating func append(_ kind: ServerEvent.Kind, _ json: [UInt8]) -> ServerEvent {
    last += 1
    let event = ServerEvent(number: last, kind: kind, bytes: EventLog.bytes(id: "\(epoch)-\(last)", kind, json))
    events.append(event)
    if events.count > EventLog.most { events.removeFirst(events.count - EventLog.most) }
    return event
  }

  /// Those after the one that a client names; none where it names none of this log.
  func after(_ id: String?) -> [ServerEvent] {
    guard let id, let dash = id.firstIndex(of: "-"), UInt32(id[..<dash]) == epoch,
      let number = UInt64(id[id.index(after: dash)...])
    else { return [] }
    return events.filter { $0.number > number }
  }

  /// The id that a client has with the last event.
  var lastID: String { "\(epoch)-\(last)" }

  /// The form of the HTML standard, 9.2.
  static func bytes(id: String, _ kind: ServerEvent.Kind, _ json: [UInt8]) -> [UInt8] {
    Array("id: \(id)\nevent: \(kind.rawValue)\ndata: ".utf8) + json.filter { $0 != 10 && $0 != 13 } + [10, 10]
  }
}

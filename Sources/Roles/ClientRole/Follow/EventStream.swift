import HTTPClient
import Model

/// A test's events over however many connections it takes.
final class EventStream: Sendable {
  let master: Master
  let id: Identifier
  /// Longer than the comments that a master sends (15 s) can be apart.
  static let stall = TimeSpan.seconds(45)

  init(_ master: Master, _ id: Identifier) {
    self.master = master
    self.id = id
  }

  /// How one connection ended.
  enum End {
    /// The server closed it, or it broke off: a next one may go on. `sawEvent`: it brought something.
    case broken(ClientError?, sawEvent: Bool)
    case denied(Denial)
    case rubbish
    /// The caller had enough.
    case done
  }

  /// One connection, from the reader's last id on.
  ///
  /// - Parameter event: false ends it.
  func connect(
    _ events: inout EventReader, _ cancellation: Cancellation, event: @escaping (EventReader.Event) -> Bool
  ) -> End {
    var reader = events
    reader.reconnect()
    defer { events = reader }
    guard var call = try? master.call(.get, "/api/tests/\(id)/events") else { return .rubbish }
    call.headers.removeAll { $0.name == "Accept" }
    call.headers.append(Header("Accept", "text/event-stream"))
    if let last = reader.lastID { call.headers.append(Header("Last-Event-ID", last)) }
    var client = master.client
    client.settings.total = nil
    client.settings.stall = EventStream.stall
    var saw = false
    var isDone = false
    var isRubbish = false
    do throws(ClientError) {
      let reply = try client.stream(call, cancellation: cancellation) { piece in
        guard let events = try? reader.read(piece) else {
          isRubbish = true
          return false
        }
        for each in events where !isDone {
          saw = true
          isDone = !event(each)
        }
        return !isDone
      }
      if isDone { return .done }
      if isRubbish { return .rubbish }
      return reply.isSuccess
        ? .broken(nil, sawEvent: saw) : .denied(Denial(reply, master.address, about: id))
    } catch {
      return .broken(error, sawEvent: saw)
    }
  }
}

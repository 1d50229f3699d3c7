import Fleet
import Model
import RPC
import Threads
import Wire

/// What the conductor's thread is told, in the order in which it was. Any thread may post; nobody waits.
///
/// What workers send is bounded by the hub, what people ask for by the routes.
final class Mailbox: Sendable {
  enum Mail: Sendable {
    case hub(Hub.Event)
    case submitted(QueuedTest, Plan)
    case stop(Identifier, StopKind, text: String)
    /// A change was made, or not: `ChangeWriter`.
    case stored(UInt64, Bool)
    case end
  }

  private let waiting = Monitor<[Mail]>([])

  func post(_ mail: Mail) {
    waiting.change { $0.append(mail) }
  }

  /// All that came, at least one unless the time has passed.
  func take(within span: Duration) -> [Mail] {
    let taken = waiting.wait(within: span) { mails -> [Mail]? in
      if mails.isEmpty { return nil }
      defer { mails = [] }
      return mails
    }
    return taken ?? []
  }
}

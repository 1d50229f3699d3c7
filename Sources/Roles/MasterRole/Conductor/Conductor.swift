import EventLoop
import Fleet
import Log
import Model
import PostgresIO
import RPC
import Threads
import Wire

/// Joins the workers' connections, the fleet's rules and PostgreSQL. Any thread may call it.
///
/// One thread handles everything in the order in which it came: what workers say (`Hub`), what people want, what
/// PostgreSQL has taken (`ChangeWriter`, another thread). What a rule says must be stored first is stored before
/// anything that rests on it is sent.
final class Conductor: Sendable {
  private let settings: ConductorSettings
  private let audience: any Audience
  private let log: Logger
  private let failed: @Sendable (String) -> Void
  /// There from the beginning: what is submitted while a start reads what is stored is in it, or among the stored.
  private let mailbox = Mailbox()
  private let state = Monitor<Running?>(nil)

  /// What a start made.
  private struct Running {
    let hub: Hub
    let writer: ChangeWriter
    var isOver = false
  }

  /// - Parameter failed: called once where this master may not go on: another has taken over.
  init(
    _ settings: ConductorSettings, audience: any Audience, log: Logger,
    failed: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.settings = settings
    self.audience = audience
    self.log = log
    self.failed = failed
  }

  /// Takes a term, reads what an earlier master left, and takes workers from now on. Blocks for PostgreSQL; may be
  /// called again after it threw.
  ///
  /// - Returns: where workers connect to.
  func start() throws -> SocketAddress {
    var random = SystemRandomNumberGenerator()
    let master = Identifier(random: &random)
    let store = FleetStore(try Database(settings.database, application: "stampede-master-fleet"))
    let term = try store.takeTerm(master: master)
    let adoption = try Adoption.read(store, targets: settings.targets())
    log.info("term taken", Field("term", term), Field("tests_adopted", adoption.tests.count))

    let mailbox = mailbox
    var rules = FleetSettings(term: term, topic: settings.topic)
    rules.lease = settings.lease
    rules.margin = settings.margin
    let hub = Hub(settings.hub(term: term, master: master)) { mailbox.post(.hub($0)) }
    let outcome = ChangeWriter.Outcome(
      stored: { mailbox.post(.stored($0, $1)) },
      superseded: { [log, failed] text in
        log.error("\(text)")
        hub.stop()
        failed(text)
      })
    let writer = ChangeWriter(settings.database, term: term, log: log, outcome: outcome)
    try writer.start()
    let address: SocketAddress
    do {
      address = try hub.start()
      let (rules, audience, log, version) = (rules, audience, log, settings.version)
      try OwnThread(name: "conductor") { [state] in
        let loop = ConductorLoop(
          FleetState(rules), mailbox: mailbox, hub: hub, writer: writer, audience: audience, plans: adoption.plans,
          version: version, log: log)
        loop.run(adopted: adoption.tests)
        state.change { $0?.isOver = true }
      }.detach()
    } catch {
      hub.abort()
      writer.stop(within: .zero)
      throw error
    }
    state.change { $0 = Running(hub: hub, writer: writer) }
    return address
  }

  func submitted(_ test: StoredTest, plan: Plan, planText: String) {
    let queued = QueuedTest(test, plan: plan, text: planText, targets: settings.targets())
    mailbox.post(.submitted(queued, plan))
  }

  func stop(_ run: Identifier, _ kind: StopKind, by user: String) {
    let text = kind == .abort ? "aborted by \(user)" : "stopped by \(user)"
    mailbox.post(.stop(run, kind, text: text))
  }

  /// Tells the workers that this master stops, and ends its threads; blocks for a few seconds at most. Tests that run
  /// go on until their leases end, or until the next master has them.
  func end() {
    guard let running = state.read({ $0 }) else { return }
    running.hub.stop()
    running.hub.wait()
    mailbox.post(.end)
    _ = state.wait(within: .seconds(5)) { $0?.isOver == true ? true : nil }
    running.writer.stop(within: .seconds(5))
  }
}

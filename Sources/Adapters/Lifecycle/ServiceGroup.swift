import CLinux
import Glibc
import Log
import Threads

/// Runs services together, each on a thread of its own, until the first of them ends or a signal comes.
///
/// The first SIGINT, SIGTERM or SIGHUP stops them gracefully, the last started first; a second one aborts them all.
public final class ServiceGroup: Sendable {
  /// Why the group has ended.
  public struct Outcome: Sendable {
    /// Signals that came, in order.
    public var signals: [Int32] = []
    /// Errors that services ended with, by the order of their ends.
    public var failures: [(service: String, error: any Error)] = []

    /// Whether a signal or `requestStop` ended it, rather than a service's own end.
    public var wasStopped = false
  }

  private enum Event {
    case ended(Int, (any Error)?)
    case stopAsked
  }

  private let services: [any Service]
  private let log: Logger
  private let giveUp: @Sendable () -> Void
  private let events = Monitor<[Event]>([])
  private let wake: Int32

  /// - Parameters:
  ///   - services: in the order they are started; each may rely on those before it.
  ///   - giveUp: what a third signal does when an abort hangs; it is expected to end the process.
  public init(
    _ services: [any Service], log: Logger, giveUp: @escaping @Sendable () -> Void = { _exit(105) }
  ) throws(SystemError) {
    self.services = services
    self.log = log
    self.giveUp = giveUp
    wake = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    if wake < 0 { throw SystemError("eventfd", code: errno) }
  }

  deinit { close(wake) }

  /// The same as a signal: the first call stops, the second aborts. Any thread; returns at once.
  public func requestStop() { post(.stopAsked) }

  /// Runs all services; blocks the calling thread until every one of them has ended.
  public func run(signals: borrowing Signals) -> Outcome {
    var shutdown = Shutdown(services: services.count)
    var outcome = Outcome()
    for index in services.indices { start(index) }
    while true {
      var watched = [
        pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
      ]
      poll(&watched, 2, -1)
      var actions: [Shutdown.Action] = []
      while let number = signals.next() {
        outcome.signals.append(number)
        outcome.wasStopped = true
        log.debug("signal received", Field("signal", number))
        actions += shutdown.signal()
      }
      var count: UInt64 = 0
      _ = read(wake, &count, 8)
      let posted = events.read { events in
        defer { events = [] }
        return events
      }
      for event in posted {
        switch event {
        case .stopAsked:
          outcome.wasStopped = true
          actions += shutdown.signal()
        case .ended(let index, let error):
          if let error { outcome.failures.append((services[index].name, error)) }
          log.debug("service ended", Field("service", services[index].name))
          actions += shutdown.ended(index)
        }
      }
      for action in actions {
        switch action {
        case .stop(let index): services[index].stop()
        case .abort(let index): services[index].abort()
        case .finish: return outcome
        case .giveUp: giveUp()
        }
      }
    }
  }

  private func start(_ index: Int) {
    let service = services[index]
    do {
      try OwnThread(name: service.name) { [self] in
        do {
          try service.run()
          post(.ended(index, nil))
        } catch {
          post(.ended(index, error))
        }
      }.detach()
    } catch {
      post(.ended(index, error))
    }
  }

  private func post(_ event: Event) {
    events.change { $0.append(event) }
    var one: UInt64 = 1
    _ = write(wake, &one, 8)
  }
}

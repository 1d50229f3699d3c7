import Synchronization
import Telemetry

/// What the demo target was asked so far. Any thread.
final class DemoCounts: Sendable {
  private let success = Atomic<UInt64>(0)
  private let redirection = Atomic<UInt64>(0)
  private let clientError = Atomic<UInt64>(0)
  private let serverError = Atomic<UInt64>(0)

  private let left = Atomic<UInt64>(0)

  /// A client did not wait for its delayed answer.
  func noteLeaving() { left.add(1, ordering: .relaxed) }

  /// A complete request that will be answered with this status.
  func note(status: Int) {
    switch status {
    case ..<300: success.add(1, ordering: .relaxed)
    case ..<400: redirection.add(1, ordering: .relaxed)
    case ..<500: clientError.add(1, ordering: .relaxed)
    default: serverError.add(1, ordering: .relaxed)
    }
  }

  func registry() -> Registry {
    let classes = [
      ("2xx", success.load(ordering: .relaxed)), ("3xx", redirection.load(ordering: .relaxed)),
      ("4xx", clientError.load(ordering: .relaxed)), ("5xx", serverError.load(ordering: .relaxed)),
    ]
    return Registry([
      Figure(
        "stampede_demo_requests_total", .counter, help: "Complete requests to the demo target, by class of the answer.",
        classes.map { Sample(.count($0.1), [Label("class", $0.0)]) }),
      Figure(
        "stampede_demo_left_total", .counter,
        help: "Clients that went away, or ended their side, before a delayed answer.",
        count: left.load(ordering: .relaxed)),
    ])
  }
}

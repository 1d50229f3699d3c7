import HTTPServer
import Model
import Telemetry

/// Figures of the master itself, for Prometheus; no token is needed, and no name of a test or user is in them.
struct MetricsRoutes: Sendable {
  let board: Board
  let readiness: Readiness

  func add(to router: inout Router) {
    router.on(.get, "/metrics") { _ in
      let headers = HeaderLines("Content-Type", PrometheusText.contentType)
      return .now(Response(headers: headers, body: Array(PrometheusText.render(registry()).utf8)))
    }
  }

  private func registry() -> Registry {
    var states: [String: UInt64] = [:]
    for worker in board.workers { states[worker.state, default: 0] += 1 }
    var registry = Registry()
    registry.set(
      Figure(
        "stampede_build_info", .gauge, help: "The program's version.",
        [Sample(.count(1), [Label("version", Product.version)])]))
    registry.set(
      Figure(
        "stampede_master_ready", .gauge, help: "Whether PostgreSQL, Kafka and the workers' port are there.",
        Readiness.Part.allCases.map { part in
          Sample(.count(readiness.isThere(part) ? 1 : 0), [Label("part", part.rawValue)])
        }))
    registry.set(
      Figure(
        "stampede_master_workers", .gauge, help: "Workers by state.",
        states.sorted { $0.key < $1.key }.map { Sample(.count($0.value), [Label("state", $0.key)]) }))
    registry.set(
      Figure(
        "stampede_master_tests_running", .gauge, help: "Tests whose workers send.", count: UInt64(board.running)))
    registry.set(
      Figure(
        "stampede_master_event_streams", .gauge, help: "Listeners to tests' events.",
        count: UInt64(board.listenerCount)))
    return registry
  }
}

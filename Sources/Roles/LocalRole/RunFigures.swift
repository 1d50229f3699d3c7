import Measuring
import Model
import Summary
import Telemetry

/// A run's result as figures for Prometheus.
enum RunFigures {
  /// - Parameters:
  ///   - summary: everything so far; nil before the first second is stored.
  ///   - live: the last stored second.
  static func registry(_ summary: RunSummary?, live: LiveLine?) -> Registry {
    var registry = Registry([
      Figure(
        "stampede_info", .gauge, help: "The version that runs.",
        [Sample(.count(1), [Label("version", Version.product)])])
    ])
    guard let summary, let live else { return registry }
    counts(summary, &registry)
    times(summary, &registry)
    let schedule = summary.counts.schedule
    registry.set(
      Figure(
        "stampede_arrivals_total", .counter, help: "Arrivals: planned, and what became of them.",
        [
          ("planned", schedule.planned), ("started", schedule.started), ("unsent", schedule.unsent),
          ("gap", schedule.gap),
        ]
        .map { Sample(.count($0.1), [Label("state", $0.0)]) }))
    registry.set(Figure("stampede_users", .gauge, help: "Virtual users alive.", Double(live.users)))
    registry.set(Figure("stampede_in_flight", .gauge, help: "Requests in flight.", Double(live.inFlight)))
    registry.set(
      Figure("stampede_elapsed_seconds", .gauge, help: "Time since the run's start.", live.elapsed.inSeconds))
    registry.set(
      Figure(
        "stampede_tainted_seconds_total", .counter, help: "Seconds in which the generator may have been the limit.",
        count: UInt64(summary.generator.taintedSeconds)))
    return registry
  }

  private static func counts(_ summary: RunSummary, _ registry: inout Registry) {
    let rows = summary.names
    func family(_ name: String, _ help: String, _ value: (NameSummary) -> UInt64) {
      registry.set(Figure(name, .counter, help: help, rows.map { Sample(.count(value($0)), [Label("name", $0.name)]) }))
    }
    family("stampede_requests_started_total", "Requests taken up.") { $0.counts.started }
    family("stampede_requests_written_total", "Requests whose first byte was written.") { $0.counts.written }
    family("stampede_requests_completed_total", "Requests with any outcome.") { $0.counts.completed }
    family("stampede_requests_success_total", "Replies accepted as success.") { $0.ok }
    family("stampede_requests_failure_total", "Requests completed and not accepted.") { $0.err }
    family("stampede_bytes_sent_total", "Bytes of requests.") { $0.counts.bytesOut }
    family("stampede_bytes_received_total", "Bytes of replies.") { $0.counts.bytesIn }
    registry.set(
      Figure(
        "stampede_replies_total", .counter, help: "Replies by status code.",
        rows.flatMap { row in
          row.statuses.map { Sample(.count($0.count), [Label("name", row.name), Label("code", "\($0.status)")]) }
        }))
    registry.set(
      Figure(
        "stampede_errors_total", .counter, help: "Failed requests by kind.",
        rows.flatMap { row in
          row.errors.map { Sample(.count($0.count), [Label("name", row.name), Label("kind", $0.kind.word)]) }
        }))
  }

  private static func times(_ summary: RunSummary, _ registry: inout Registry) {
    func family(_ name: String, _ help: String, _ figures: (NameSummary) -> LatencyFigures) {
      let samples = summary.names.map { row in
        Sample(.distribution(distribution(figures(row))), [Label("name", row.name)])
      }
      registry.set(Figure(name, .summary, help: help, samples))
    }
    family("stampede_response_seconds", "From the moment a request was due to the end of its reply.") { $0.response }
    family("stampede_service_seconds", "From the sending of a request to the end of its reply.") { $0.service }
  }

  /// Percentiles of given-up requests are their lower bounds.
  private static func distribution(_ figures: LatencyFigures) -> Distribution {
    let points: [(Double, Reading?)] = [
      (0.5, figures.p50), (0.9, figures.p90), (0.95, figures.p95), (0.99, figures.p99),
    ]
    return Distribution(
      count: figures.count, sum: Double(figures.sum) / 1e6,
      points: points.compactMap { point in point.1.map { .init(point.0, Double($0.microseconds) / 1e6) } })
  }
}

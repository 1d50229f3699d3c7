import Measuring
import Model
import RunSession
import Telemetry
import Threads
import Wire

/// What a worker tells those who ask it over HTTP. Any thread.
final class WorkerBoard: Sendable {
  private struct State {
    var state = WorkerState.idle
    var isJoined = false
    var publishing: PublishReport?
    var records: UInt64 = 0
    var started: UInt64 = 0
    var completed: UInt64 = 0
    var accepted: UInt64 = 0
  }

  private let state = Monitor(State())

  func update(_ course: WorkerCourse, _ report: PublishReport) {
    state.read { state in
      state.state = course.state
      state.isJoined = course.isJoined
      state.publishing = report
    }
  }

  /// Adds a second of a run.
  func count(_ record: [UInt8]) {
    guard case .interval(let interval)? = try? Record.decode(record[...]) else { return }
    state.read { state in
      state.records += 1
      for name in interval.names {
        state.started += name.counts.started
        state.completed += name.counts.completed
        state.accepted += name.counts.accepted
      }
    }
  }

  /// What the worker waits for, for `/readyz`.
  var lacking: [String] { state.read { $0.isJoined } ? [] : ["no master has let this worker in"] }

  /// For `/metrics`.
  func figures(version: String) -> Registry {
    let state = state.read { $0 }
    var registry = Registry([
      Figure(
        "stampede_info", .gauge, help: "The version that runs.", [Sample(.count(1), [Label("version", version)])]),
      Figure(
        "stampede_worker_state", .gauge, help: "1 for the state that the worker is in.",
        WorkerState.allCases.map { Sample(.count($0 == state.state ? 1 : 0), [Label("state", $0.word)]) }),
      Figure(
        "stampede_worker_joined", .gauge, help: "Whether a master has let this worker in.",
        count: state.isJoined ? 1 : 0),
      Figure(
        "stampede_worker_records_total", .counter, help: "Records of its runs, one a second.", count: state.records),
      Figure("stampede_worker_requests_started_total", .counter, help: "Requests taken up.", count: state.started),
      Figure(
        "stampede_worker_requests_completed_total", .counter, help: "Requests with any outcome.",
        count: state.completed),
      Figure(
        "stampede_worker_requests_success_total", .counter, help: "Replies accepted as success.",
        count: state.accepted),
    ])
    guard let report = state.publishing else { return registry }
    registry.set(
      Figure(
        "stampede_worker_records_published_total", .counter, help: "Records that Kafka has.",
        count: UInt64(report.published + report.earlierPublished)))
    registry.set(
      Figure(
        "stampede_worker_records_kept", .gauge, help: "Records that wait in the spool.", count: UInt64(report.kept)))
    return registry
  }
}

import JSONScan
import RunSession
import Summary
import Telemetry
import Threads

/// What a run tells those who ask it over HTTP while it goes on: the last stored second and everything up to it.
final class StatusBoard: Sendable {
  private struct State {
    var directory: String?
    var progress: RunProgress?
    var isOver = false
  }

  private let state = Monitor(State())

  /// The run is about to begin, with its files there.
  func begin(directory: String) { state.change { $0.directory = directory } }

  func show(_ progress: RunProgress) { state.change { $0.progress = progress } }

  func end() { state.change { $0.isOver = true } }

  /// `/results`: the result so far, in the form of summary.json; nil before the first second is stored.
  var results: [UInt8]? { state.read { $0.progress }.map { SummaryJSON.encode($0.summary) } }

  /// `/metrics`.
  var metrics: String {
    let progress = state.read { $0.progress }
    return PrometheusText.render(RunFigures.registry(progress?.summary, live: progress?.live))
  }

  /// `/status`: what runs, how far it is, and its last second.
  var status: [UInt8] {
    let (directory, progress, isOver) = state.read { ($0.directory, $0.progress, $0.isOver) }
    var writer = JSONWriter(indented: true)
    writer.object { writer in
      writer.member("state", isOver ? "ended" : progress == nil ? "starting" : "running")
      writer.member("directory", directory)
      guard let live = progress?.live else { return }
      writer.member("elapsedUs", live.elapsed.inMicroseconds)
      writer.member("progress", rounded: live.progress)
      writer.key("lastSecond")
      writer.object { writer in
        writer.member("users", live.users)
        writer.member("rps", rounded: live.rps)
        writer.member("completed", live.completed)
        writer.member("failed", live.failed)
        writer.member("inFlight", live.inFlight)
        writer.member("p50Us", live.response.p50?.microseconds)
        writer.member("p95Us", live.response.p95?.microseconds)
        writer.member("p99Us", live.response.p99?.microseconds)
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }
}

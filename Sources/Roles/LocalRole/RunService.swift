import CommandLines
import Lifecycle
import RunSession
import Threads

/// The run as a service: its end ends the group, a signal stops it.
final class RunService: Service {
  let name = "run"
  private let session: LocalRun
  private let live: LiveView
  private let board: StatusBoard?
  private let result = Monitor<Result<RunOutcome, RunError>?>(nil)

  /// - Parameter board: told of every second; nil where nobody asks it.
  init(_ session: LocalRun, live: LiveView, board: StatusBoard?) {
    self.session = session
    self.live = live
    self.board = board
  }

  /// What became of it; nil while it runs.
  var outcome: Result<RunOutcome, RunError>? { result.read { $0 } }

  func run() {
    let outcome: Result<RunOutcome, RunError>
    do throws(RunError) {
      outcome = .success(
        try session.run { progress in
          // Who has read the line may ask for it.
          board?.show(progress)
          live.show(progress.live)
          for notice in session.takeNotices() { live.say(notice) }
        })
    } catch { outcome = .failure(error) }
    for notice in session.takeNotices() { live.say(notice) }
    result.change { $0 = outcome }
    board?.end()
  }

  func stop() {
    live.say("stopping: nothing more is sent, replies are awaited (Ctrl-C again cuts them off)")
    session.stop()
  }

  func abort() {
    live.say("cut off: the report is being written")
    session.abort()
  }
}

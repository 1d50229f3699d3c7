import Log
import Model
import PostgresIO
import Threads

/// Reads tests anew when they have changed, and tells the board's listeners: one after the other, on a thread of its own,
/// so that no listener hears of an older state after a newer one.
final class NewsReader: Sendable {
  private struct State {
    var waiting: [Identifier] = []
    var isStopped = false
    var isOver = false
  }

  private let address: PostgresAddress
  private let board: Board
  private let log: Logger
  private let state = Monitor(State())

  init(_ address: PostgresAddress, board: Board, log: Logger) {
    self.address = address
    self.board = board
    self.log = log
  }

  func start() throws(SystemError) {
    try OwnThread(name: "news") { [self] in
      read()
      state.change { $0.isOver = true }
    }.detach()
  }

  /// What is stored of the test has changed.
  func changed(_ run: Identifier) {
    state.change { state in
      if !state.waiting.contains(run) { state.waiting.append(run) }
    }
  }

  func stop() {
    state.change { $0.isStopped = true }
    _ = state.wait(within: .seconds(5)) { $0.isOver ? true : nil }
  }

  private func read() {
    var store: FleetStore?
    while true {
      let next = state.wait { state -> Identifier?? in
        if state.isStopped { return .some(nil) }
        return state.waiting.isEmpty ? nil : .some(state.waiting.removeFirst())
      }
      guard let run = next.flatMap({ $0 }) else { return }
      do throws(PostgresError) {
        if store?.isConnected != true {
          store = nil
          store = FleetStore(try Database(address, application: "stampede-master-news"))
        }
        guard let test = try store?.find(run) else { continue }
        board.tell(run, TestJSON.encode(test, line: board.line(run)), isEnd: test.state.isEnd)
      } catch {
        log.warning("a change of a test can't be read: \(error)", Field("test", run))
        changed(run)
        _ = state.wait(within: .seconds(1)) { $0.isStopped ? true : nil }
      }
    }
  }
}

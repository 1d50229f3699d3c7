import Log
import PostgresIO
import Threads

/// Works on PostgreSQL for those who must not wait: a few threads, each with a connection of its own, and a bounded
/// line of work before them. Any thread may give it work.
///
/// A connection that broke is made anew with the next piece of work.
final class Desk: Sendable {
  /// A piece of work: what it does with a database, or with the reason why there is none.
  typealias Work = @Sendable (Result<Database, any Error>) -> Void

  private struct State {
    var waiting: [Work] = []
    var isStopped = false
    var threads = 0
  }

  private let address: PostgresAddress
  private let capacity: Int
  private let state = Monitor(State())

  init(_ address: PostgresAddress, capacity: Int = 256) {
    self.address = address
    self.capacity = capacity
  }

  func start(threads: Int) throws(SystemError) {
    for number in 0..<threads {
      state.change { $0.threads += 1 }
      do throws(SystemError) { try OwnThread(name: "desk \(number)") { [self] in serve() }.detach() } catch {
        state.change { $0.threads -= 1 }
        throw error
      }
    }
  }

  /// Does the work on one of its threads; false where too much waits, or it has stopped: the work is dropped.
  func give(_ work: @escaping Work) -> Bool {
    state.change { state in
      if state.isStopped || state.waiting.count >= capacity { return false }
      state.waiting.append(work)
      return true
    }
  }

  /// Ends its threads once they have done what waits; blocks for a while at most.
  func stop() {
    state.change { $0.isStopped = true }
    _ = state.wait(within: .seconds(5)) { $0.threads == 0 ? true : nil }
  }

  private func serve() {
    var database: Database?
    while true {
      let work = state.wait { state -> Work?? in
        if !state.waiting.isEmpty { return .some(state.waiting.removeFirst()) }
        return state.isStopped ? .some(nil) : nil
      }
      guard let work = work.flatMap({ $0 }) else { break }
      if database?.isConnected != true { database = nil }
      do throws(PostgresError) {
        let open: Database
        if let database { open = database } else { open = try Database(address, application: "stampede-master") }
        database = open
        work(.success(open))
      } catch { work(.failure(error)) }
    }
    state.change { $0.threads -= 1 }
  }
}

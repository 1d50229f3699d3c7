import HTTPServer
import JSONScan
import Model
import PostgresIO
import Summary

/// The workers, and the whole at a glance.
struct FleetRoutes: Sendable {
  let context: RestContext
  static let latestTests = 10

  func add(to router: inout Router) {
    router.on(.get, "/api/workers") { workers($0) }
    router.on(.get, "/api/dashboard") { dashboard($0) }
  }

  private func workers(_ request: Request) -> Answer {
    context.asking(request) { _ in
      var writer = JSONWriter()
      writer.object { writer in
        writer.key("workers")
        writer.array(of: context.board.workers) { writer, worker in
          writer.object { writer in
            writer.member("worker", worker.worker)
            writer.member("state", worker.state)
            writer.member("host", worker.host)
            writer.member("version", worker.version)
            writer.member("cpus", worker.cpus)
            writer.member("since", UTCText.of(milliseconds: worker.since))
            writer.member("testId", worker.run?.description)
          }
        }
      }
      return .now(.fresh(writer.bytes))
    }
  }

  private func dashboard(_ request: Request) -> Answer {
    context.asking(request) { _ in
      context.reading { [board = context.board] database in
        let store = FleetStore(database)
        let counts = try store.counts()
        let latest = try store.list(limit: Self.latestTests)
        var states: [String: Int] = [:]
        for worker in board.workers { states[worker.state, default: 0] += 1 }
        var writer = JSONWriter()
        writer.object { writer in
          writer.key("workers")
          writer.object { writer in
            for (state, count) in states.sorted(by: { $0.key < $1.key }) { writer.member(state, count) }
          }
          writer.key("tests")
          writer.object { writer in
            for state in TestState.allCases { writer.member(state.rawValue, counts[state] ?? 0) }
          }
          writer.key("latest")
          writer.array(of: latest) { TestJSON.write($1, line: board.line($1.run), to: &$0) }
        }
        return .fresh(writer.bytes)
      }
    }
  }
}

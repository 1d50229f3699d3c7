import EventLoop
import HTTPServer
import Identity
import JSONScan
import Log
import Model
import PostgresIO
import Summary
import Wire

/// What the routes about tests work with.
struct RestContext: Sendable {
  let signIn: SignIn
  let desk: Desk
  let board: Board
  let readiness: Readiness
  let log: Logger
  /// Tells the fleet of a test that was stored.
  let submitted: @Sendable (StoredTest, Plan, String) -> Void
  /// Tells the fleet to stop a test.
  let stop: @Sendable (Identifier, StopKind, String) -> Void
  /// What workers may connect to now.
  let policy: @Sendable () -> TargetPolicy

  /// Answers those who may ask, others with 401 or 403.
  func asking(
    _ request: Request, least: Role = .viewer, _ body: (Principal) throws -> Answer
  ) -> Answer {
    switch signIn.principal(of: request, least: least) {
    case .failure(let denied): return .now(denied.response)
    case .success(let principal):
      do { return try body(principal) } catch let problem as Problem { return .now(problem.response) } catch {
        log.error("\(error)")
        return .now(.problem(500, "the master could not answer; its log says why"))
      }
    }
  }

  /// Answers from PostgreSQL.
  func reading(_ work: @escaping @Sendable (Database) throws -> Response) -> Answer {
    desk.answer(isRead: true, log: log, work)
  }

  func writing(_ work: @escaping @Sendable (Database) throws -> Response) -> Answer {
    desk.answer(isRead: false, log: log, work)
  }

  /// The id in the route's path.
  static func run(_ request: Request) throws(Problem) -> Identifier {
    guard let run = Identifier(text: request.parameter("id")) else { throw Problem.notFound }
    return run
  }
}

extension Response {
  /// A JSON text, never kept by anybody on the way.
  static func fresh(_ json: [UInt8], status: Int = 200) -> Response {
    var response = Response.json(json + [10], status: status)
    response.headers.add("Cache-Control", "no-store")
    return response
  }
}

/// Tests: the list, one of them, its end.
struct TestRoutes: Sendable {
  let context: RestContext
  static let mostTests = 100

  func add(to router: inout Router) {
    router.on(.get, "/api/tests") { list($0) }
    router.on(.get, "/api/tests/:id") { one($0) }
    router.on(.post, "/api/tests/:id/stop") { stop($0) }
  }

  private func list(_ request: Request) -> Answer {
    context.asking(request) { _ in
      let query = try QueryReader(request, known: ["limit", "before", "state"])
      let limit = try query.whole("limit", 1...Int64(Self.mostTests)).map { Int($0) } ?? 20
      let before = try query.whole("before", 1...Int64.max)
      let state = try query.text("state").map { (word) throws(Problem) in
        guard let state = TestState(rawValue: word) else {
          let words = TestState.allCases.map(\.rawValue).joined(separator: ", ")
          throw Problem(400, "state: found '\(Node.cut(word))', expected one of \(words)")
        }
        return state
      }
      return context.reading { [board = context.board] database in
        // One more than asked for tells whether there is a next page.
        let found = try FleetStore(database).list(limit: limit + 1, before: before, state: state)
        let page = found.prefix(limit)
        var writer = JSONWriter()
        writer.object { writer in
          writer.key("tests")
          writer.array(of: page) { TestJSON.write($1, line: board.line($1.run), to: &$0) }
          writer.member("next", found.count > limit ? page.last.map { String($0.number) } : nil)
        }
        return .fresh(writer.bytes)
      }
    }
  }

  private func one(_ request: Request) -> Answer {
    context.asking(request) { _ in
      let run = try RestContext.run(request)
      return context.reading { [board = context.board] database in
        guard let test = try FleetStore(database).find(run) else { throw Problem.notFound }
        return .fresh(TestJSON.encode(test, line: board.line(run)))
      }
    }
  }

  private func stop(_ request: Request) -> Answer {
    context.asking(request, least: .operator) { principal in
      let run = try RestContext.run(request)
      let query = try QueryReader(request, known: ["now"])
      let kind: StopKind = try query.truth("now") ?? false ? .abort : .drain
      return context.writing { [context] database in
        let store = FleetStore(database)
        guard let test = try store.find(run) else { throw Problem.notFound }
        guard principal.mayChange(ownedBy: test.submittedBy) else {
          throw Problem(403, "the test is \(test.submittedBy)'s; only they and admins may stop it")
        }
        if !test.state.isEnd {
          guard context.readiness.isThere(.rpc) else { throw Problem.busy("the master is not ready yet; try again") }
          try store.audit(principal.name, kind == .abort ? "abort test" : "stop test", object: run.description)
          context.stop(run, kind, principal.name)
        }
        return .fresh(TestJSON.encode(test, line: context.board.line(run)), status: 202)
      }
    }
  }
}

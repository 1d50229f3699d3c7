import EventLoop
import HTTPServer
import Model
import PlanFiles
import Plans
import PostgresIO
import Summary
import Verdicts

/// A test's result: while it runs from what its workers tell, then from PostgreSQL's rows.
struct ResultRoutes: Sendable {
  let context: RestContext

  func add(to router: inout Router) {
    router.on(.get, "/api/tests/:id/results") { results($0) }
  }

  /// How long a test's last records are waited for: since the request, and since the test's end. Beyond it the result is
  /// given as it is.
  private static let patience = TimeSpan.seconds(10)
  private static let recent: Int64 = 60
  private static let pause = TimeSpan.milliseconds(250)

  private func results(_ request: Request) -> Answer {
    context.asking(request) { _ in
      let run = try RestContext.run(request)
      return .later { [self] exchange in
        let waiter = Waiter(exchange, until: exchange.loop.now + Self.patience)
        attempt(run, waiter)
      }
    }
  }

  /// What waits for a result: confined to its loop, carried by other threads.
  private final class Waiter: @unchecked Sendable {
    let exchange: Exchange
    let remote: Exchange.Remote
    let inbox: Inbox
    let deadline: Instant

    init(_ exchange: Exchange, until deadline: Instant) {
      self.exchange = exchange
      remote = exchange.remote()
      inbox = exchange.loop.inbox
      self.deadline = deadline
    }
  }

  /// On the loop's thread.
  private func attempt(_ run: Identifier, _ waiter: Waiter) {
    if !waiter.exchange.hasConnection { return }
    let isLast = waiter.exchange.loop.now >= waiter.deadline
    context.desk.ask(isRead: true, log: context.log) { [context] database in
      try Self.result(of: run, context, database, isLast: isLast)
    } then: { [self] response in
      if response.status != Self.again { return waiter.remote.respond(response) }
      waiter.inbox.post { [self] loop in loop.after(Self.pause) { attempt(run, waiter) } }
    }
  }

  /// The status of an answer that never leaves the master: its records are still on their way.
  private static let again = 299

  private static func result(
    of run: Identifier, _ context: RestContext, _ database: Database, isLast: Bool
  ) throws -> Response {
    let store = FleetStore(database)
    guard let test = try store.find(run) else { throw Problem.notFound }
    if !test.state.isEnd, let builder = context.board.builder(run) {
      return answer(builder.judged(), "live")
    }
    if test.state.isEnd, !test.isComplete, !isLast, try isOnItsWay(run, database) { return Response(status: again) }
    let fallback = try description(of: test, store.plan(of: run), database)
    guard let summary = try RunArchive(database).summary(of: run, fallback: fallback) else {
      throw Problem(404, "the test has no result: it is \(test.state.rawValue)")
    }
    return answer(summary, test.state.isEnd && summary.isComplete ? "stored" : "partial")
  }

  /// Whether records of the run may still come: it ended just now, and a worker that was not lost has no last record.
  private static func isOnItsWay(_ run: Identifier, _ database: Database) throws -> Bool {
    let row = try database.run(
      """
      SELECT EXISTS (SELECT FROM test WHERE run = $1 AND ended_at > now() - $2::int * interval '1 s')
        AND EXISTS (SELECT FROM run_incarnation WHERE run = $1 AND fate IS NULL
          AND (final_records IS NULL OR missing_records > 0))
      """, [PostgresValue(run), PostgresValue(recent)], action: "see whether records are on their way")
    return row.value == "t"
  }

  private static func answer(_ summary: RunSummary, _ word: String) -> Response {
    var response = Response.fresh(SummaryJSON.encode(summary).dropLast())
    response.headers.add("Stampede-Result", word)
    return response
  }

  /// What the plan says, for a run of which no worker has said anything.
  private static func description(
    of test: StoredTest, _ text: String?, _ database: Database
  ) throws -> RunDescription? {
    let environment: [String: String] = [:]
    guard let text,
      let document = try? PlanSource.read(
        Array(text.utf8), file: "plan.json", name: test.name, environment: environment),
      let plan = try? document.resolved(with: PlanOverrides()).plan
    else { return nil }
    let seconds = try database.run(
      "SELECT extract(epoch FROM coalesce(started_at, submitted_at))::bigint FROM test WHERE run = $1",
      [PostgresValue(test.run)], action: "read the test's start")
    return RunDescription(
      plan: plan, run: test.run, incarnations: [],
      start: .init(
        secondsSince1970: seconds.value.flatMap { Int64($0) } ?? 0, text: test.startedAt ?? test.submittedAt),
      loops: 0, cpus: 0, pacing: .sleeping, targetIsHere: false, version: Product.version)
  }
}

extension Response {
  fileprivate static func fresh(_ json: ArraySlice<UInt8>) -> Response { fresh(Array(json)) }
}

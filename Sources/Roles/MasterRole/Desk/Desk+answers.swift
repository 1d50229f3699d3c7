import HTTPServer
import Log
import PostgresIO

/// What a handler says no with, in place of an answer.
struct Problem: Error {
  let status: Int
  let detail: String
  var headers: [(name: String, value: String)] = []

  init(_ status: Int, _ detail: String, headers: [(name: String, value: String)] = []) {
    self.status = status
    self.detail = detail
    self.headers = headers
  }

  var response: Response {
    var response = Response.problem(status, detail)
    for header in headers { response.headers.add(header.name, header.value) }
    return response
  }

  static func busy(_ detail: String) -> Problem { Problem(503, detail, headers: [("Retry-After", "1")]) }
  static let notFound = Problem(404, "there is no test with this id")
}

extension Desk {
  /// Answers a request from PostgreSQL, later.
  ///
  /// - Parameter isRead: whether the work may be done twice: a connection that has died since its last use shows only
  ///   when it is used.
  func answer(isRead: Bool = true, log: Logger, _ work: @escaping @Sendable (Database) throws -> Response) -> Answer {
    .later { [self] exchange in
      let remote = exchange.remote()
      ask(isRead: isRead, log: log, work) { remote.respond($0) }
    }
  }

  /// The same for whoever answers another way; `then` may be called at once, or on one of the desk's threads.
  func ask(
    isRead: Bool, log: Logger, _ work: @escaping @Sendable (Database) throws -> Response,
    then: @escaping @Sendable (Response) -> Void
  ) {
    let isTaken = give { [self] database in
      do {
        then(try work(try database.get()))
      } catch let problem as Problem {
        then(problem.response)
      } catch let error as PostgresError where error.isDisconnected && isRead {
        again(log, work, then)
      } catch {
        then(Self.response(to: error, log))
      }
    }
    if !isTaken { then(Problem.busy("the master has too much to do; try again").response) }
  }

  private func again(
    _ log: Logger, _ work: @escaping @Sendable (Database) throws -> Response,
    _ then: @escaping @Sendable (Response) -> Void
  ) {
    let isTaken = give { database in
      do { then(try work(try database.get())) } catch let problem as Problem { then(problem.response) } catch {
        then(Self.response(to: error, log))
      }
    }
    if !isTaken { then(Problem.busy("the master has too much to do; try again").response) }
  }

  /// What PostgreSQL says goes into the log; the client learns that it is not its fault.
  private static func response(to error: any Error, _ log: Logger) -> Response {
    log.error("\(error)")
    let isAway = (error as? PostgresError)?.isDisconnected ?? false
    if isAway { return Problem.busy("PostgreSQL is away; try again").response }
    return Response.problem(500, "the master could not answer; its log says why")
  }
}

import Digests
import HTTPServer
import Identity
import JSONScan
import Model
import Plans
import PostgresIO

/// Submissions: Vegeta's form, and plans.
struct SubmitRoutes: Sendable {
  let context: RestContext
  static let bodyLimit = 8 << 20

  func add(to router: inout Router) {
    router.on(.post, "/api/test/submit", bodyLimit: Self.bodyLimit) { form($0) }
    router.on(.post, "/api/tests", bodyLimit: Self.bodyLimit) { plan($0) }
  }

  private func form(_ request: Request) -> Answer {
    submit(request, known: []) { body, _, policy in
      let form = try VegetaForm(body)
      return try SubmittedPlan(form.document, overrides: form.overrides, workers: form.workers, policy: policy)
    }
  }

  private func plan(_ request: Request) -> Answer {
    submit(request, known: ["workers", "name"]) { body, query, policy in
      let file = try Self.file(request.head.first("Content-Type"))
      var overrides = PlanOverrides()
      if let name = query.text("name") {
        guard TargetText.isRunName(name) else {
          throw Problem(400, "name: found '\(Node.cut(name))', expected 1 to 100 characters without '/'")
        }
        overrides.name = name
      }
      let workers = try query.whole("workers", 1...Int64(SubmittedPlan.mostWorkers)).map { Int($0) }
      let document = try SubmittedText.plan(body, file: file, name: "plan")
      return try SubmittedPlan(document, overrides: overrides, workers: workers, policy: policy)
    }
  }

  /// A name whose ending says what the body is; without one its first line does.
  private static func file(_ type: String?) throws(Problem) -> String {
    let word = type?.prefix { $0 != ";" }.lowercased().filter { $0 != " " } ?? ""
    switch word {
    case "application/json": return "plan.json"
    case "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml": return "plan.yaml"
    case "", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded": return "plan"
    case _:
      throw Problem(415, "Content-Type: found '\(Node.cut(word))', expected application/json or application/yaml")
    }
  }

  private func submit(
    _ request: Request, known: [String],
    _ read: @escaping @Sendable ([UInt8], QueryReader, TargetPolicy) throws -> SubmittedPlan
  ) -> Answer {
    context.asking(request, least: .operator) { principal in
      let query = try QueryReader(request, known: known)
      let key = try Self.key(request)
      guard context.readiness.isThere(.rpc) else {
        throw Problem.busy("not ready, waiting for " + context.readiness.away.joined(separator: ", "))
      }
      let body = request.body
      return context.writing { [context] database in
        let submitted: SubmittedPlan
        do { submitted = try read(body, query, context.policy()) } catch let error as PlanError {
          throw Problem(400, error.description)
        }
        return try Self.store(submitted, key: key, by: principal.name, context, database)
      }
    }
  }

  private static func key(_ request: Request) throws -> String? {
    guard
      let key = try Result(catching: { try request.head.only("Idempotency-Key") })
        .mapError({ Problem(400, "\($0)") }).get()
    else { return nil }
    guard 1...255 ~= key.utf8.count, key.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else {
      throw Problem(400, "Idempotency-Key: expected 1 to 255 visible characters")
    }
    return key
  }

  private static func store(
    _ submitted: SubmittedPlan, key: String?, by user: String, _ context: RestContext, _ database: Database
  ) throws -> Response {
    let store = FleetStore(database)
    var random = SecureRandom()
    let outcome = try store.submit(
      NewTest(
        run: Identifier(random: &random), name: submitted.plan.name, plan: submitted.text,
        workersWanted: submitted.workers, submittedBy: user, idempotencyKey: key))
    switch outcome {
    case .made(let test):
      context.submitted(test, submitted.plan, submitted.text)
      try? store.audit(user, "submit test", object: test.run.description)
      return accepted(test)
    case .known(let test): return accepted(test)
    case .keyReused:
      throw Problem(409, "Idempotency-Key: it was used before, for another test; take a new one")
    }
  }

  private static func accepted(_ test: StoredTest) -> Response {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("testId", test.run.description)
      writer.member("state", test.state.rawValue)
    }
    var response = Response.fresh(writer.bytes, status: 202)
    response.headers.add("Location", "/api/tests/\(test.run)")
    return response
  }
}

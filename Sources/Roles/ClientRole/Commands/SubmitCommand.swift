import CommandLines
import HTTPClient
import JSONScan
import Model
import Options
import Plans

/// `submit`: checks a plan here as `plan check` does, and gives it to a master.
enum SubmitCommand {
  /// What a master can hand to its workers, in bytes of JSON.
  private static let longestPlan = 4_000_000
  private static let longestKey = 128

  static func run(_ line: Invocation, environment: [String: String]) throws(Failure) -> Int32 {
    if let answer = Habits.answer(to: line) { throw Failure(answer) }
    let key = try key(line)
    let (flags, warnings) = try PlanFlags(line).overrides()
    let document = try PlanChoice(line, environment: environment).load()
    let resolved: PlanDocument.Resolved
    do throws(PlanError) { resolved = try document.resolved(with: flags) } catch { throw Failure(error) }
    for warning in warnings + document.warnings + document.fleetWarnings + resolved.warnings {
      Console.say("\(warning)")
    }
    var judged = resolved.plan
    if judged.options.samples.oneIn > 0 {
      throw Failure(
        "samples: found '\(judged.options.samples.text)', expected nothing: workers keep no requests one by one; run it "
          + "on this machine (stampede run), or leave it away")
    }
    // It travels with the plan: master, SQL and whoever asks later judge the test as this command does.
    if let limit = line.percentage(.failOnErrorRate) { judged.thresholds.append(Threshold(failOnErrorRate: limit)) }
    let plan = PlanText.encode(judged)
    if plan.count > longestPlan {
      throw Failure("the plan is \(plan.count) bytes of JSON, expected at most \(longestPlan): fewer or smaller bodies")
    }
    let master = try Master(line, environment: environment)
    let isQuiet = line.isOn(.idAlone)
    if !isQuiet, !resolved.assumed.isEmpty {
      Console.say("nothing said otherwise, so: \(resolved.assumed.joined(separator: " for "))")
    }
    let path = "/api/tests" + (line.count(.fleetWorkers).map { "?workers=\($0)" } ?? "")
    let call = try master.call(
      .post, path, headers: [Header("Content-Type", "application/json"), Header("Idempotency-Key", key)], body: plan)
    let reply = try Submission(master: master, call: call).perform()
    let (id, state) = try master.read(reply) { (root) throws(AnswerError) in
      guard let id = Identifier(text: try root.text(of: "testId")) else { throw root.wrong("testId", "a UUID") }
      return (id, try root.text(of: "state"))
    }
    let follows = line.isOn(.follow)
    if line.isOn(.jsonOutput) {
      if !follows { try Console.out(AnswerText.whole(reply)) }
    } else if isQuiet {
      if !follows { try Console.out("\(id)\n") }
    } else {
      let text = submitted(resolved.plan, id, state, master.address)
      if follows { Console.say("test \(id) submitted to \(master.address.text)") } else { try Console.out(text) }
    }
    return follows ? try Follower.run(id, line, master, environment: environment) : 0
  }

  private static func key(_ line: Invocation) throws(Failure) -> String {
    guard let given = line.given(.idempotencyKey) else {
      var source = SystemRandomNumberGenerator()
      return Identifier(random: &source).description
    }
    guard 1...longestKey ~= given.text.utf8.count, given.text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw Failure("\(given.place): expected 1 to \(longestKey) printable ASCII characters without blanks")
    }
    return given.text
  }

  private static func submitted(_ plan: Plan, _ id: Identifier, _ state: String, _ address: MasterAddress) -> String {
    """
    Test \(id) submitted to \(address.text): \(plan.name.harmless), \(state.harmless)
      follow it   stampede status \(id) --follow\(address.hint)
      its result  stampede results \(id)\(address.hint)
      stop it     stampede stop \(id)\(address.hint)

    """
  }
}

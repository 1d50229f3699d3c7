import CommandLines
import Options
import PlanFiles
import Plans
import Reports
import RunSession

/// `plan check`: reads a plan as `run` would and says what it would send.
enum PlanCheckCommand {
  static func run(_ line: Invocation, environment: [String: String]) throws(Failure) -> Int32 {
    let supplies = try UserFlags(line).supplies()
    let document: PlanDocument
    let resolved: PlanDocument.Resolved
    do throws(PlanError) {
      document = try PlanSource.load(
        argument: line.operands.first ?? "", environment: environment, supplies: supplies)
      resolved = try document.resolved(with: PlanOverrides())
    } catch { throw Failure(error) }
    for warning in document.warnings + resolved.warnings { Console.say("\(warning)") }
    let plan = resolved.plan
    do { try LocalRun.check(plan) } catch { throw Failure(error) }
    var text = "\(plan.name.harmless): a plan that can be run\n"
    switch plan.load.model {
    case .arrivals(let shape):
      text += "load: \(shape)\(plan.load.spacing == .poisson ? ", Poisson" : ""), open model"
    case .users(let shape):
      if let users = shape.constantUsers {
        text += "load: \(users) \(users == 1 ? "user" : "users"), closed model"
      } else {
        text += "load: users \(shape.text(of: .users)), closed model"
      }
    }
    if let duration = plan.load.duration { text += ", for \(duration)" }
    if let requests = plan.load.requests { text += ", at most \(requests) requests" }
    if !resolved.assumed.isEmpty { text += " (assumed: \(resolved.assumed.joined(separator: ", ")))" }
    text += "\ntimeout: \(plan.options.timeout)\n"
    for row in PlanOutline.lines(plan) { text += row.harmless + "\n" }
    try Console.out(text)
    return 0
  }
}

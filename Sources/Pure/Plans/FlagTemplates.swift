import JSONScan
import Model

/// What `--login-url` and `--login-hdr` say.
public struct LoginChoice: Sendable, Hashable {
  /// Each user asks it once, before anything else; nil: not at all.
  public var url: String?
  /// Sent with every request after signing in; one without templates goes with the sign-in, too.
  public var headers: [Header] = []

  public init() {}
}

/// Puts headers, a body and a sign-in given by flags into a plan; all may hold templates.
struct FlagTemplates {
  private let flags: PlanOverrides

  init(_ flags: PlanOverrides) {
    self.flags = flags
  }

  func apply(to plan: inout Plan) throws(PlanError) {
    let login = try lines(flags.login.headers, "--login-hdr")
    if let url = flags.login.url {
      try signIn(url, login, &plan)
    } else {
      try check(login, plan)
    }
    try add(try lines(flags.headers, "--header"), "--header", to: &plan) { _, _ in true }
    let variables = plan.variables
    try add(login, "--login-hdr", to: &plan) { value, known in
      value.templates.allSatisfy { template in !variables.contains(template) || known.contains(template) }
    }
    if let body = flags.body, !flags.isBodyFixed { try fill(body, &plan) }
  }

  private typealias Line = (name: String, value: TextPieces)

  private func lines(_ headers: [Header], _ flag: String) throws(PlanError) -> [Line] {
    var lines: [Line] = []
    for header in headers {
      do throws(Interpolation.Problem) {
        lines.append((header.name, try Interpolation(environment: nil).pieces(of: header.value)))
      } catch { throw PlanError(file: flag, error.message) }
    }
    return lines
  }

  /// Puts the sign-in before everything else. A variable that its headers name is captured from the reply's JSON.
  private func signIn(_ url: String, _ headers: [Line], _ plan: inout Plan) throws(PlanError) {
    if plan.targets.contains(where: { $0.name == FlagTemplates.name }) {
      throw PlanError(file: "--login-url", "the plan signs in already; leave it away, or take 'login:' out of the plan")
    }
    var target: Target
    do throws(ValueError) {
      let compiler = TemplateCompiler(scope: scope(of: plan, knowing: []))
      let pieces: TextPieces
      do throws(Interpolation.Problem) { pieces = try Interpolation(environment: nil).pieces(of: url) } catch {
        throw ValueError(found: "a template without its end", expected: "'}}' behind it")
      }
      let address = try AddressReader.address(pieces, compiler)
      target = Target(name: FlagTemplates.name, method: "POST", url: address.url)
      if let authorization = address.authorization { target.headers = [authorization] }
      if address.path.hasValues {
        target.template = RequestTemplate(
          path: address.path, headers: target.headers.map { Template(fixed: Array($0.value.utf8)) },
          body: Template(parts: []))
      }
    } catch { throw PlanError(file: "--login-url", "\(error)") }
    for name in headers.flatMap(\.value.templates) where isVariable(name, plan) && !plan.variables.contains(name) {
      plan.variables.append(name)
      target.captures.append(
        Capture(
          variable: plan.variables.count - 1, source: .json(JSONPath(text: "$.\(name)", elements: [.key(name)]))))
    }
    plan.makeScenarios()
    plan.insertFirst(target)
  }

  static let name = "Login"

  /// Without a sign-in by flag, what the headers name must be captured by the plan's own.
  private func check(_ headers: [Line], _ plan: Plan) throws(PlanError) {
    for template in headers.flatMap(\.value.templates) where isVariable(template, plan) {
      if plan.variables.contains(template) { continue }
      throw PlanError(
        file: "--login-hdr",
        "found the template '{{\(Node.cut(template))}}', expected --login-url beside it, or a plan with a 'login:' that "
          + "captures it")
    }
  }

  /// Whether a template can only be a variable's name.
  private func isVariable(_ template: String, _ plan: Plan) -> Bool {
    TemplateScope.isName(template) && !plan.feeds.contains { $0.name == template }
  }

  private func add(
    _ lines: [Line], _ flag: String, to plan: inout Plan, where isSent: (TextPieces, Set<String>) -> Bool
  ) throws(PlanError) {
    if lines.isEmpty { return }
    let known = plan.knownVariables()
    for index in plan.targets.indices {
      let names = Set(known[index].map { plan.variables[$0] })
      let scope = scope(of: plan, knowing: known[index])
      var headers: [(header: Header, value: Template)] = []
      for line in lines where isSent(line.value, names) {
        do throws(ValueError) {
          let value = try TemplateCompiler(scope: scope).compile(line.value, .header)
          headers.append((Header(line.name, value.shown(TemplateNames(scope))), value))
        } catch { throw PlanError(file: flag, "\(error)") }
      }
      plan.targets[index].replace(headers)
    }
  }

  private func fill(_ body: [UInt8], _ plan: inout Plan) throws(PlanError) {
    guard UTF8Text.firstInvalid(in: body[...]) == nil else { return }
    let pieces: TextPieces
    do throws(Interpolation.Problem) {
      pieces = try Interpolation(environment: nil).pieces(of: String(decoding: body, as: UTF8.self))
    } catch { throw PlanError(file: "--body", error.message) }
    if pieces.templates.isEmpty { return }
    let known = plan.knownVariables()
    for index in plan.targets.indices where plan.targets[index].body == body {
      let scope = scope(of: plan, knowing: known[index])
      let type = plan.targets[index].headers.first { $0.name.lowercased() == "content-type" }?.value ?? ""
      do throws(ValueError) {
        let compiled = try TemplateCompiler(scope: scope).compile(pieces, TemplateCompiler.Position(contentType: type))
        plan.targets[index].makeTemplate()
        plan.targets[index].template?.body = compiled
        plan.targets[index].body = Array(compiled.shown(TemplateNames(scope)).utf8)
      } catch { throw PlanError(file: "--body", "\(error)") }
    }
  }

  private func scope(of plan: Plan, knowing known: Set<Int>) -> TemplateScope {
    var scope = TemplateScope()
    scope.lists = plan.lists.map(\.name)
    scope.feeds = plan.feeds.map { ($0.name, $0.columns) }
    scope.variables = plan.variables
    scope.known = known
    return scope
  }
}

extension Plan {
  /// For each target the variables that are captured before it is sent.
  func knownVariables() -> [Set<Int>] {
    var known = [Set<Int>](repeating: [], count: targets.count)
    func walk(_ steps: [Step], _ start: Set<Int>) -> Set<Int> {
      var now = start
      for step in steps where targets.indices.contains(step.target) {
        known[step.target] = now
        now.formUnion(targets[step.target].captures.map(\.variable))
      }
      return now
    }
    let afterSetup = walk(setup, [])
    for scenario in scenarios { _ = walk(scenario.steps, afterSetup) }
    _ = walk(teardown, afterSetup)
    return known
  }

  /// Makes each target a scenario of its own, where they are sent by weight.
  mutating func makeScenarios() {
    if !scenarios.isEmpty { return }
    var taken: Set<String> = []
    for (index, target) in targets.enumerated() {
      var name = target.name
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(target.name) (\(number))"
        number += 1
      }
      scenarios.append(Scenario(name: name, weight: target.weight, steps: [Step(target: index)]))
      targets[index].weight = 1
    }
  }

  /// Puts a request before all others of a user's setup.
  mutating func insertFirst(_ target: Target) {
    func moved(_ step: Step) -> Step {
      var step = step
      step.target += 1
      return step
    }
    targets.insert(target, at: 0)
    for index in scenarios.indices { scenarios[index].steps = scenarios[index].steps.map(moved) }
    setup = [Step(target: 0)] + setup.map(moved)
    teardown = teardown.map(moved)
  }
}

extension Target {
  /// Puts headers in place of those of the same names, in the target and in its template.
  mutating func replace(_ new: [(header: Header, value: Template)]) {
    if new.isEmpty { return }
    if template != nil || new.contains(where: { $0.value.hasValues }) { makeTemplate() }
    let names = Set(new.map { $0.header.name.lowercased() })
    if let template {
      let kept = zip(headers, template.headers).filter { !names.contains($0.0.name.lowercased()) }
      self.template?.headers = kept.map(\.1) + new.map(\.value)
    }
    headers = headers.replacing(with: new.map(\.header))
  }

  /// Gives it a template that says the same as the target, where it has none.
  mutating func makeTemplate() {
    if template != nil { return }
    template = RequestTemplate(
      path: Template(fixed: Array(url.target.utf8)), headers: headers.map { Template(fixed: Array($0.value.utf8)) },
      body: Template(fixed: body))
  }
}

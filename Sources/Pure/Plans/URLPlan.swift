import JSONScan
import Model

/// One URL as a plan.
public enum URLPlan {
  /// One target, GET, named after its method and path; the run is named after the host.
  public static func document(
    _ text: String, environment: [String: String] = [:], supplies: PlanSupplies = PlanSupplies()
  ) throws(ValueError) -> PlanDocument {
    let pieces: TextPieces
    do throws(Interpolation.Problem) { pieces = try Interpolation(environment: nil).pieces(of: text) } catch {
      throw ValueError(found: "a template without its end", expected: "'}}' behind it")
    }
    var scope = TemplateScope()
    scope.environment = environment
    scope.lists = supplies.lists.map(\.name)
    scope.feeds = supplies.feeds.map { ($0.name, $0.columns) }
    let address = try AddressReader.address(pieces, TemplateCompiler(scope: scope))
    var target = Target(name: TargetName.of(method: "GET", address.url), url: address.url)
    if let authorization = address.authorization { target.headers.append(authorization) }
    if address.path.hasValues {
      target.makeTemplate()
      target.template?.path = address.path
    }
    var document = PlanDocument(format: .url, name: TargetText.runName(address.url.host), targets: [target])
    document.options.failures.add(values: FailureFields.environmentValues(in: text, environment))
    document.lists = supplies.lists
    document.feeds = supplies.feeds
    return document
  }
}

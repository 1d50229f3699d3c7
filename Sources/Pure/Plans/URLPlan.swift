import JSONScan
import Model

/// One URL as a plan.
public enum URLPlan {
  /// One target, GET, named after its method and path; the run is named after the host.
  public static func document(_ text: String) throws(ValueError) -> PlanDocument {
    if let template = Interpolation.template(in: text) {
      throw ValueError(found: "the template \(template)", expected: "fixed text: templates are not in this version")
    }
    let (url, authorization) = try URLText.read(text)
    var target = Target(name: TargetName.of(method: "GET", url), url: url)
    if let authorization { target.headers.append(authorization) }
    return PlanDocument(format: .url, name: TargetText.runName(url.host), targets: [target])
  }
}

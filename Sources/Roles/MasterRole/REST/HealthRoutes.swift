import HTTPServer
import JSONScan
import Model
import Summary

/// What whoever watches over the process asks; no token is needed.
struct HealthRoutes: Sendable {
  let readiness: Readiness

  func add(to router: inout Router) {
    router.on(.get, "/healthz") { _ in .now(.text("ok\n")) }
    router.on(.get, "/readyz") { [readiness] _ in
      let lacking = readiness.lacking
      if lacking.isEmpty { return .now(.text("ok\n")) }
      return .now(Problem.busy("not ready: " + lacking.joined(separator: "; ")).response)
    }
  }
}

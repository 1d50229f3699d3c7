import HTTPServer

/// What whoever watches over the process asks; no token is needed.
struct HealthRoutes: Sendable {
  let readiness: Readiness

  func add(to router: inout Router) {
    router.on(.get, "/healthz") { _ in .now(.text("ok\n")) }
    router.on(.get, "/readyz") { [readiness] _ in
      let away = readiness.away
      if away.isEmpty { return .now(.text("ok\n")) }
      return .now(Problem.busy("not ready, waiting for " + away.joined(separator: ", ")).response)
    }
  }
}

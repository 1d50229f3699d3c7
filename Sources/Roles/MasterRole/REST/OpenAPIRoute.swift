import HTTPServer

/// `/openapi.json`: what this server's routes take and answer, as OpenAPI 3.1.
enum OpenAPIRoute {
  static func add(to router: inout Router) {
    let response = Response.json(Array(OpenAPIText.json.utf8))
    router.on(.get, "/openapi.json") { _ in .now(response) }
  }
}

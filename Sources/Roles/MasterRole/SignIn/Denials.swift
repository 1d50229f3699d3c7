import HTTPServer
import Identity

/// Replies to those who are not let in.
enum Denials {
  /// A reply that is an error.
  struct Denied: Error {
    let response: Response
  }

  /// Who asks, if he may; else the reply: 400 for two Authorization headers, 401, 403, 503.
  static func principal(of request: Request, _ gate: Gate, least: Role) -> Result<Principal, Denied> {
    do {
      return .success(try gate.authorize(try request.head.only("Authorization"), least: least))
    } catch let denial as Gate.Denial {
      return .failure(Denied(response: response(denial)))
    } catch {
      return .failure(Denied(response: .problem(400, "\(error)")))
    }
  }

  static func response(_ denial: Gate.Denial) -> Response {
    switch denial {
    case .unauthenticated(let challenge, let detail):
      var response = Response.problem(401, detail)
      response.headers.add("WWW-Authenticate", challenge)
      return response
    case .forbidden(let detail): return .problem(403, detail)
    case .unready: return later(503, denial.detail, 2)
    }
  }

  /// A problem that passes.
  static func later(_ status: Int, _ detail: String, _ seconds: Int64) -> Response {
    var response = Response.problem(status, detail)
    response.headers.add("Retry-After", "\(seconds)")
    return response
  }
}

/// The request methods that a route can be given for.
public enum Method: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  case get, head, post, put, patch, delete, options

  public var description: String {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .patch: "PATCH"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    }
  }
}

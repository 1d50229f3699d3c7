public import Model

/// One request: what is asked of whom.
public struct Call: Sendable {
  public enum Method: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  public var method: Method
  public var url: TargetURL
  /// Sent as they are; names and values that could end a line are refused by `Client.perform`.
  public var headers: [Header]
  /// Nil sends no body; POST, PUT and PATCH then say that its length is 0.
  public var body: [UInt8]?

  public init(_ method: Method = .get, _ url: TargetURL, headers: [Header] = [], body: [UInt8]? = nil) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

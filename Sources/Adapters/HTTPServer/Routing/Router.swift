/// Which handler answers which method and path. A value: built before the server starts, then only read, on any thread.
///
/// HEAD is answered by GET's handler without its body, OPTIONS with the methods there are, another method with 405 and
/// `Allow`, an unknown path with 404.
public struct Router: Sendable {
  /// Runs on the loop's thread: it must not block.
  public typealias Handler = @Sendable (Request) -> Answer

  struct Route: Sendable {
    let method: Method
    let bodyLimit: Int?
    let discardsBody: Bool
    let handler: Handler
  }

  /// The routes of one path.
  private struct Place: Sendable {
    let pattern: PathPattern
    var routes: [Route]
  }

  enum Match {
    case found(Route, parameters: [(name: String, value: String)])
    case noPath
    /// The path is there; the methods it has, as `Allow` lists them.
    case noMethod(allow: String)
    /// OPTIONS for a path that has no such route of its own.
    case options(allow: String)
    /// The path's percent-encoding is broken.
    case badPath
  }

  private var places: [Place] = []

  public init() {}

  /// Adds a route. Of two that fit a path the one without parameters wins, else the one added first.
  ///
  /// - Parameters:
  ///   - pattern: `/status/:code`, `/files/*`; begins with a slash.
  ///   - bodyLimit: bytes of a body; nil means the server's limit.
  ///   - discardsBody: bodies are read to their end and thrown away as they come; the handler sees none.
  public mutating func on(
    _ method: Method, _ pattern: String, bodyLimit: Int? = nil, discardsBody: Bool = false,
    _ handler: @escaping Handler
  ) {
    let route = Route(method: method, bodyLimit: bodyLimit, discardsBody: discardsBody, handler: handler)
    if let place = places.firstIndex(where: { $0.pattern.text == pattern }) {
      places[place].routes.append(route)
    } else {
      places.append(Place(pattern: PathPattern(pattern), routes: [route]))
    }
  }

  /// Every route's method and pattern, `GET /status/:code`, by pattern.
  var listing: [String] {
    places.flatMap { place in place.routes.map { "\($0.method) \(place.pattern.text)" } }.sorted()
  }

  /// - Parameter path: as it was sent, without the query.
  func find(_ method: Method, path: ArraySlice<UInt8>) -> Match {
    for place in places {
      if let literal = place.pattern.literal, literal.elementsEqual(path) {
        return choose(method, in: place, parameters: [])
      }
    }
    if path.first != UInt8(ascii: "/") { return .noPath }
    var segments: [[UInt8]] = []
    for part in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let segment = PercentCoding.decode(part) else { return .badPath }
      segments.append(segment)
    }
    // Literal patterns first, for a path that was sent with needless percent-encoding.
    for wantsLiteral in [true, false] {
      for place in places where (place.pattern.literal != nil) == wantsLiteral {
        if let parameters = place.pattern.match(segments) { return choose(method, in: place, parameters: parameters) }
      }
    }
    return .noPath
  }

  /// `OPTIONS *`: every method that any route has.
  func allowAnywhere() -> String { Router.allow(places.flatMap(\.routes)) }

  private func choose(_ method: Method, in place: Place, parameters: [(name: String, value: String)]) -> Match {
    if let route = place.routes.first(where: { $0.method == method }) { return .found(route, parameters: parameters) }
    if method == .head, let route = place.routes.first(where: { $0.method == .get }) {
      return .found(route, parameters: parameters)
    }
    let allow = Router.allow(place.routes)
    return method == .options ? .options(allow: allow) : .noMethod(allow: allow)
  }

  private static func allow(_ routes: [Route]) -> String {
    var methods = Set(routes.map(\.method))
    if methods.contains(.get) { methods.insert(.head) }
    methods.insert(.options)
    return Method.allCases.filter(methods.contains).map(\.description).joined(separator: ", ")
  }
}

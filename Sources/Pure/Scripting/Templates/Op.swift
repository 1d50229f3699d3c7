/// A run of bytes among all texts of a script.
struct TextSlice: Sendable {
  var at: UInt32 = 0
  var count: UInt32 = 0
}

/// One step of writing a request: trivial, so that reading it counts no reference.
enum Op: Sendable {
  case text(TextSlice)
  case randInt(low: Int64, count: UInt64, site: UInt32)
  case pick(list: UInt32, site: UInt32, Escaping)
  case epochms
  case userId
  case uuid(site: UInt32)
  case iteration
  case column(feed: UInt32, column: UInt32, Escaping)
  case variable(UInt32, Escaping)
  /// Decimal digits of the body's length.
  case contentLength
  /// Cookie lines of the user's jar: a whole line, or more behind a value given by the plan.
  case cookieLine
  case moreCookies
  case body
  /// Beginning and end of the request line's path.
  case pathBegins
  case pathEnds
  /// Of a redirect: path and query, and the value of Host.
  case locationTarget
  case locationAuthority
}

/// Ops one behind the other.
struct OpRange: Sendable {
  var at: UInt32 = 0
  var count: UInt32 = 0
}

/// One target as it is rendered.
struct CompiledRequest: Sendable {
  /// The whole request, by form: see `RequestForm`.
  var forms: (OpRange, OpRange, OpRange, OpRange, OpRange) = (
    OpRange(), OpRange(), OpRange(), OpRange(), OpRange()
  )
  var path = OpRange()
  var body = OpRange()
  /// The values of the target's headers, one range of ops each, in `headers`.
  var headersAt: UInt32 = 0
  var headerCount: UInt32 = 0
  /// For the jar and for redirects.
  var host = TextSlice()
  var authority = TextSlice()
  var port: UInt16 = 0
  var isTLS = false
  /// Nothing in it changes from one request to the next.
  var isFixed = false
  var isPOST = false
  var needs: ReplyNeeds = []
  var checks = OpRange()
  var captures = OpRange()
}

/// Which way a target is written.
public enum RequestForm: Sendable, Equatable {
  /// As the plan has it.
  case planned
  /// To where a redirect points (the context's `location`).
  ///
  /// - dropsBody: as a GET (a HEAD stays one) without body and the headers that describe it.
  /// - leavesOrigin: without the plan's Authorization, Proxy-Authorization and Cookie.
  case redirected(dropsBody: Bool, leavesOrigin: Bool)

  var number: Int {
    switch self {
    case .planned: 0
    case .redirected(let dropsBody, let leavesOrigin): 1 + (dropsBody ? 1 : 0) + (leavesOrigin ? 2 : 0)
    }
  }
}

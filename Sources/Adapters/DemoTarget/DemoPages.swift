import HTTPServer
import JSONScan
import Model

/// Pages that a scripted user needs: a login, things with ids, redirects, and mirrors of what was sent.
enum DemoPages {
  private static func json(_ status: Int = 200, _ body: (inout JSONWriter) -> Void) -> Response {
    var writer = JSONWriter()
    body(&writer)
    return .json(writer.bytes + [0x0A], status: status)
  }

  /// The last value of a name in the query.
  private static func value(_ name: String, _ request: Request) -> String? {
    request.query.last { $0.name == name }?.value
  }

  private static func number(
    _ text: String, _ range: ClosedRange<Int>, found: String
  ) throws(ValueError) -> Int {
    guard text.utf8.count <= 9, let number = Int(text), range.contains(number), text.first != "+" else {
      throw ValueError(found: found, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  // MARK: login

  /// Any name may come in with any password but `wrong`: a token as JSON, and the same as a cookie.
  @Sendable static func login(_ request: Request, _ sessions: DemoSessions) throws(ValueError) -> Response {
    let (user, password) = credentials(request)
    if password == "wrong" { return .problem(401, "the password is 'wrong', which is the one that is refused") }
    let token = sessions.issue()
    var response = json { writer in
      writer.object { writer in
        writer.member("token", token)
        writer.member("user", user)
        writer.member("expires_in", 3600)
      }
    }
    response.headers.add("Set-Cookie", "session=\(token); Path=/; HttpOnly")
    return response
  }

  /// From a JSON object, a form, or the query.
  private static func credentials(_ request: Request) -> (user: String, password: String) {
    if let root = try? JSONReader.document(request.body).root, root.members != nil {
      return (root["user"]?.text ?? root["username"]?.text ?? "somebody", root["password"]?.text ?? "")
    }
    let form = request.body.isEmpty ? request.query : Request.pairs(request.body[...])
    func field(_ names: String...) -> String? { form.last { names.contains($0.name) }?.value }
    return (field("user", "username") ?? "somebody", field("password") ?? "")
  }

  /// 200 with a token of `login`, as `Authorization: Bearer` or as the cookie; else 401.
  @Sendable static func secluded(_ request: Request, _ sessions: DemoSessions) throws(ValueError) -> Response {
    let bearer = request.head.first("Authorization").flatMap { header in
      header.lowercased().hasPrefix("bearer ") ? header.dropFirst(7) : nil
    }
    let cookie = Request.cookies(request).last { $0.name == "session" }?.value
    let isKnown = (bearer.map { sessions.isValid($0) } ?? false) || (cookie.map { sessions.isValid($0) } ?? false)
    if isKnown { return json { $0.object { $0.member("welcome", true) } } }
    var response = Response.problem(401, "this needs a token of /login, as 'Authorization: Bearer' or as its cookie")
    response.headers.add("WWW-Authenticate", "Bearer")
    return response
  }

  // MARK: items

  private static let lastItem = 1_000_000

  private static func write(item id: Int, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", id)
      writer.member("name", "item \(id)")
      writer.member("price", 1 + id * 7 % 100)
    }
  }

  /// `/items?page=2&count=10`.
  @Sendable static func items(_ request: Request, _ sessions: DemoSessions) throws(ValueError) -> Response {
    let count = try value("count", request).map { (text) throws(ValueError) in
      try number(text, 1...1_000, found: "count=\(text)")
    }
    let page = try value("page", request).map { (text) throws(ValueError) in
      try number(text, 1...1_000, found: "page=\(text)")
    }
    let (length, first) = (count ?? 10, ((page ?? 1) - 1) * (count ?? 10) + 1)
    return json { writer in
      writer.object { writer in
        writer.key("items")
        writer.array(of: first..<(first + length)) { write(item: $1, to: &$0) }
        writer.member("page", page ?? 1)
        writer.member("next", "/items?page=\((page ?? 1) + 1)&count=\(length)")
      }
    }
  }

  @Sendable static func item(_ request: Request, _ sessions: DemoSessions) throws(ValueError) -> Response {
    let id = try itemNumber(request)
    return json { write(item: id, to: &$0) }
  }

  @Sendable static func noItem(_ request: Request, _ sessions: DemoSessions) throws(ValueError) -> Response {
    _ = try itemNumber(request)
    return Response(status: 204)
  }

  private static func itemNumber(_ request: Request) throws(ValueError) -> Int {
    let text = request.parameter("id")
    return try number(text, 1...lastItem, found: "/items/\(Node.cut(text))")
  }

  @Sendable static func newItem(_ request: Request, _ sessions: DemoSessions) throws(ValueError) -> Response {
    let id = 1 + request.body.reduce(17) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF } % lastItem
    var response = json(201) { write(item: id, to: &$0) }
    response.headers.add("Location", "/items/\(id)")
    return response
  }

  // MARK: redirects

  /// `/redirect/3` leads by two more to `/`, or to `?to=URL`, on this machine; `?code=307` is another kind.
  @Sendable static func redirect(_ request: Request, _ sessions: DemoSessions) throws(ValueError) -> Response {
    let text = request.parameter("count")
    let left = try number(text, 0...100, found: "/redirect/\(Node.cut(text))")
    let code = value("code", request) ?? "302"
    guard let status = Int(code), [301, 302, 303, 307, 308].contains(status) else {
      throw ValueError(found: "code=\(Node.cut(code))", expected: "301, 302, 303, 307 or 308")
    }
    let goal = value("to", request) ?? "/"
    if goal != "/" { try check(goal, request) }
    if left == 0, goal == "/" { return DemoRoutes.short }
    let query = request.head.query.map { "?" + $0 } ?? ""
    return Response(
      status: status, headers: HeaderLines("Location", left > 1 ? "/redirect/\(left - 1)\(query)" : goal))
  }

  /// A path here or a URL of this machine or of the host that was asked: nobody is led elsewhere.
  private static func check(_ goal: String, _ request: Request) throws(ValueError) {
    if goal.hasPrefix("/"), !goal.hasPrefix("//"), !goal.contains("\\") { return }
    let host = (try? TargetURL(text: goal))?.host ?? ""
    if host == "localhost" || IPAddress(text: host)?.isLoopback == true { return }
    if !host.isEmpty, let own = request.head.host, own == host || own.hasPrefix(host + ":") { return }
    throw ValueError(found: "to=\(Node.cut(goal))", expected: "a path, or a URL of localhost or of the host asked")
  }

  // MARK: mirrors

  /// What was sent: method, path, query, headers, body.
  @Sendable static func echo(_ request: Request) throws(ValueError) -> Response {
    json { writer in
      writer.object { writer in
        writer.member("method", request.head.method)
        writer.member("path", request.path)
        writer.key("query")
        members(request.query, &writer)
        writer.key("headers")
        members(request.head.headers, &writer)
        writer.member("body", String(decoding: request.body, as: UTF8.self))
      }
    }
  }

  @Sendable static func cookies(_ request: Request, _ sessions: DemoSessions) throws(ValueError) -> Response {
    json { writer in
      writer.object { writer in
        writer.key("cookies")
        members(Request.cookies(request), &writer)
      }
    }
  }

  /// `/cookies/set?a=1&b=2`.
  @Sendable static func setCookies(_ request: Request, _ sessions: DemoSessions) throws(ValueError) -> Response {
    var response = json { writer in
      writer.object { writer in
        writer.key("set")
        members(request.query, &writer)
      }
    }
    for (name, value) in request.query {
      // What would end the pair or begin an attribute can't be part of it.
      let safe = { (text: String) in String(text.map { " ;,=\"\\".contains($0) || !$0.isASCII ? "_" : $0 }) }
      response.headers.add("Set-Cookie", "\(safe(name))=\(safe(value)); Path=/")
    }
    return response
  }

  /// Of equal names the last.
  private static func members(_ pairs: [(name: String, value: String)], _ writer: inout JSONWriter) {
    let unique = Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    writer.object { writer in
      for (name, value) in unique.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
    }
  }
}

extension Request {
  /// Names and values of `Cookie`, in order.
  static func cookies(_ request: Request) -> [(name: String, value: String)] {
    request.head.headers.filter { $0.name.lowercased() == "cookie" }.flatMap { $0.value.split(separator: ";") }.map {
      let pair = $0.drop { $0 == " " }
      let name = pair.prefix { $0 != "=" }
      return (String(name), String(pair.dropFirst(name.count + 1)))
    }
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: String, _ text: String) {
    key(name)
    string(text)
  }

  fileprivate mutating func member(_ name: String, _ number: Int) {
    key(name)
    integer(number)
  }

  fileprivate mutating func member(_ name: String, _ truth: Bool) {
    key(name)
    bool(truth)
  }
}

import Digests
import HTTPServer
import Identity
import JSONScan
import Model
import PostgresIO

/// The routes by which users sign in and admins look after them.
struct SignInRoutes: Sendable {
  let gate: Gate
  let users: Users
  /// Told why somebody could not be served; for the log.
  let trouble: @Sendable (String) -> Void

  static let bodyLimit = 4_096

  func add(to router: inout Router) {
    router.on(.post, "/auth/login", bodyLimit: Self.bodyLimit) { login($0) }
    router.on(.post, "/auth/password", bodyLimit: Self.bodyLimit) { changePassword($0) }
    router.on(.get, "/api/users") { list($0) }
    router.on(.put, "/api/users/:name", bodyLimit: Self.bodyLimit) { put($0) }
  }

  // MARK: signing in

  private func login(_ request: Request) -> Answer {
    let (name, password): (String, String)
    do throws(BadBody) {
      let fields = try Fields(request.body, allowed: ["username", "password"])
      (name, password) = (try fields.text("username"), try fields.text("password"))
    } catch { return .now(.problem(400, error.description)) }
    return signIn(name, password, request) { remote, token, expires, _ in
      var json = JSONWriter()
      json.object { json in
        json.key("token")
        json.string(token)
        json.key("expiresAt")
        json.string(UTCText.of(seconds: expires))
      }
      var response = Response.json(json.bytes + [10])
      response.headers.add("Cache-Control", "no-store")
      remote.respond(response)
    }
  }

  /// Checks name and password; answers by itself unless they are right.
  private func signIn(
    _ name: String, _ password: String, _ request: Request,
    then: @escaping @Sendable (Exchange.Remote, _ token: String, _ expires: Int64, Principal) -> Void
  ) -> Answer {
    .later { exchange in
      let remote = exchange.remote()
      let peer = request.peer.address
      gate.login(name: name, password: password, address: peer, addressText: "\(peer)") { outcome in
        switch outcome {
        case .granted(let token, let expires, let principal): then(remote, token, expires, principal)
        case .refused:
          // Says nothing of the true password: nobody can have one like this.
          let isPossible = PasswordRule.complaint(password, name: name) == nil
          let detail = isPossible ? Self.wrong : Self.wrong + Self.hint
          remote.respond(
            Denials.response(.unauthenticated(challenge: "Bearer realm=\"stampede\"", detail: detail)))
        case .throttled(let seconds):
          remote.respond(Denials.later(429, "too many attempts to sign in; try again in \(seconds) s", seconds))
        case .busy: remote.respond(Self.busy)
        case .unavailable(let reason):
          trouble("nobody can sign in: \(reason)")
          remote.respond(Denials.later(503, "the users can't be read now; try again", 5))
        }
      }
    }
  }

  private static let wrong = "wrong username or password"
  private static let hint =
    " (none is built in: the master printed the admin's at its first start, or STAMPEDE_ADMIN_PASSWORD set it)"

  private static var busy: Response { Denials.later(503, "too many users sign in at this moment; try again", 2) }

  private func changePassword(_ request: Request) -> Answer {
    let (name, password, new): (String, String, String)
    do throws(BadBody) {
      let fields = try Fields(request.body, allowed: ["username", "password", "newPassword"])
      (name, password) = (try fields.text("username"), try fields.text("password"))
      new = try fields.text("newPassword")
    } catch { return .now(.problem(400, error.description)) }
    if let complaint = PasswordRule.complaint(new, name: name) {
      return .now(.problem(400, "newPassword: \(complaint)"))
    }
    return signIn(name, password, request) { remote, _, _, principal in
      remote.respond(change(principal.name, UserChange(), password: new, by: principal.name))
    }
  }

  // MARK: users

  private func list(_ request: Request) -> Answer {
    asAdmin(request) { _ in
      var json = JSONWriter()
      let all = try users.read { try $0.all() }
      json.object { json in
        json.key("users")
        json.array(of: all) { Self.write($1, to: &$0) }
      }
      return .json(json.bytes + [10])
    }
  }

  private func put(_ request: Request) -> Answer {
    asAdmin(request) { admin in
      let name = request.parameter("name")
      guard UserName.isPossible(name) else {
        return .problem(400, "the name must be 1 to 64 of letters, digits and . _ - @")
      }
      var change = UserChange()
      let password: String?
      do throws(BadBody) {
        let fields = try Fields(request.body, allowed: ["role", "password", "disabled"])
        (change.role, change.isDisabled) = (try fields.optionalText("role"), try fields.optionalTruth("disabled"))
        password = try fields.optionalText("password")
      } catch { return .problem(400, error.description) }
      if let role = change.role, Role(rawValue: role) == nil {
        return .problem(400, "role: found '\(Node.cut(role))', expected viewer, operator or admin")
      }
      if let password, let complaint = PasswordRule.complaint(password, name: name) {
        return .problem(400, "password: \(complaint)")
      }
      return self.change(name, change, password: password, by: admin.name)
    }
  }

  /// Makes or changes a user; blocks for a hash.
  private func change(_ name: String, _ change: UserChange, password: String?, by who: String) -> Response {
    var change = change
    do {
      change.password = try password.map { try PasswordHash(of: $0).stored }
      let user = try users.withStore { try $0.put(name, change, by: who) }
      try? users.tell(gate)
      var json = JSONWriter()
      Self.write(user, to: &json)
      return .json(json.bytes + [10])
    } catch let error as UserStoreError {
      switch error {
      case .unknown: return .problem(404, "\(error)")
      case .lastAdmin, .nameTaken: return .problem(409, "\(error)")
      case .postgres: return unavailable(error)
      }
    } catch { return unavailable(error) }
  }

  private func unavailable(_ error: any Error) -> Response {
    trouble("users can't be read or changed: \(error)")
    return Denials.later(503, "the users can't be read now; try again", 5)
  }

  /// Answers on the gate's threads, for admins.
  private func asAdmin(_ request: Request, _ body: @escaping @Sendable (Principal) throws -> Response) -> Answer {
    let admin: Principal
    switch Denials.principal(of: request, gate, least: .admin) {
    case .success(let principal): admin = principal
    case .failure(let denied): return .now(denied.response)
    }
    return .later { exchange in
      let remote = exchange.remote()
      let isTaken = gate.perform {
        do { remote.respond(try body(admin)) } catch { remote.respond(unavailable(error)) }
      }
      if !isTaken { remote.respond(Self.busy) }
    }
  }

  private static func write(_ user: StoredUser, to json: inout JSONWriter) {
    json.object { json in
      json.key("username")
      json.string(user.name)
      json.key("role")
      json.string(user.role)
      json.key("disabled")
      json.bool(user.isDisabled)
      json.key("createdAt")
      json.string(user.createdAt)
      json.key("changedAt")
      json.string(user.changedAt)
    }
  }
}

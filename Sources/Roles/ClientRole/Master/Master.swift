import CommandLines
import HTTPClient
import JSONScan
import Model
import Options

/// A master's REST interface, asked by somebody who has signed in.
struct Master {
  let address: MasterAddress
  let client: Client
  private let token: String

  /// - Throws: exit code 1 where nobody has signed in there.
  init(_ line: Invocation, environment: [String: String]) throws(Failure) {
    let tokens = try TokenFile(environment: environment)
    let stored = try tokens.read()
    address = try MasterAddress(line, last: stored.last)
    guard let session = stored.sessions[address.text] else {
      throw Failure("nobody is signed in at \(address.text); type: stampede login\(address.hint)")
    }
    token = session.token
    try address.checkSecret("the token")
    client = Master.client(line)
  }

  static func client(_ line: Invocation) -> Client {
    var settings = Client.Settings()
    settings.authorities = line.text(.caFile)
    return Client(settings)
  }

  /// The call of a path with what every call needs.
  func call(
    _ method: Call.Method, _ path: String, headers: [Header] = [], body: [UInt8]? = nil
  ) throws(Failure) -> Call {
    let all = [Header("Authorization", "Bearer \(token)"), Header("Accept", "application/json")] + headers
    return Call(method, try address.url(path), headers: all, body: body)
  }

  /// The answer of status 2xx.
  func perform(
    _ call: Call, about test: Identifier? = nil, cancellation: Cancellation? = nil
  ) throws(Failure) -> Reply {
    let reply: Reply
    do throws(ClientError) { reply = try client.perform(call, cancellation: cancellation) } catch {
      throw Master.failure(error, address)
    }
    if !reply.isSuccess { throw Denial(reply, address, about: test).failure }
    return reply
  }

  func get(
    _ path: String, about test: Identifier? = nil, cancellation: Cancellation? = nil
  ) throws(Failure) -> Reply {
    try perform(try call(.get, path), about: test, cancellation: cancellation)
  }

  /// The body's tree.
  func json(_ reply: Reply) throws(Failure) -> Node {
    do { return try JSONReader.document(reply.body).root } catch {
      throw Failure("\(address.text): what it answers is no JSON (\(error)); is it a Stampede master?", exitCode: 2)
    }
  }

  /// The object that is wanted, where what came is one.
  func read<Result>(
    _ reply: Reply, _ read: (Node) throws(AnswerError) -> Result
  ) throws(Failure) -> Result {
    let root = try json(reply)
    do throws(AnswerError) { return try read(root) } catch {
      throw Failure("\(address.text): \(error); is it a Stampede master of this version?", exitCode: 2)
    }
  }

  static func failure(_ error: ClientError, _ address: MasterAddress) -> Failure {
    let hint: String
    switch error.cause {
    case .notConnected, .unknownHost: hint = "; is a master running there? (--master URL or STAMPEDE_MASTER says where)"
    case .untrusted: hint = "; --ca-file FILE names the authority that signed it"
    case .malformed: hint = "; is it a Stampede master?"
    case .unusable, .tls, .timedOut, .brokenOff, .tooLarge, .cancelled, .other: hint = ""
    }
    return Failure("\(error)\(hint)", exitCode: error.cause == .unusable ? 1 : 2)
  }
}

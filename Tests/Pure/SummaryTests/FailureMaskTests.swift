import JSONScan
import Measuring
import Model
import Testing

@testable import Summary

@Suite struct FailureMaskTests {
  private static func plan(_ change: (inout FailureKeeping) -> Void = { _ in }) throws -> Plan {
    var options = AttackOptions()
    change(&options.failures)
    let target = Target(name: "Login", url: try TargetURL(text: "http://127.0.0.1/"))
    return Plan(name: "p", targets: [target], load: Load(model: .users(1), duration: .seconds(1)), options: options)
  }

  private static func exchange(
    _ head: String, _ body: String = "", reply: (String, String) = ("", ""), secrets: [String] = []
  ) -> FailedExchange {
    var exchange = FailedExchange(name: "Login", kind: .status, intended: .zero, woke: .zero, end: .seconds(1))
    exchange.request.head = Array(head.utf8)
    exchange.request.body = Array(body.utf8)
    exchange.reply.head = Array(reply.0.utf8)
    exchange.reply.body = Array(reply.1.utf8)
    exchange.secrets = secrets.map { Array($0.utf8) }
    return exchange
  }

  private static func line(_ exchange: FailedExchange, _ plan: Plan) -> String {
    String(decoding: FailureText(plan).line(exchange), as: UTF8.self)
  }

  static let start = "POST / HTTP/1.1\r\n"

  /// Each has the word `hunter2` where a secret stands; and what of it must stay.
  @Test(arguments: [
    (start + "Authorization: Bearer hunter2x\r\n\r\n", "", "Authorization: ***"),
    (start + "Proxy-Authorization: Digest hunter2x\r\n\r\n", "", "Proxy-Authorization: ***"),
    (start + "cookie: a=b; sid=hunter2x\r\nAccept: x\r\n\r\n", "", "Accept: x"),
    (start + "X-Api-Key:hunter2x\r\n\r\n", "", "X-Api-Key:***"),
    (start + "X-Own: hunter2x\r\n\r\n", "", "X-Own: ***"),
    ("GET /a?token=hunter2x&b=c HTTP/1.1\r\n\r\n", "", "/a?token=***&b=c"),
    ("GET /a?key=hunter2x HTTP/1.1\r\n\r\n", "", "/a?key=*** HTTP/1.1"),
    ("GET /a?api%5Fkey=hunter2x HTTP/1.1\r\n\r\n", "", "=*** HTTP/1.1"),
    ("GET http://anna:hunter2x@host/ HTTP/1.1\r\n\r\n", "", "http://***@host/"),
    (start + "Referer: http://h/?access_token=hunter2x\r\n\r\n", "", "access_token=***"),
    (start + "\r\n", "user=anna&password=hunter2x&z=1", "user=anna&password=***&z=1"),
    (start + "\r\n", #"{"user": "anna", "password": "hunter2x", "n": 1}"#, "anna"),
    (start + "\r\n", #"{"password":"hun\"hunter2x","n":1}"#, "n"),
    (start + "\r\n", #"{"a":[{"refresh_token" : "hunter2x"}]}"#, "refresh_token"),
    (start + "\r\n", #"{"secrets":["hunter2x","hunter2x"],"b":2}"#, "b"),
    (start + "\r\n", #"{"inner":"{\"password\":\"hunter2x\"}","b":2}"#, "inner"),
    (start + "\r\n", #"{"passwd":"hunter2x"#, "passwd"),
    (start + "\r\n", "<l><password>hunter2x</password><b>1</b></l>", "<b>1</b>"),
    (
      start + "\r\n",
      "--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2x\r\n--x\r\nother", "other"
    ),
  ]) func whatNamesTellIsMasked(_ head: String, _ body: String, _ stays: String) throws {
    let plan = try Self.plan { $0.headers = ["x-own"] }
    let line = Self.line(Self.exchange(head, body), plan)
    #expect(!line.contains("hunter2"), "\(line)")
    let root = try JSONReader.document(Array(line.utf8)).root
    let shown = (root["request"]?["head"]?.text ?? "") + (root["request"]?["body"]?.text ?? "")
    #expect(shown.contains(stays), "\(shown)")
  }

  /// A target that says back what it was sent.
  @Test func whatIsEchoedIsMaskedToo() throws {
    let exchange = Self.exchange(
      Self.start + "Authorization: Basic YW5uYTpodW50ZXIy\r\nCookie: sid=s3ss10n\r\n\r\n",
      reply: ("HTTP/1.1 401 No\r\nX: s3ss10n\r\n\r\n", "anna:hunter2 and hunter2, YW5uYTpodW50ZXIy, s3ss10n; fine"))
    let line = Self.line(exchange, try Self.plan())
    for secret in ["hunter2", "YW5uYTpodW50ZXIy", "s3ss10n"] { #expect(!line.contains(secret), "\(line)") }
    #expect(line.contains("fine"))
  }

  /// No secret is ever in the line, wherever and however it stands.
  @Test func noSecretIsEverThere() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var source = Dice(state: seed)
    let letters = Array("abcXYZ0189 +&=%/\"\\<>'é;,:\n\t?#{}[]")
    for round in 0..<1_500 {
      let secret = String(
        (0..<Int.random(in: 4...24, using: &source)).map { _ in letters.randomElement(using: &source)! })
      var pieces: [String] = []
      for _ in 0..<6 {
        pieces.append(["x", "\"a\": \"", "&b=", "\r\nX-H: ", "<p>", " "].randomElement(using: &source)!)
        pieces.append(Self.written(secret, Int.random(in: 0..<5, using: &source)))
      }
      let text = pieces.joined()
      var exchange = Self.exchange(Self.start + text, text, reply: (text, text))
      exchange.cause = text
      exchange.name = "at " + secret
      exchange.verdict = FailedExchange.Verdict(expected: secret, found: text)
      var plan = try Self.plan()
      if Bool.random(using: &source) {
        plan.options.failures.values = [secret]
      } else {
        exchange.secrets = [Array(secret.utf8)]
      }
      // A cut anywhere leaves no beginning of it, either: not more than three bytes.
      let cut = Int.random(in: 0...exchange.reply.body.count, using: &source)
      exchange.reply.body = Array(exchange.reply.body.prefix(cut))
      exchange.reply.isBodyCut = true
      let line = FailureText(plan).line(exchange)
      let root = try JSONReader.document(line).root
      for text in Self.texts(of: root) {
        for way in 0..<5 {
          #expect(!text.contains(Self.written(secret, way)), "seed \(seed), round \(round), way \(way): \(secret)")
        }
      }
    }
  }

  private static func texts(of node: Node) -> [String] {
    if let members = node.members { return members.flatMap { texts(of: $0.node) } }
    return node.text.map { [$0] } ?? []
  }

  /// As it is, percent-encoded (in both cases), as a form has it, as JSON has it.
  private static func written(_ secret: String, _ way: Int) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
    func percent(_ byte: UInt8, upper: Bool) -> String {
      let digits = String(byte, radix: 16, uppercase: upper)
      return "%" + (digits.count < 2 ? "0" : "") + digits
    }
    switch way {
    case 1:
      return secret.utf8.map { plain.contains($0) ? String(UnicodeScalar($0)) : percent($0, upper: true) }.joined()
    case 2:
      return secret.utf8.map { plain.contains($0) ? String(UnicodeScalar($0)) : percent($0, upper: false) }.joined()
    case 3:
      return secret.utf8.map {
        $0 == 0x20 ? "+" : plain.contains($0) ? String(UnicodeScalar($0)) : percent($0, upper: true)
      }.joined()
    case 4:
      var writer = JSONWriter()
      writer.string(secret)
      return String(String(decoding: writer.bytes, as: UTF8.self).dropFirst().dropLast())
    default: return secret
    }
  }

  /// A short value would take half of every text with it: it is masked where it stands alone.
  @Test func shortValuesStandAlone() throws {
    let plan = try Self.plan { $0.values = ["ab"] }
    let line = Self.line(Self.exchange(Self.start + "X: ab, cable\r\n\r\n"), plan)
    #expect(line.contains("X: ***, cable"))
  }

  @Test func whatIsNoTextIsBase64() throws {
    var exchange = Self.exchange(Self.start + "\r\n")
    exchange.reply.body = [0xFF, 0xFE, 0]
    let root = try JSONReader.document(FailureText(try Self.plan()).line(exchange)).root
    #expect(root["reply"]?["bodyBase64"]?.text == "//4A")
    #expect(root["reply"]?["body"] == nil)
  }

  @Test func theDigestHasTheFirstOfEachKind() throws {
    let text = FailureText(try Self.plan())
    var file: [UInt8] = []
    for (number, kind) in [ErrorKind.status, .reset, .status].enumerated() {
      var exchange = Self.exchange(Self.start)
      exchange.kind = kind
      exchange.cause = "cause \(number)"
      file += text.line(exchange)
    }
    let digest = FailureDigest(file + Array("{\"schema\":\"stampede.fail".utf8))
    #expect(digest.count == 3)
    #expect(digest.first.map(\.kind) == ["status", "reset"])
    #expect(digest.first.map(\.cause) == ["cause 0", "cause 1"])
  }

  private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 31
    }
  }
}

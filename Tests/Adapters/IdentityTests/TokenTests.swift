import Digests
import Processes
import TestSupport
import Testing

@testable import Identity

@Suite struct TokenTests {
  private let now = MadeToken.now
  private let key: SigningKey
  private let keys: SigningKeys
  private let verifier: TokenVerifier

  init() throws {
    keys = try SigningKeys([MadeToken.key])
    key = keys.first
    verifier = TokenVerifier(keys: keys)
  }

  private func sign(_ subject: String = "ada", lifetime: Int64 = 3_600) throws -> String {
    try #require(
      TokenSigner(keys: keys).sign(subject: subject, role: .operator, generation: 7, now: now, lifetime: lifetime)
    ).token
  }

  /// Why the token does not count; nil if it does.
  private func fault(_ token: String, at moment: Int64 = MadeToken.now, by verifier: TokenVerifier? = nil)
    -> TokenFault?
  {
    do throws(TokenFault) {
      _ = try (verifier ?? self.verifier).verify(token, now: moment)
      return nil
    } catch { return error }
  }

  @Test func whatIsSignedIsRead() throws {
    // Long names: libb64, below libjwt, likes to break lines after 72 characters.
    for subject in ["a", "ada@example.org", String(repeating: "x", count: 64)] {
      let claims = try verifier.verify(sign(subject), now: now)
      #expect(claims.subject == subject && claims.role == .operator && claims.generation == 7)
      #expect(claims.issued == now && claims.expires == now + 3_600 && claims.id.count == 32)
    }
    #expect(try verifier.verify(sign(), now: now).id != verifier.verify(sign(), now: now).id)
    #expect(fault(MadeToken(key: key).signed(key)) == nil, "what is made by hand counts as well")
  }

  @Test func timesAreHeldAgainstTheClock() throws {
    let token = try sign()
    #expect(fault(token, at: now + 3_604) == nil)
    #expect(fault(token, at: now + 3_605) == .expired)
    #expect(fault(token, at: now - 5) == nil)
    #expect(fault(token, at: now - 6) == .early)
    #expect(fault(token, at: .max) == .expired)
    #expect(fault(try sign(lifetime: 86_400)) == nil)
    #expect(fault(try sign(lifetime: 86_401)) == .claim("exp"))
    #expect(fault(try sign(lifetime: 0)) == .claim("exp"))
    #expect(fault(try sign(lifetime: -1)) == .claim("exp"))
  }

  @Test func everyClaimIsAskedFor() {
    for name in MadeToken(key: key).claims.keys {
      var made = MadeToken(key: key)
      for wrong in ["\"\"", "null", "true", "{}", "[]", "-1", "1.5", "1e3", "\"x y\"", "99999999999999999"] {
        made.claims[name] = wrong
        if name == "jti", wrong == "\"x y\"" { continue }
        #expect(fault(made.signed(key)) == .claim(name), "\(name): \(wrong)")
      }
      made.claims[name] = nil
      #expect(fault(made.signed(key)) == .claim(name), "without \(name)")
    }
    for (name, wrong, expected) in [
      ("iss", "\"other\"", TokenFault.claim("iss")), ("aud", "\"other\"", .claim("aud")),
      ("aud", "[\"stampede-api\"]", .claim("aud")), ("role", "\"root\"", .claim("role")),
      ("exp", "\(now + 3_600).5", .claim("exp")), ("exp", "\(now + 3_600).0", .claim("exp")),
      ("exp", "\"\(now + 3_600)\"", .claim("exp")), ("exp", "0", .claim("exp")), ("exp", "\(now - 60)", .claim("exp")),
      ("nbf", "\(now + 60)", .early), ("iat", "\(now + 60)", .early), ("sub", "\"a\\u0000b\"", .forged),
    ] {
      var made = MadeToken(key: key)
      made.claims[name] = wrong
      #expect(fault(made.signed(key)) == expected, "\(name): \(wrong)")
    }
    var old = MadeToken(key: key)
    (old.claims["iat"], old.claims["nbf"], old.claims["exp"]) = ("\(now - 60)", "\(now - 60)", "\(now - 5)")
    #expect(fault(old.signed(key)) == .expired)
  }

  @Test func theHeadHasNoChoice() throws {
    for (name, wrong) in [
      ("alg", "\"none\""), ("alg", "\"None\""), ("alg", "\"HS384\""), ("alg", "\"HS512\""), ("alg", "\"RS256\""),
      ("alg", "\"hs256\""), ("alg", "null"), ("alg", "256"), ("typ", "\"jwt\""), ("typ", "\"at+jwt\""), ("typ", "1"),
      ("kid", "\"0000000000000000\""), ("kid", "\"\""), ("kid", "1"), ("kid", "[]"), ("crit", "[\"exp\"]"),
      ("jwk", "{}"), ("zip", "\"DEF\""),
    ] {
      var made = MadeToken(key: key)
      made.head[name] = wrong
      #expect(fault(made.signed(key)) == .foreign, "\(name): \(wrong)")
    }
    for name in ["alg", "typ", "kid"] {
      var made = MadeToken(key: key)
      made.head[name] = nil
      #expect(fault(made.signed(key)) == .foreign, "without \(name)")
    }
    let claims = Array("{}".utf8)
    for head in [
      "", "{", "[]", "null", "{\"alg\":\"HS256\",\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"\(key.id)\"}", "\u{FEFF}{}",
      "{\"alg\":\"HS256\"}\0", String(repeating: "[", count: 900),
    ] {
      #expect(fault(MadeToken.sign(Array(head.utf8), claims, key.bytes)) == .malformed, "\(head)")
    }
    #expect(fault(MadeToken.sign([0xFF, 0xFE], claims, key.bytes)) == .malformed)
  }

  /// libjwt itself takes the algorithm from the token, and would take this one.
  @Test func anotherAlgorithmWithOurKeyIsNotTaken() throws {
    let made = MadeToken(key: key)
    let script = """
      import base64, hashlib, hmac, json, sys
      b = lambda t: base64.urlsafe_b64encode(t).rstrip(b'=')
      text = b(sys.argv[2].encode()) + b'.' + b(sys.argv[3].encode())
      print((text + b'.' + b(hmac.new(sys.argv[1].encode(), text, hashlib.sha512).digest())).decode())
      """
    let head = "{\"alg\":\"HS512\",\"typ\":\"JWT\",\"kid\":\"\(key.id)\"}"
    let claims = "{" + made.claims.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    let token = try python(script, MadeToken.key, head, claims)
    #expect(JWTHandle(token, key: key) == nil)
    #expect([.foreign, .malformed].contains(fault(token)))
  }

  @Test func otherKeysDoNotCount() throws {
    let other = try SigningKey(Hexadecimal.text(SecureRandom.bytes(32)))
    #expect(fault(MadeToken(key: other).signed(other)) == .foreign)
    #expect(fault(MadeToken(key: key).signed(other)) == .forged, "it names our key, and is signed with another")
    let token = try sign()
    let parts = token.split(separator: ".")
    #expect(fault("\(parts[0]).\(parts[1]).") == .malformed, "no signature")
    #expect(fault("\(parts[0]).\(parts[1])") == .malformed)
    let raised = MadeToken.base64(Array(#"{"sub":"ada","role":"admin"}"#.utf8))
    #expect(fault("\(parts[0]).\(raised).\(parts[2])") == .forged)
    let empty = MadeToken.sign(Array(#"{"alg":"HS256","typ":"JWT","kid":"\#(key.id)"}"#.utf8), Array("{}".utf8), [])
    #expect(fault(empty) == .forged, "signed with no key at all")
  }

  @Test func keysRotate() throws {
    let (old, new) = (MadeToken.key, Hexadecimal.text(SecureRandom.bytes(32)))
    let token = try sign()
    let both = TokenVerifier(keys: try SigningKeys([new, old]))
    #expect(fault(token, by: both) == nil)
    #expect(fault(token, by: TokenVerifier(keys: try SigningKeys([new]))) == .foreign)
    let fresh = try #require(
      TokenSigner(keys: try SigningKeys([new, old])).sign(subject: "ada", role: .viewer, generation: 1, now: now)
    ).token
    #expect(fault(fresh, by: both) == nil)
    #expect(fault(fresh) == .foreign, "the first key signs")
    // The old key's signature under the new key's name.
    var mixed = MadeToken(key: try SigningKey(new))
    mixed.claims["role"] = "\"admin\""
    #expect(fault(mixed.signed(try SigningKey(old)), by: both) == .forged)
  }

  @Test func rubbishIsRefused() throws {
    let token = try sign()
    for length in 0..<token.utf8.count { #expect(fault(String(token.prefix(length))) != nil, "cut to \(length)") }
    for wrong in [
      ".", "..", "...", "a.b.c", token + ".", "." + token, token + "=", token + "A", token + " ", " " + token,
      token + "\0",
      token.replacing(".", with: "\n."), token.replacing(".", with: "é."), String(repeating: "A", count: 5_000),
      String(repeating: ".", count: 4_096), String(repeating: "A", count: 1 << 20),
    ] {
      #expect(fault(wrong) != nil, "\(wrong.prefix(40))")
    }
    var huge = MadeToken(key: key)
    huge.claims["sub"] = "\"" + String(repeating: "a", count: 4_096) + "\""
    #expect(fault(huge.signed(key)) == .malformed)
    for claims in ["", "1", "[]", "{\"exp\":", String(repeating: "[", count: 2_000), "{\"a\":\"\\ud800\"}", "{} {}"] {
      let made = MadeToken.sign(
        Array(#"{"alg":"HS256","typ":"JWT","kid":"\#(key.id)"}"#.utf8), Array(claims.utf8), key.bytes)
      #expect(fault(made) != nil, "\(claims.prefix(40))")
    }
  }

  @Test func mutationsNeverCountAndNeverCrash() throws {
    var source = SplitMix(seed: Fuzz.seed(for: "tokens"))
    let token = try sign()
    let tokens = [".", "=", "\"", "{", "\0", "eyJhbGciOiJub25lIn0", "AAAA", "-_-_"]
    for _ in 0..<Fuzz.count(3_000) {
      let bytes = Fuzz.mutated(Array(token.utf8), tokens: tokens, &source)
      let text = String(decoding: bytes, as: UTF8.self)
      if text != token { #expect(fault(text) != nil, "\(text)") }
    }
    // Signed rubbish reaches the claims: it must be read or refused, whatever it is.
    let head = Array(#"{"alg":"HS256","typ":"JWT","kid":"\#(key.id)"}"#.utf8)
    let claims = MadeToken(key: key).claims
    let good = Array(("{" + claims.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}").utf8)
    for _ in 0..<Fuzz.count(3_000) {
      let bytes = Fuzz.mutated(good, tokens: ["\0", "{", "1e999", "-0", "\\ud800", "\"exp\":"], &source)
      let made = MadeToken.sign(head, bytes, key.bytes)
      if let claims = try? verifier.verify(made, now: now) {
        #expect(claims.expires > now && claims.expires - claims.issued <= 86_400 && UserName.isPossible(claims.subject))
      }
    }
  }

  private func python(_ script: String, _ arguments: String...) throws -> String {
    let done = try ChildProcess.run(Command(Places.python, ["-c", script] + arguments), within: .seconds(60))
    try #require(done.exit.isSuccess, "\(done.errorText)")
    return done.text.trimmingSuffix()
  }

  @Test func anotherProgramReadsAndMakesThem() throws {
    let script = """
      import base64, hashlib, hmac, json, sys
      key, token, now = sys.argv[1].encode(), sys.argv[2], int(sys.argv[3])
      b = lambda t: base64.urlsafe_b64encode(t).rstrip(b'=').decode()
      u = lambda t: base64.urlsafe_b64decode(t + '=' * (-len(t) % 4))
      head, claims, signature = token.split('.')
      assert hmac.compare_digest(u(signature), hmac.new(key, (head + '.' + claims).encode(), hashlib.sha256).digest())
      head, claims = json.loads(u(head)), json.loads(u(claims))
      assert sorted(head) == ['alg', 'kid', 'typ'] and head['alg'] == 'HS256' and head['typ'] == 'JWT', head
      assert head['kid'] == hashlib.sha256(b'stampede key id ' + key).hexdigest()[:16]
      assert claims['sub'] == 'ada' and claims['role'] == 'operator' and claims['gen'] == 7, claims
      assert claims['iss'] == 'stampede' and claims['aud'] == 'stampede-api', claims
      assert claims['iat'] == claims['nbf'] == now and claims['exp'] == now + 3600 and len(claims['jti']) == 32, claims
      claims.update(sub='grace', role='viewer', jti='by hand')
      text = b(json.dumps(head, indent=1).encode()) + '.' + b(json.dumps(claims).encode())
      print(text + '.' + b(hmac.new(key, text.encode(), hashlib.sha256).digest()))
      """
    let answer = try python(script, MadeToken.key, sign(), "\(now)")
    let claims = try verifier.verify(answer, now: now)
    #expect(claims.subject == "grace" && claims.role == .viewer && claims.id == "by hand")
  }
}

extension String {
  fileprivate func trimmingSuffix() -> String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

import Foundation
import TestSupport
import Testing

/// Flags that a master can't start with; no server is asked.
@Suite struct StartTests {
  private static let good = [
    "--kafka-broker", "127.0.0.1:1", "--database-url", "postgresql://u:hidden@127.0.0.1:1/d", "--jwt-secret-key",
    MasterProcess.key,
  ]

  @Test(arguments: [
    (
      ["--jwt-secret-key", ""],
      "--jwt-secret-key: there is no key to sign tokens with; make one with: openssl rand -hex 32 (or set JWT_SECRET_KEY)"
    ),
    (["--jwt-secret-key", "short"], "--jwt-secret-key: the key has 5 bytes, expected at least 32"),
    (["--jwt-secret-key", "my-secure-jwt-key-that-is-long-enough"], "is a sample that everybody can read in a manual"),
    (["--jwt-secret-key-file", "/no/such"], "found both, expected one of them"),
    (["--kafka-broker", ""], "--kafka-broker: found nothing, expected HOST:PORT (or set KAFKA_BROKER)"),
    (["--database-url", ""], "--database-url: found nothing, expected postgresql://user:password@host/database"),
    (["--database-url", "gopher://hidden"], "--database-url: found something else than a URL"),
    (["--http-bind", "nowhere"], "--http-bind: found 'nowhere', expected an address such as 127.0.0.1"),
    (["--http-port", "70000"], "--http-port"),
    (["--join-token", "abc"], "--join-token: found 3 characters, expected 22 to 512"),
    (["--allow-target", "x"], "--allow-target: found 'x', expected an address or a block"),
    (["--rpc-tls-cert", "a.pem"], "--rpc-tls-key: found nothing, expected the certificate's key"),
    (["--rpc-tls-key", "a.pem"], "--rpc-tls-cert: found nothing, expected the key's certificate"),
    (["extra"], "master: found 'extra', expected none"),
  ])
  func saysWhatIsWrong(_ flags: [String], _ message: String) throws {
    var words = Self.good
    if let place = words.firstIndex(of: flags[0]), flags.count == 2 {
      words.removeSubrange(place...place + 1)
      if !flags[1].isEmpty { words += flags }
    } else {
      words += flags
    }
    let done = try Stampede.run(["master"] + words)
    #expect(done.errorText.contains(message), "\(done.errorText)")
    #expect(done.exit == .code(1) && !done.errorText.contains("hidden"))
  }
}

import Processes

/// An authority and a server certificate it signed, made by the openssl command in a temporary folder.
///
/// The server's certificate is for `localhost`, 127.0.0.1 and ::1. The folder goes with the value.
public final class TestCertificates: Sendable {
  private let temporary: TemporaryFolder
  public var folder: String { temporary.path }
  public var authority: String { temporary.file("ca.pem") }
  public var certificate: String { temporary.file("server.pem") }
  public var key: String { temporary.file("server.key") }

  public init() throws {
    temporary = try TemporaryFolder("certificates")
    let script = """
      printf 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\\nbasicConstraints=CA:FALSE\\n' > server.ext &&
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test-authority \
        -keyout ca.key -out ca.pem &&
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
        -keyout server.key -out server.csr &&
      openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext \
        -out server.pem
      """
    var command = Command("/bin/sh", ["-c", script])
    command.directory = temporary.path
    let made = try ChildProcess.run(command, within: .seconds(60))
    guard made.exit.isSuccess else { throw TestError("openssl: \(made.exit): \(made.errorText)") }
  }
}

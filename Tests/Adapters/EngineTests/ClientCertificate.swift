import Processes
import TestSupport

/// A client's certificate that the test's authority signed.
struct ClientCertificate {
  private let folder: TemporaryFolder
  var certificate: String { folder.file("client.pem") }
  var key: String { folder.file("client.key") }

  init(_ files: TestCertificates) throws {
    folder = try TemporaryFolder("client")
    let script = """
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=client -keyout client.key \
        -out client.csr && openssl x509 -req -in client.csr -CA \(files.authority) -CAkey \(files.folder)/ca.key -set_serial 7 -days 2 \
        -out client.pem
      """
    var command = Command("/bin/sh", ["-c", script])
    command.directory = folder.path
    let made = try ChildProcess.run(command, within: .seconds(60))
    guard made.exit.isSuccess else { throw TestError("openssl: \(made.exit): \(made.errorText)") }
  }
}

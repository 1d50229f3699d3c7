import Glibc
import Processes
import TestSupport

/// A proxy that is not ours: a few lines of Python that note what they are asked for.
final class ProxyScript {
  let port: UInt16
  private let child: ChildProcess
  private let folder: TemporaryFolder

  private static let text = """
    import socket, sys, threading
    listener = socket.create_server(("127.0.0.1", 0))
    answer, path = sys.argv[1], sys.argv[2]
    print(listener.getsockname()[1], flush=True)
    log, lock = open(path, "w"), threading.Lock()
    def pump(a, b):
      try:
        while (data := a.recv(65536)): b.sendall(data)
      except OSError: pass
      for s in (a, b):
        try: s.shutdown(socket.SHUT_RDWR)
        except OSError: pass
    def serve(client):
      try:
        while True:
          head = b""
          while b"\\r\\n\\r\\n" not in head:
            data = client.recv(65536)
            if not data: return
            head += data
          lines = head.split(b"\\r\\n\\r\\n")[0].decode().split("\\r\\n")
          method, url, _ = lines[0].split(" ")
          fields = dict(line.split(": ", 1) for line in lines[1:])
          with lock: print(method, url, fields.get("Proxy-Authorization", "-"), file=log, flush=True)
          if answer:
            client.sendall(f"HTTP/1.1 {answer}\\r\\nContent-Length: 0\\r\\n\\r\\n".encode())
            continue
          place = url if method == "CONNECT" else url.split("/")[2]
          host, _, port = place.rpartition(":")
          upstream = socket.create_connection((host, int(port)))
          if method == "CONNECT":
            client.sendall(b"HTTP/1.1 200 Connected\\r\\n\\r\\n")
            threading.Thread(target=pump, args=(client, upstream), daemon=True).start()
            return pump(upstream, client)
          path = "/" + url.split("/", 3)[3]
          kept = [l for l in lines[1:] if not l.lower().startswith("proxy-")]
          upstream.sendall("\\r\\n".join([f"{method} {path} HTTP/1.1"] + kept + ["Connection: close", "", ""]).encode())
          reply = b""
          while (data := upstream.recv(65536)): reply += data
          client.sendall(reply)
          return client.close()
      except OSError: pass
    while True:
      client, _ = listener.accept()
      threading.Thread(target=serve, args=(client,), daemon=True).start()
    """

  /// - Parameter answer: status and reason for whatever is asked; empty: what is asked for is fetched.
  init(answer: String = "") throws {
    folder = try TemporaryFolder("proxy")
    let script = try folder.write("proxy.py", Self.text)
    child = try ChildProcess(Command(Places.python, [script, answer, folder.file("log")]))
    let said = child.waitForOutput(within: .seconds(20)) { output, _ in
      output.hasSuffix("\n") ? UInt16(output.dropLast()) : nil
    }
    guard let port = said else {
      child.stop(grace: .seconds(1))
      throw TestError("the proxy does not start: \(String(decoding: child.errors, as: UTF8.self))")
    }
    self.port = port
  }

  /// Ends it, and gives a line for each request that it was asked: method, target, authorization.
  func stop() -> [String] {
    child.stop(grace: .seconds(2))
    return ((try? folder.read("log")) ?? "").split(separator: "\n").map(String.init)
  }

  deinit { child.stop(grace: .seconds(2)) }
}

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

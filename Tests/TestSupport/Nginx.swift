import Glibc
import Processes

/// An nginx of the test's own on a free port of 127.0.0.1, with an access log that counts what it answered.
///
/// One process, nothing outside a temporary folder. It is killed with the last reference.
public final class Nginx: Sendable {
  public let port: UInt16
  public let folder: TemporaryFolder
  private let child: ChildProcess

  /// Starts it and waits until it accepts.
  ///
  /// - Parameters:
  ///   - locations: directives of the `server` block; `root` is the folder's `www`.
  ///   - listen: words after the address, as `ssl`.
  ///   - server: further directives of the `server` block, put first.
  public init(
    locations: String = "location / { return 200 \"ok\\n\"; }", listen: String = "", server: String = ""
  ) throws {
    guard let nginx = Places.nginx else { throw TestError("nginx is not installed") }
    let folder = try TemporaryFolder("nginx")
    try folder.write("www/index.html", "hello\n")
    var last = ""
    for _ in 0..<8 {
      let port = try LocalPort.free()
      let text = Self.configuration(folder: folder, port: port, listen: listen, server: server, locations: locations)
      let file = try folder.write("nginx.conf", text)
      let child = try ChildProcess(
        Command(nginx, ["-p", folder.path, "-e", folder.file("error.log"), "-c", file]))
      if LocalPort.wait(for: port, isHopeless: { child.exit != nil }), child.exit == nil {
        self.port = port
        self.folder = folder
        self.child = child
        return
      }
      child.stop(grace: .seconds(1))
      last = String(decoding: child.errors, as: UTF8.self) + ((try? folder.read("error.log")) ?? "")
      if !last.contains("Address already in use") { break }
    }
    throw TestError("nginx does not start: \(last)")
  }

  public var pid: Int32 { child.pid }

  /// `http://127.0.0.1:PORT` and the path.
  public func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

  /// Lets it finish what it has begun, then gives the requests it logged.
  ///
  /// A client may have its reply before the line is written, so only the log of an nginx that has ended is whole.
  public func finish() throws -> AccessLog {
    child.signal(SIGQUIT)
    if child.wait(within: .seconds(60)) == nil { child.stop(grace: .seconds(2)) }
    return AccessLog(try folder.read("access.log"))
  }

  private static func configuration(
    folder: TemporaryFolder, port: UInt16, listen: String, server: String, locations: String
  ) -> String {
    """
    daemon off;
    master_process off;
    pid \(folder.file("nginx.pid"));
    error_log \(folder.file("error.log")) warn;
    worker_rlimit_nofile 8192;
    events { worker_connections 4096; }
    http {
      log_format counted '$request_method $request_uri $status $connection $connection_requests';
      access_log \(folder.file("access.log")) counted;
      client_body_temp_path \(folder.file("bodies"));
      proxy_temp_path \(folder.file("proxy"));
      fastcgi_temp_path \(folder.file("fastcgi"));
      uwsgi_temp_path \(folder.file("uwsgi"));
      scgi_temp_path \(folder.file("scgi"));
      keepalive_requests 100000000;
      keepalive_timeout 75s;
      lingering_close off;
      default_type text/plain;
      server {
        listen 127.0.0.1:\(port) \(listen) backlog=4096;
        root \(folder.file("www"));
        \(server)
        \(locations)
      }
    }

    """
  }
}

/// What an nginx answered, one entry a request.
public struct AccessLog: Sendable {
  public struct Entry: Sendable, Equatable {
    public let method: String
    /// With its query.
    public let target: String
    public let status: Int
    /// nginx's number of the connection.
    public let connection: Int
    /// 1 for a connection's first request.
    public let requestOfConnection: Int
  }

  public let entries: [Entry]

  init(_ text: String) {
    entries = text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 5, let status = Int(words[2]), let connection = Int(words[3]), let request = Int(words[4])
      else { return nil }
      return Entry(
        method: String(words[0]), target: String(words[1]), status: status, connection: connection,
        requestOfConnection: request)
    }
  }

  /// Requests by path, without the query.
  public var countsByPath: [String: Int] {
    entries.reduce(into: [:]) { $0[String($1.target.prefix { $0 != "?" }), default: 0] += 1 }
  }

  public var countsByStatus: [Int: Int] { entries.reduce(into: [:]) { $0[$1.status, default: 0] += 1 } }

  public var connections: Int { Set(entries.map(\.connection)).count }
}

import CLinux
import Glibc
import Threads

/// An HTTP server that answers with exactly the bytes a test says: a thread for each connection, one request on each.
/// It ends with the value.
public final class ScriptedServer: Sendable {
  /// One request as it came.
  public struct Request: Sendable {
    public let method: String
    /// Path and query.
    public let target: String
    public let head: String
    public let body: String

    /// A header's value, its name in any case of letters; nil where it is not there.
    public func header(_ name: String) -> String? {
      for line in head.split(separator: "\r\n").dropFirst() {
        guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased() else { continue }
        return String(line[line.index(after: colon)...].drop { $0 == " " })
      }
      return nil
    }
  }

  /// The connection that a request came on, used by its thread.
  public struct Peer: Sendable {
    let descriptor: Int32

    /// Writes all of it; false where the connection broke.
    @discardableResult
    public func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult
    public func write(_ bytes: [UInt8]) -> Bool {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count <= 0 { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }

    /// A whole answer with the length of its body.
    public func answer(_ status: Int, _ body: String = "", _ headers: [String] = []) {
      let lines = ["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers
      write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Waits until the other side closes.
    public func awaitClose() {
      var bytes = [UInt8](repeating: 0, count: 4096)
      while recv(descriptor, &bytes, bytes.count, 0) > 0 {}
    }

    /// The connection's end will be a reset.
    public func resetAtEnd() {
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }
  }

  private struct State {
    var requests: [Request] = []
    var open: Set<Int32> = []
    var isOver = false
  }

  private final class Shared: Sendable {
    let state = Monitor(State())
    let listener: Int32
    let serve: @Sendable (Request, Peer) -> Void

    init(_ listener: Int32, _ serve: @escaping @Sendable (Request, Peer) -> Void) {
      self.listener = listener
      self.serve = serve
    }
  }

  public let port: UInt16
  private let shared: Shared

  /// - Parameter serve: called on the connection's own thread; the connection is closed when it returns.
  public init(_ serve: @escaping @Sendable (Request, Peer) -> Void) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, length) == 0 && listen(descriptor, 64) == 0
          ? getsockname(descriptor, pointer, &length) : -1
      }
    }
    guard descriptor >= 0, code == 0 else { throw TestError("listen: errno \(errno)") }
    port = UInt16(bigEndian: address.sin_port)
    let shared = Shared(descriptor, serve)
    self.shared = shared
    try OwnThread(name: "scripted") { ScriptedServer.accept(shared) }.detach()
  }

  deinit {
    shared.state.change { state in
      state.isOver = true
      shutdown(shared.listener, Int32(SHUT_RDWR))
      for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }

  public var url: String { "http://127.0.0.1:\(port)" }

  /// All whose heads and bodies have come, in order.
  public var requests: [Request] { shared.state.read { $0.requests } }

  /// Waits until so many requests have come; false when they don't in 30 s.
  public func await(requests count: Int) -> Bool {
    shared.state.wait(within: .seconds(30)) { $0.requests.count >= count ? true : nil } ?? false
  }

  private static func accept(_ shared: Shared) {
    while true {
      let descriptor = accept4(shared.listener, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
      let isOver = shared.state.change { state -> Bool in
        if state.isOver { return true }
        if descriptor >= 0 { state.open.insert(descriptor) }
        return false
      }
      if isOver {
        if descriptor >= 0 { close(descriptor) }
        close(shared.listener)
        return
      }
      if descriptor < 0 { continue }
      let body: @Sendable () -> Void = {
        if let request = read(descriptor) {
          shared.state.change { $0.requests.append(request) }
          shared.serve(request, Peer(descriptor: descriptor))
        }
        shared.state.change { state in
          state.open.remove(descriptor)
          close(descriptor)
        }
      }
      guard let thread = try? OwnThread(name: "scripted-peer", body) else {
        body()
        continue
      }
      thread.detach()
    }
  }

  /// The head and as many bytes as its Content-Length says; nil where the connection ends before.
  private static func read(_ descriptor: Int32) -> Request? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    var wanted: Int?
    var headEnd = 0
    while wanted.map({ bytes.count < $0 }) ?? true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count <= 0 { return nil }
      bytes += chunk[..<count]
      if wanted != nil { continue }
      guard let end = (0..<max(0, bytes.count - 3)).first(where: { Array(bytes[$0..<$0 + 4]) == [13, 10, 13, 10] })
      else { continue }
      headEnd = end + 4
      let head = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
      let line = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
      wanted = headEnd + (line.flatMap { Int($0.dropFirst(15).filter(\.isNumber)) } ?? 0)
    }
    let head = String(decoding: bytes[..<(headEnd - 4)], as: UTF8.self)
    let words = head.prefix { $0 != "\r\n" }.split(separator: " ").map(String.init)
    return Request(
      method: words.first ?? "", target: words.count > 1 ? words[1] : "", head: head,
      body: String(decoding: bytes[headEnd...], as: UTF8.self))
  }
}

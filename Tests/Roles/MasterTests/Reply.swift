import JSONScan
import TestSupport
import Testing

/// An answer over HTTP, read to its end from a connection of its own.
struct Reply {
  let status: Int
  /// The head's lines, as they came.
  let head: String
  let body: [UInt8]

  /// The body as JSON; null where it is none.
  var json: Node { (try? JSONReader.document(body).root) ?? Node(.null) }
  /// What a problem document says.
  var detail: String { json["detail"]?.text ?? "" }

  /// A header's value; nil where it is not there.
  func header(_ name: String) -> String? {
    head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
      .map { String($0.dropFirst(name.count + 2)) }
  }

  /// Asks a server on 127.0.0.1.
  ///
  /// - Parameters:
  ///   - headers: whole lines.
  static func to(
    _ method: String, _ target: String, port: UInt16, token: String? = nil, headers: [String] = [], body: String? = nil
  ) throws -> Reply {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1", "Connection: close"] + headers
    if let token { lines.append("Authorization: Bearer \(token)") }
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    return try send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""), port: port)
  }

  /// Sends exactly this.
  static func send(_ text: String, port: UInt16) throws -> Reply {
    let client = try RawClient(port: port, patience: 60)
    client.send(text)
    var bytes: [UInt8] = []
    while true {
      let (more, end) = client.receive()
      bytes += more
      if end != nil { break }
    }
    let whole = String(decoding: bytes, as: UTF8.self)
    let parts = whole.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
    let status = try #require(whole.split(separator: " ").dropFirst().first.flatMap { Int($0) }, "\(whole)")
    return Reply(status: status, head: String(parts[0]), body: parts.count > 1 ? Array(parts[1].utf8) : [])
  }
}

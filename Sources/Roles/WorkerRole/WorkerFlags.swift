import Glibc
import Options
import Records

/// Where the master is: `HOST:PORT`, `[::1]:PORT`, or a host alone with the usual port.
enum MasterAddress {
  static let usualPort: UInt16 = 50_051

  static func read(_ line: Invocation) throws(WorkerError) -> (host: String, port: UInt16) {
    guard let given = line.given(.masterAddress) else { return ("127.0.0.1", usualPort) }
    guard let found = parse(given.text) else {
      throw WorkerError(
        description: "\(given.place): found '\(given.text.prefix(80))', expected HOST:PORT such as 127.0.0.1:50051")
    }
    return found
  }

  static func parse(_ text: String) -> (host: String, port: UInt16)? {
    var host = text
    var port = usualPort
    let isBracketed = text.hasPrefix("[")
    let bare = isBracketed ? text.dropFirst() : text[...]
    if isBracketed {
      guard let end = bare.firstIndex(of: "]") else { return nil }
      host = String(bare[..<end])
      let rest = bare[bare.index(after: end)...]
      if !rest.isEmpty {
        guard rest.hasPrefix(":"), let number = number(rest.dropFirst()) else { return nil }
        port = number
      }
    } else if text.filter({ $0 == ":" }).count == 1, let colon = text.firstIndex(of: ":") {
      guard let number = number(text[text.index(after: colon)...]) else { return nil }
      host = String(text[..<colon])
      port = number
    }
    // A space, a slash or a scheme is no part of a host's name.
    let isHost =
      !host.isEmpty && host.utf8.count <= 253 && host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2F }
    return isHost ? (host, port) : nil
  }

  private static func number(_ text: Substring) -> UInt16? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(text), port > 0 else {
      return nil
    }
    return port
  }
}

/// What lets the worker in.
enum JoinToken {
  static func read(_ line: Invocation) throws(WorkerError) -> String {
    if let given = line.given(.workerToken) { return try checked(given.text, given.place) }
    guard let given = line.given(.workerTokenFile) else {
      throw WorkerError(
        description: "--join-token: found nothing, expected what the master prints at its start "
          + "(or --join-token-file FILE, or set STAMPEDE_JOIN_TOKEN)")
    }
    let place = "\(given.place) \(given.text)"
    let bytes: [UInt8]
    do { bytes = try WholeFile.read(given.text, atMost: 4_096) } catch {
      throw WorkerError(description: "\(given.place): \(error)")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return try checked(
      String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()), place)
  }

  private static func checked(_ text: String, _ place: String) throws(WorkerError) -> String {
    guard (1...512).contains(text.utf8.count) else {
      throw WorkerError(description: "\(place): found \(text.utf8.count) bytes, expected a token of 1 to 512")
    }
    return text
  }
}

/// Who this worker is unless somebody says so.
enum WorkerName {
  /// This machine's name; `worker` where it has none that could be said.
  static let host: String = {
    var buffer = [CChar](repeating: 0, count: 256)
    gethostname(&buffer, 255)
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let name = String(decoding: bytes, as: UTF8.self).filter {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0))
    }
    return name.isEmpty ? "worker" : String(name.prefix(100))
  }()

  /// Several workers may be on one machine.
  static var own: String { "\(host)-\(getpid())" }
}

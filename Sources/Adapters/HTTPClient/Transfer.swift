import CCurl
import Model

/// What one call has brought so far. Touched only by the thread that carries it out.
final class Transfer {
  private let settings: Client.Settings
  private let cancellation: Cancellation?
  private let pieces: ((UnsafeRawBufferPointer) -> Bool)?
  private var status = 0
  private var headers: [Header] = []
  private var headBytes = 0
  private var isHeadDone = false
  private var expectsStatus = true
  private var body: [UInt8] = []
  /// Why it was cut off from this side.
  private var ending: Ending?
  private var moved: (down: Int, up: Int) = (0, 0)
  private var lastMove = ContinuousClock.now

  private enum Ending {
    case enough, cancelled, stalled, longHead, longBody
  }

  init(_ settings: Client.Settings, _ cancellation: Cancellation?, _ pieces: ((UnsafeRawBufferPointer) -> Bool)?) {
    self.settings = settings
    self.cancellation = cancellation
    self.pieces = pieces
  }

  /// The object that a callback's context is; it always is one.
  static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// One line of a head, with its line end; anything but `count` ends the call.
  func take(head bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    headBytes += count
    guard headBytes <= settings.mostHead else {
      ending = .longHead
      return count == 0 ? 1 : 0
    }
    // Lines behind the body are trailers, which nobody asked for.
    guard let bytes, !isHeadDone else { return count }
    let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
      .trimming { $0 == "\r" || $0 == "\n" }
    if line.isEmpty {
      // A 1xx has a head of its own before the answer's.
      isHeadDone = status >= 200
      expectsStatus = true
    } else if expectsStatus {
      expectsStatus = false
      headers = []
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    } else if let colon = line.firstIndex(of: ":") {
      headers.append(
        Header(String(line[..<colon]), String(line[line.index(after: colon)...]).trimming { $0 == " " || $0 == "\t" }))
    }
    return count
  }

  /// Bytes of the body; anything but `count` ends the call.
  func take(body bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    let piece = UnsafeRawBufferPointer(start: bytes, count: count)
    if let pieces, 200...299 ~= status {
      if pieces(piece) { return count }
      ending = .enough
      return 0
    }
    guard body.count + count <= settings.mostBody else {
      ending = .longBody
      return 0
    }
    body.append(contentsOf: piece)
    return count
  }

  /// Asked at least once a second; false ends the call.
  func goesOn(_ down: Int, _ up: Int) -> Bool {
    if cancellation?.isCancelled == true {
      ending = .cancelled
      return false
    }
    let now = ContinuousClock.now
    if (down, up) != moved {
      moved = (down, up)
      lastMove = now
    }
    if now - lastMove > .nanoseconds(settings.stall.nanoseconds) {
      ending = .stalled
      return false
    }
    return true
  }

  /// The answer, or why there is none.
  func outcome(_ code: CURLcode, _ handle: UnsafeMutableRawPointer, origin: String) throws(ClientError) -> Reply {
    switch ending {
    case .enough: break
    case .cancelled: throw ClientError(.cancelled, origin: origin, "called off")
    case .stalled:
      throw ClientError(.timedOut, origin: origin, "nothing came for \(settings.stall)")
    case .longHead:
      throw ClientError(.tooLarge, origin: origin, "the answer's head is longer than \(settings.mostHead) bytes")
    case .longBody:
      throw ClientError(.tooLarge, origin: origin, "the answer is longer than \(settings.mostBody >> 20) MiB")
    case nil:
      if code != CURLE_OK { throw ClientError(code, handle, settings, origin: origin) }
    }
    guard 100...999 ~= status else {
      throw ClientError(.malformed, origin: origin, "the answer has no status; is it an HTTP server?")
    }
    return Reply(status: status, headers: headers, body: body)
  }
}

extension String {
  /// Without such characters at both ends.
  fileprivate func trimming(_ isDropped: (Unicode.Scalar) -> Bool) -> String {
    let scalars = unicodeScalars.drop(while: isDropped)
    guard let last = scalars.lastIndex(where: { !isDropped($0) }) else { return "" }
    return String(scalars[...last])
  }
}

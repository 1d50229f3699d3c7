import Model

/// An http or https URL in memory of the caller: where a redirect points, or what it is resolved against.
@safe
public struct Location {
  public let isTLS: Bool
  /// In small letters; IPv6 without brackets.
  public let host: ByteView
  public let port: UInt16
  /// Host and, unless it is the scheme's own, port: the value of a Host header.
  public let authority: ByteView
  /// Path and query; begins with `/`.
  public let target: ByteView

  public init(isTLS: Bool, host: ByteView, port: UInt16, authority: ByteView, target: ByteView) {
    self.isTLS = isTLS
    self.host = host
    self.port = port
    self.authority = authority
    self.target = target
  }

  public var path: ByteView { target.withoutQuery }

  /// Whether requests to both may share connections.
  public func hasOrigin(of other: Location) -> Bool {
    isTLS == other.isTLS && port == other.port && host.equals(other.host)
  }
}

extension ByteView {
  /// What stands before the first question mark.
  var withoutQuery: ByteView { first(0x3F).map { self[0..<$0] } ?? self }
}

extension ScriptTable {
  /// A target's own URL with the path that was written for it, to resolve a redirect against.
  public func location(of target: Int, path: ByteView) -> Location {
    let request = request(target)
    return Location(
      isTLS: request.isTLS, host: view(request.host), port: request.port, authority: view(request.authority),
      target: path)
  }

  /// Whether a redirect of this status is followed by a GET without the body: 303 always (a HEAD stays one), 301 and
  /// 302 after a POST, as browsers do (RFC 9110, 15.4).
  public func dropsBody(_ target: Int, status: Int) -> Bool {
    status == 303 || (status == 301 || status == 302) && request(target).isPOST
  }

  /// Whether a status with a Location is followed.
  public static func isRedirect(_ status: Int) -> Bool {
    status == 301 || status == 302 || status == 303 || status == 307 || status == 308
  }
}

extension Location {
  /// The bytes that `copied` needs.
  public var byteCount: Int { authority.count + target.count }

  /// The same URL in other memory, of at least `byteCount` bytes.
  public func copied(to memory: UnsafeMutableRawPointer) -> Location {
    var sink = unsafe ByteSink(memory, capacity: byteCount)
    sink.append(authority)
    sink.append(target)
    let bytes = sink.bytes
    let copy = bytes[0..<authority.count]
    let from = !copy.isEmpty && copy[0] == 0x5B ? 1 : 0
    return Location(
      isTLS: isTLS, host: copy[from..<from + host.count], port: port, authority: copy,
      target: bytes[authority.count..<bytes.count])
  }
}

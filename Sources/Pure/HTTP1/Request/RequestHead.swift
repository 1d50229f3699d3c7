/// The head of a request, checked: its bytes and where things are in them. Text is made only of what is asked for.
public struct RequestHead: Sendable {
  public enum Version: Sendable {
    case http10, http11
  }

  /// How the end of the body is told.
  public enum Body: Sendable, Hashable {
    case none
    /// So many bytes, at least one.
    case length(Int)
    case chunked
  }

  /// A header line's name and value as offsets into the bytes.
  struct Line: Sendable {
    let name: Range<Int>
    let value: Range<Int>
  }

  var bytes: [UInt8] = []
  var lines: [Line] = []
  var methodPlace = 0..<0
  var targetPlace = 0..<0
  /// Empty for the root of a URL that names no path.
  var pathPlace = 0..<0
  var queryPlace: Range<Int>?
  /// From the URL in the first line, else from Host.
  var hostPlace: Range<Int>?

  public internal(set) var version = Version.http11
  public internal(set) var body = Body.none
  /// Whether the client wants to use the connection again: HTTP/1.1 unless it says close, HTTP/1.0 if it says so.
  public internal(set) var keepAlive = true
  /// Whether the client waits for a reply of status 100 before it sends the body; never without a body.
  public internal(set) var expectsContinue = false

  init() {}

  /// The method as sent: names are case-sensitive.
  public var method: String { text(methodPlace) }

  /// The target as sent: a path with its query, a whole URL, or `*`.
  public var target: String { text(targetPlace) }

  /// The path as sent, percent-encoded: from the URL if the target is one. Begins with `/`, or is `*`.
  public var path: String { pathPlace.isEmpty ? "/" : text(pathPlace) }

  /// What follows the first `?`, as sent; nil where there is none.
  public var query: String? { queryPlace.map(text) }

  /// The host and port that are meant: the URL's, if the target is one, else Host's. Nil only in HTTP/1.0.
  public var host: String? { hostPlace.map(text) }

  /// Whether the method is this one.
  public func hasMethod(_ name: StaticString) -> Bool {
    methodPlace.count == name.utf8CodeUnitCount && bytes.holds(name, at: methodPlace.lowerBound, anyCase: false)
  }

  func text(_ place: Range<Int>) -> String { String(decoding: bytes[place], as: UTF8.self) }
}

extension [UInt8] {
  /// Whether the word, in ASCII and for `anyCase` in small letters, is at this place, within the bytes.
  func holds(_ word: StaticString, at place: Int, anyCase: Bool = true) -> Bool {
    let count = word.utf8CodeUnitCount
    guard place >= 0, self.count - place >= count else { return false }
    let expected = unsafe word.utf8Start
    for offset in 0..<count {
      let byte = self[place + offset]
      let small = anyCase && 0x41...0x5A ~= byte ? byte | 0x20 : byte
      if unsafe small != expected[offset] { return false }
    }
    return true
  }

  /// Whether exactly this word, in ASCII and in small letters, is in this range, in any case of letters.
  func equals(_ word: StaticString, in place: Range<Int>) -> Bool {
    place.count == word.utf8CodeUnitCount && holds(word, at: place.lowerBound)
  }
}

import Bytes

/// Reads the requests of one connection strictly, one after the other. Whatever two readers might understand
/// differently is refused, each form by its own `RequestFault`.
///
/// Heads, and lines cut by the end of the bytes, are gathered here, at most `RequestLimits.head` bytes; bodies are not.
/// The caller calls `next` with the bytes it has, drops the consumed ones, and goes on until `needMore`.
public struct RequestDecoder: Sendable {
  public struct Step: Sendable {
    /// So many bytes from the front are done with.
    public let consumed: Int
    public let event: Event
  }

  public enum Event: Sendable {
    /// All bytes are consumed; the next are awaited.
    case needMore
    /// A whole head. Set `bodyLimit` now, if the route has one of its own, and answer `expectsContinue`.
    case head(RequestHead)
    /// A piece of the body: these of the bytes given, the last of them the last consumed.
    case body(Range<Int>)
    /// The request is over; the next call begins another one.
    case end
    /// No more can be read from this connection.
    case failed(RequestFault)
  }

  enum Phase: Sendable {
    case first, headers
    /// The head is handed out; the body's framing is known.
    case headRead(RequestHead.Body)
    case sized, chunkLine, chunkBytes, chunkEnd, chunkLineFeed, trailer
    case over
    case failed(RequestFault)
  }

  /// The most bytes of this request's body; set anew from the limits for each request.
  public var bodyLimit: Int
  public let limits: RequestLimits

  var phase = Phase.first
  /// The head so far, or the partial line of a chunk or trailer.
  var buffer: [UInt8] = []
  /// Where the line being read begins in the buffer.
  var lineStart = 0
  var head = RequestHead()
  var facts = HeadFacts()
  /// Body bytes still to come: of all, or of the chunk.
  var left = 0
  /// Bytes of the chunks so far, and of the trailer.
  var bodyBytes = 0
  var trailerBytes = 0
  var trailerLines = 0

  public init(limits: RequestLimits = RequestLimits()) {
    self.limits = limits
    bodyLimit = limits.body
  }

  /// Whether no byte of a request has come since the last one's end: then the connection may be closed at any time.
  public var isBetweenRequests: Bool {
    if case .first = phase { buffer.isEmpty } else { false }
  }

  /// What comes next in these bytes; see `Event`. However the bytes are cut, the outcome is the same.
  public mutating func next(_ bytes: UnsafeRawBufferPointer) -> Step {
    var place = 0
    while true {
      let event: Event? =
        switch phase {
        case .first, .headers: unsafe readHead(bytes, &place)
        case .headRead(let body): begin(body)
        case .sized, .chunkBytes: unsafe readBody(bytes, &place)
        case .chunkLine, .trailer: unsafe readBodyLine(bytes, &place)
        case .chunkEnd, .chunkLineFeed: unsafe readChunkEnd(bytes, &place)
        case .over: finish()
        case .failed(let fault): .failed(fault)
        }
      if let event { return Step(consumed: place, event: event) }
    }
  }

  /// The peer closed its side: nil between requests, else the request was cut short.
  public mutating func end() -> RequestFault? {
    if isBetweenRequests { return nil }
    switch phase {
    case .failed(let fault): return fault
    case .headRead(.none), .over: return nil
    case .first, .headers, .headRead, .sized, .chunkLine, .chunkBytes, .chunkEnd, .chunkLineFeed, .trailer:
      phase = .failed(.truncated)
      return .truncated
    }
  }

  mutating func refuse(_ fault: RequestFault) -> Event {
    phase = .failed(fault)
    buffer = []
    return .failed(fault)
  }

  /// The request is over: everything is as in the beginning.
  private mutating func finish() -> Event {
    phase = .first
    buffer.removeAll(keepingCapacity: true)
    lineStart = 0
    head = RequestHead()
    facts = HeadFacts()
    bodyLimit = limits.body
    return .end
  }

  private mutating func begin(_ body: RequestHead.Body) -> Event? {
    switch body {
    case .none: return finish()
    case .length(let length):
      if length > bodyLimit { return refuse(.bodyTooLarge) }
      left = length
      phase = .sized
    case .chunked:
      bodyBytes = 0
      trailerBytes = 0
      trailerLines = 0
      phase = .chunkLine
    }
    return nil
  }

  enum Gathered {
    case line, part, tooLong
  }

  /// Moves bytes into the buffer up to the next line's end, at most `room`.
  mutating func gather(_ bytes: UnsafeRawBufferPointer, _ place: inout Int, room: Int) -> Gathered {
    guard let start = bytes.baseAddress, place < bytes.count else { return .part }
    let count = bytes.count - place
    let window = min(count, max(room, 0))
    let feed = unsafe firstLineFeed(start + place, window)
    if feed == window, count >= room { return .tooLong }
    let taken = min(feed + 1, window)
    unsafe buffer.append(contentsOf: UnsafeRawBufferPointer(start: start + place, count: taken))
    place += taken
    return feed < window ? .line : .part
  }
}

import HTTP1

/// What a decoder made of a run of bytes.
struct RequestReading: Equatable, CustomStringConvertible {
  struct Message: Equatable {
    var head = ""
    var host: String?
    var path = ""
    var query: String?
    var headers: [String] = []
    var framing = RequestHead.Body.none
    var keepAlive = false
    var expectsContinue = false
    var body: [UInt8] = []
    /// Where it ends, counted from the first byte of all; 0 until it is whole.
    var end = 0

    var isWhole: Bool { end > 0 }
  }

  var messages: [Message] = []
  var fault: RequestFault?
  var isBetweenRequests = false

  var description: String {
    let texts = messages.map { "\($0.head) \($0.headers) \($0.framing) body \($0.body.count) whole \($0.isWhole)" }
    return "\(texts), fault \(fault.map { "\($0)" } ?? "none")"
  }
}

enum RequestReader {
  /// Reads all requests, cut after each of `cuts` (ascending offsets); `closes` ends the connection then.
  static func read(
    _ bytes: [UInt8], limits: RequestLimits = RequestLimits(), bodyLimit: Int? = nil, closes: Bool = true,
    cuts: some Sequence<Int> = EmptyCollection<Int>()
  ) -> RequestReading {
    var decoder = RequestDecoder(limits: limits)
    var reading = RequestReading()
    bytes.withUnsafeBytes { all in
      var start = 0
      for end in cuts where reading.fault == nil {
        feed(&decoder, UnsafeRawBufferPointer(rebasing: all[start..<end]), into: &reading, from: start, bodyLimit)
        start = end
      }
      if reading.fault == nil {
        feed(&decoder, UnsafeRawBufferPointer(rebasing: all[start...]), into: &reading, from: start, bodyLimit)
      }
    }
    reading.isBetweenRequests = decoder.isBetweenRequests
    if reading.fault == nil, closes { reading.fault = decoder.end() }
    return reading
  }

  /// The same, a byte at a time.
  static func readBytewise(_ bytes: [UInt8], limits: RequestLimits = RequestLimits()) -> RequestReading {
    read(bytes, limits: limits, cuts: 0..<bytes.count)
  }

  private static func feed(
    _ decoder: inout RequestDecoder, _ all: UnsafeRawBufferPointer, into reading: inout RequestReading,
    from start: Int, _ bodyLimit: Int?
  ) {
    var place = 0
    while true {
      let step = decoder.next(UnsafeRawBufferPointer(rebasing: all[place...]))
      let offset = place
      place += step.consumed
      switch step.event {
      case .needMore:
        precondition(place == all.count, "bytes are left over")
        return
      case .head(let head):
        reading.messages.append(message(head))
        if let bodyLimit { decoder.bodyLimit = bodyLimit }
      case .body(let piece):
        precondition(!piece.isEmpty && piece.upperBound == step.consumed, "a piece is not what was consumed last")
        let bytes = all[offset + piece.lowerBound..<offset + piece.upperBound]
        reading.messages[reading.messages.count - 1].body += Array(bytes)
      case .end: reading.messages[reading.messages.count - 1].end = start + place
      case .failed(let fault):
        reading.fault = fault
        return
      }
    }
  }

  private static func message(_ head: RequestHead) -> RequestReading.Message {
    RequestReading.Message(
      head: "\(head.method) \(head.target) \(head.version)", host: head.host, path: head.path, query: head.query,
      headers: head.headers.map { "\($0.name): \($0.value)" }, framing: head.body, keepAlive: head.keepAlive,
      expectsContinue: head.expectsContinue)
  }
}

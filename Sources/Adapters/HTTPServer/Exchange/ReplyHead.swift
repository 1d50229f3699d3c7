/// Writes the head of a reply into a connection's output in one piece.
enum ReplyHead {
  /// How the body's end is told.
  enum Framing: Equatable {
    /// No body and no word about one (204, 304).
    case none
    case length(Int)
    case chunked
    /// By the connection's end, for a client of HTTP/1.0.
    case close
  }

  /// What `Connection` says.
  enum Persistence: Equatable {
    /// Nothing: the version's own rule applies.
    case silent
    case keepAlive
    case close
  }

  static func write(
    to wire: any Wire, status: Int, date: [UInt8], headers: [UInt8], framing: Framing, persistence: Persistence
  ) {
    let line = StatusLine.bytes(of: status)
    // The fixed lines below take less than 128 bytes together.
    wire.write(atMost: line.count + date.count + headers.count + 128) { room in
      var cursor = Cursor(room: room)
      cursor.add(line)
      cursor.add(date)
      cursor.add(headers)
      switch framing {
      case .none, .close: break
      case .length(let length):
        cursor.add("Content-Length: ")
        cursor.add(decimal: length)
        cursor.add("\r\n")
      case .chunked: cursor.add("Transfer-Encoding: chunked\r\n")
      }
      switch persistence {
      case .silent: break
      case .keepAlive: cursor.add("Connection: keep-alive\r\n")
      case .close: cursor.add("Connection: close\r\n")
      }
      cursor.add("\r\n")
      return cursor.count
    }
  }
}

/// Fills a stretch of memory from its front; what would not fit is left out.
struct Cursor {
  private let room: UnsafeMutableRawBufferPointer
  private(set) var count = 0

  init(room: UnsafeMutableRawBufferPointer) {
    self.room = room
  }

  mutating func add(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { add($0) }
  }

  mutating func add(_ text: StaticString) {
    add(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard let base = room.baseAddress, let source = bytes.baseAddress, bytes.count <= room.count - count else { return }
    (base + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  mutating func add(decimal number: Int) {
    var divisor = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0, count < room.count {
      room[count] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10)
      count += 1
      divisor /= 10
    }
  }

  mutating func add(hexadecimal number: Int) {
    var shift = 0
    while shift < 60, number >> (shift + 4) > 0 { shift += 4 }
    while shift >= 0, count < room.count {
      let digit = UInt8(truncatingIfNeeded: number >> shift & 0xF)
      room[count] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      count += 1
      shift -= 4
    }
  }
}

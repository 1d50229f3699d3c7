/// Reads a stream of server-sent events as it comes in pieces. Pure; bounded.
///
/// By the HTML standard, 9.2.6: fields `event`, `data`, `id`; lines end in LF, CR LF or CR; a line that begins with a
/// colon is a comment; an empty line ends an event; one without data is none.
struct EventReader {
  struct Event: Equatable {
    var name: String
    var data: [UInt8]
  }

  enum Fault: Error, Equatable {
    /// A line or an event longer than `longest` bytes.
    case tooLong
  }

  static let longest = 4 << 20

  /// Of the last event that had one: what a next connection asks to go on from.
  private(set) var lastID: String?
  private var line: [UInt8] = []
  private var name = ""
  private var data: [UInt8] = []
  private var hasData = false
  private var endedInReturn = false

  /// The events that the piece completes.
  mutating func read(_ piece: some Sequence<UInt8>) throws(Fault) -> [Event] {
    var events: [Event] = []
    for byte in piece {
      let follows = endedInReturn
      endedInReturn = byte == 0x0D
      if byte == 0x0A, follows { continue }
      if byte != 0x0A, byte != 0x0D {
        line.append(byte)
        if line.count + data.count > EventReader.longest { throw .tooLong }
        continue
      }
      if let event = take(line) { events.append(event) }
      line.removeAll(keepingCapacity: true)
    }
    return events
  }

  /// A new connection: what was begun is forgotten, the last id is not.
  mutating func reconnect() {
    self = EventReader(lastID: lastID)
  }

  init(lastID: String? = nil) {
    self.lastID = lastID
  }

  private mutating func take(_ line: [UInt8]) -> Event? {
    if line.isEmpty {
      defer {
        name = ""
        data = []
        hasData = false
      }
      return hasData ? Event(name: name.isEmpty ? "message" : name, data: data) : nil
    }
    let colon = line.firstIndex(of: UInt8(ascii: ":"))
    if colon == 0 { return nil }
    let field = String(decoding: line[..<(colon ?? line.endIndex)], as: UTF8.self)
    var value = colon.map { line[($0 + 1)...] } ?? []
    if value.first == 0x20 { value = value.dropFirst() }
    switch field {
    case "event": name = String(decoding: value, as: UTF8.self)
    case "data":
      if hasData { data.append(0x0A) }
      data += value
      hasData = true
    case "id":
      // What can't stand in a header can't be asked for again.
      if value.allSatisfy({ (0x21...0x7E).contains($0) }), value.count <= 256 {
        lastID = String(decoding: value, as: UTF8.self)
      }
    case _: break
    }
    return nil
  }
}

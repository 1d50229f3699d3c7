import TestSupport
import Testing

@testable import ClientRole

/// The stream's grammar, fed whole, a byte at a time and broken.
@Suite struct EventReaderTests {
  static let text =
    ": hello\r\n\r\nevent: state\nid: 7\ndata: {\"a\":\ndata: 1}\n\nid\ndata:x\r\rretry: 5\nodd\n\nevent: none\n\ndata\n\n"

  static let events = [
    EventReader.Event(name: "state", data: Array("{\"a\":\n1}".utf8)),
    EventReader.Event(name: "message", data: Array("x".utf8)), EventReader.Event(name: "message", data: []),
  ]

  @Test func wholeAndByteByByteAreTheSame() throws {
    var whole = EventReader()
    #expect(try whole.read(Self.text.utf8) == Self.events)
    var dripped = EventReader()
    var events: [EventReader.Event] = []
    for byte in Self.text.utf8 { events += try dripped.read([byte]) }
    #expect(events == Self.events)
    #expect(dripped.lastID == whole.lastID)
  }

  @Test func theLastIDOutlivesAConnection() throws {
    var reader = EventReader()
    _ = try reader.read("id: 12\ndata: a\n\nid: 13\ndata: ha".utf8)
    reader.reconnect()
    #expect(reader.lastID == "13")
    #expect(try reader.read("lf\n\ndata: b\n\n".utf8) == [.init(name: "message", data: Array("b".utf8))])
    _ = try reader.read("id: a\u{1}b\ndata: c\n\n".utf8)
    #expect(reader.lastID == "13", "what can't stand in a header is no id")
  }

  @Test func anEndlessLineIsRefused() {
    var reader = EventReader()
    let piece = [UInt8](repeating: 0x61, count: 1 << 20)
    #expect(throws: EventReader.Fault.tooLong) {
      for _ in 0..<8 { _ = try reader.read(piece) }
    }
    var lines = EventReader()
    #expect(throws: EventReader.Fault.tooLong) {
      for _ in 0..<8 { _ = try lines.read(Array("data:".utf8) + piece + [0x0A]) }
    }
  }

  @Test func mutationsNeverCrash() {
    var source = SplitMix(seed: Fuzz.seed(for: "EventReaderTests"))
    for _ in 0..<Fuzz.count(500) {
      var reader = EventReader()
      let bytes = Fuzz.mutated(Array(Self.text.utf8), tokens: ["\r\n", "data:", "\n\n", "id: "], &source)
      _ = try? reader.read(bytes)
    }
  }
}

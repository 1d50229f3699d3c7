import Glibc
import Measuring
import Wire

/// Reads a record file interval by interval, in memory for one record only. Blocks.
public struct RecordReader: ~Copyable {
  /// Bytes at the end that are no whole record; known once `next` has returned nil.
  public private(set) var torn = 0
  private let file: OpenFile
  private var decoder = FrameDecoder()
  /// Where the next record begins.
  private var offset = 0

  public init(path: String) throws(RecordsError) {
    file = try OpenFile(path, O_RDONLY, action: "read")
  }

  /// The next interval; nil at the end.
  ///
  /// A last record cut short, or zeros that a crashed machine left behind the last one, are no error: they are `torn`.
  public mutating func next() throws(RecordsError) -> Interval? {
    while true {
      do throws(WireError) {
        if let frame = try decoder.next() {
          let interval = try IntervalCodec.decode(frame)
          offset += 4 + Frame.shortest + frame.fields.count
          return interval
        }
      } catch {
        if try restIsZeros() { return nil }
        throw RecordsError(path: file.path, cause: .damaged(offset: offset, error: error))
      }
      let piece = try file.read(atMost: 262_144)
      if piece.isEmpty {
        torn = decoder.rest.count
        return nil
      }
      decoder.append(piece)
    }
  }

  private mutating func restIsZeros() throws(RecordsError) -> Bool {
    guard decoder.rest.allSatisfy({ $0 == 0 }) else { return false }
    torn = decoder.rest.count
    while true {
      let piece = try file.read(atMost: 262_144)
      if piece.isEmpty { return torn > 0 }
      guard piece.allSatisfy({ $0 == 0 }) else { return false }
      torn += piece.count
    }
  }
}

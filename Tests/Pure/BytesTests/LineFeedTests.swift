import Bytes
import Testing

@Suite struct LineFeedTests {
  /// Every place in every window of a few words, with line feeds outside that must not be seen.
  @Test func theFirstInTheWindowIsFound() {
    for start in 0..<9 {
      for count in 0..<40 {
        for place in 0...count {
          var bytes = [UInt8](repeating: 0x0A, count: start + count + 8)
          for offset in 0..<count { bytes[start + offset] = 0x8A &+ UInt8(offset & 1) }
          if place < count { bytes[start + place] = 0x0A }
          if place + 1 < count { bytes[start + place + 1] = 0x0A }
          let found = bytes.withUnsafeBytes { all in
            all.baseAddress.map { firstLineFeed($0 + start, count) }
          }
          #expect(found == place)
        }
      }
    }
  }
}

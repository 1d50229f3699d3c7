import Glibc
import Testing

@testable import Wire

/// `golden/*.hex`: bytes that every implementation must read, and write again just so.
///
/// With STAMPEDE_WRITE_GOLDEN=1 the files are made anew; a difference in them is a change of the format.
@Suite struct GoldenTests {
  static let writes = getenv("STAMPEDE_WRITE_GOLDEN") != nil

  @Test(arguments: Golden.all) func decodesToItsInterval(_ golden: Golden) throws {
    if GoldenTests.writes { try golden.write() }
    #expect(try IntervalCodec.decode(golden.read()[...]) == golden.interval)
  }

  @Test(arguments: [Golden.empty, Golden.rich, Golden.steps, Golden.causes, Golden.final])
  func encodesToTheSameBytes(_ golden: Golden) throws {
    if GoldenTests.writes { try golden.write() }
    #expect(try IntervalCodec.encode(golden.interval) == golden.read())
  }

  /// A newer version's fields are skipped, so what is encoded again is the record without them.
  @Test func unknownFieldsAreLeftOut() throws {
    let bytes = try Golden.newer.read()
    let again = IntervalCodec.encode(try IntervalCodec.decode(bytes[...]))
    #expect(again.count == bytes.count - 6 - 4 - 3)
    #expect(try IntervalCodec.decode(again[...]) == Golden.newer.interval)
  }
}

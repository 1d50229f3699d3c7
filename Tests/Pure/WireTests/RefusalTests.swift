import Bytes
import Measuring
import Model
import Testing

@testable import Wire

/// Each thing a record can get wrong is refused with a message that says where and what.
@Suite struct RefusalTests {
  /// The error's text for a record whose fields were made by `edit`.
  private func refusal(_ edit: (inout ByteWriter) -> Void, type: UInt16 = IntervalCodec.type) -> String {
    var writer = ByteWriter()
    edit(&writer)
    return refusal(of: Frame(type: type, fields: writer.bytes[...]).encoded())
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.writeVarint(value)
    return writer.bytes
  }

  private func refusal(of bytes: [UInt8]) -> String {
    do throws(WireError) {
      _ = try IntervalCodec.decode(bytes[...])
      return "decoded"
    } catch {
      return error.description
    }
  }

  /// Writes the empty second's fields, those of the given numbers with other bytes instead.
  private func fields(_ changed: [Int: [UInt8]], tail: [UInt8] = [], into writer: inout ByteWriter) {
    for field in IntervalTables.interval.fields where field.place == .body {
      if let bytes = changed[field.number] {
        writer.write(bytes)
      } else {
        field.write(Golden.empty.interval, &writer)
      }
    }
    writer.write(tail)
  }

  @Test(
    arguments: [
      ([3: [0]], "IntervalRecord.sequence: found 0, expected 1 or more"),
      (
        [3: [0x80, 0x00]],
        "IntervalRecord.sequence: found a number that is too long, expected LEB128 of 64 bits in its shortest form"
      ),
      ([6: [5], 7: [4]], "IntervalRecord.to: found 4ns, expected at least from, 5ns"),
      (
        [7: RefusalTests.varint(315_360_000_000_000_001)],
        "IntervalRecord.to: found 315360000000000001 ns, expected at most 315360000000000000"
      ),
      ([8: [0, 0, 1, 0xFF, 0]], "IntervalRecord.phase.name: found bytes that are no text, expected UTF-8"),
      ([8: [0, 0, 0, 2]], "IntervalRecord.phase.isWarmUp: found 2, expected 0 or 1"),
      ([9: [200, 1]], "IntervalRecord.loops: found a count of 200, expected at most 0 in the bytes left"),
      (
        [9: [1, 28] + [UInt8](repeating: 0, count: 28)],
        "IntervalRecord.loops[0].leniencies: found 0 bytes left, expected 1 more bytes"
      ),
      (
        [12: [3, 1, 1, 0]], "IntervalRecord.worker.lateness: found nothing in it, expected a field left out when empty"
      ),
      (
        [12: [11, 2, 6, 1, 5, 1, 5, 5, 5, 1, 1, 0]],
        "IntervalRecord.worker.tail: found tag 1 after 2, expected tags from 1 on, ascending"
      ),
      ([12: [2, 0, 0]], "IntervalRecord.worker.tail: found tag 0 after 0, expected tags from 1 on, ascending"),
      ([12: [2, 1, 9]], "IntervalRecord.worker.tail: found a count of 9, expected at most 0 in the bytes left"),
    ] as [([Int: [UInt8]], String)])
  func fieldsAreRefused(_ changed: [Int: [UInt8]], _ message: String) {
    #expect(refusal { fields(changed, into: &$0) } == message)
  }

  @Test(
    arguments: [
      ([0x81, 0x1A, 0, 1, 0, 0, 0], "found a count of 3329, expected at most"),
      ([1, 0x80, 0x1A, 1, 0, 0, 0], "found 3328 buckets skipped after 0, expected a bucket below 3328"),
      ([1, 5, 0, 0, 5, 5], "found a bucket's count of 0, expected 1 or more"),
      ([1, 5, 1, 5, 4, 5], "found least 4 and greatest 5, expected values in the lowest and highest bucket"),
      ([1, 5, 1, 5, 5, 6], "found least 5 and greatest 6, expected values in the lowest and highest bucket"),
      ([2, 5, 1, 0, 1, 5, 6, 5], "found least 6 and greatest 5, expected values in the lowest and highest bucket"),
      ([1, 5, 1, 5, 5, 0x85, 0x80, 0x80, 0x80, 0x10], "found least 5 and greatest 4294967301, expected values"),
      ([1, 5, 1, 5, 5, 5, 9], "found 1 bytes more, expected the field's end"),
      ([1, 5, 1, 5, 5], "found 0 bytes left, expected 1 more bytes"),
      (
        [1, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 5, 5, 5],
        "found counts that sum up to 2^58 or more, expected less in one message"
      ),
    ] as [([UInt8], String)])
  func histogramsAreRefused(_ histogram: [UInt8], _ message: String) {
    let block = [1, UInt8(histogram.count)] + histogram
    let text = refusal { fields([12: [UInt8(block.count)] + block], into: &$0) }
    #expect(text.hasPrefix("IntervalRecord.worker.lateness: " + message), "\(text)")
  }

  @Test func aFinalRecordOfAnUnknownReasonIsRefused() {
    let text = refusal { fields([:], tail: [14, 3, 2, 9, 77], into: &$0) }
    #expect(
      text == "IntervalRecord.final.reason: found EndReason 77, "
        + "expected one of 5 known numbers (written by a newer version?)")
  }

  @Test func moreThanAHundredTopUsersAreRefused() throws {
    var interval = Golden.empty.interval
    interval.names = [NameInterval(name: "a")]
    interval.names[0].topUsers = (0...100).map { UserCount(user: $0, failures: 1, cost: 0) }
    let back = try IntervalCodec.decode(IntervalCodec.encode(interval)[...])
    #expect(back.names[0].topUsers == interval.names[0].topUsers.dropLast())
    let field = try #require(IntervalTables.name.fields.first { $0.name == "topUsers" })
    var reader = FieldReader([101] + ArraySlice(repeating: 0, count: 303))
    let error = #expect(throws: WireError.self) { try field.read(&interval.names[0], &reader) }
    #expect(error?.found == "101 elements")
    #expect(error?.expected == "at most 100")
  }

  @Test func countsWhoseSumOverflowsAreRefused() {
    var interval = Golden.empty.interval
    interval.schedule.planned = .max
    interval.schedule.started = 2
    #expect(
      refusal(of: IntervalCodec.encode(interval)) == "IntervalRecord.schedule.planned: "
        + "found counts that sum up to 2^58 or more, expected less in one message")
    interval.schedule.planned = 1 << 58 - 3
    #expect(refusal(of: IntervalCodec.encode(interval)) == "decoded")
    interval.names = [NameInterval(name: "a")]
    interval.names[0].custom = [CustomCount(key: 1, value: -1)]
    #expect(
      refusal(of: IntervalCodec.encode(interval)).hasPrefix("IntervalRecord.names[0].custom[0].value: found counts"))
    interval.schedule.planned = 0
    interval.names[0].custom = [CustomCount(key: 1, value: .min)]
    #expect(
      refusal(of: IntervalCodec.encode(interval)).hasPrefix("IntervalRecord.names[0].custom[0].value: found counts"))
  }

  /// 13 bytes can make a histogram of 3,328 buckets, so their sum is bounded.
  @Test func histogramsOverTooManyBucketsAreRefused() {
    var interval = Golden.empty.interval
    interval.names = (0..<200).map { index in
      var name = NameInterval(name: "\(index)")
      name.histograms.response.record(.max)
      name.histograms.service.record(.max)
      name.histograms.failed.record(.max)
      name.histograms.censored.record(.max)
      name.histograms.censoredService.record(.max)
      name.histograms.connect.record(.max)
      name.histograms.firstByte.record(.max)
      return name
    }
    let text = refusal(of: IntervalCodec.encode(interval))
    #expect(
      text == "IntervalRecord.names[180].response: found histograms over more than 4194304 buckets, "
        + "expected fewer in one message")
    interval.names.removeLast(20)
    #expect(refusal(of: IntervalCodec.encode(interval)) == "decoded")
  }

  @Test func framesOfOtherKindsAreRefused() {
    #expect(
      refusal({ _ in }, type: 0x0102)
        == "frame: found message type 258, expected 257 (IntervalRecord; written by a newer version?)")
    #expect(
      refusal(of: Frame(type: IntervalCodec.type, request: 7, fields: []).encoded())
        == "frame: found request 7, expected 0 in a record")
    let whole = IntervalCodec.encode(Golden.empty.interval)
    #expect(refusal(of: whole + [0]) == "frame: found 1 bytes behind it, expected one frame alone")
    #expect(refusal(of: Array(whole.dropLast())) == "frame: found \(whole.count - 1) bytes, expected a whole frame")
    #expect(refusal(of: []) == "frame: found 0 bytes, expected a whole frame")
  }
}

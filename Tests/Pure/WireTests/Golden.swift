import Bytes
import Foundation
import Measuring
import Model
import Testing

@testable import Wire

/// The frames of `golden/*.hex`, and the intervals that they are.
struct Golden: Sendable, CustomTestStringConvertible {
  let name: String
  /// The comment at the file's head.
  let about: String
  let interval: Interval
  /// The bytes; nil = what encoding gives.
  var bytes: [UInt8]?

  var testDescription: String { name }

  var path: String { "\(SchemaFile.folder)/golden/\(name).hex" }

  /// The file's bytes.
  func read() throws -> [UInt8] { try Golden.read(path) }

  static func read(_ path: String) throws -> [UInt8] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined().utf8.map(Golden.digit)
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  private static func digit(_ byte: UInt8) -> UInt8 { byte < 0x3A ? byte - 0x30 : byte - 0x61 + 10 }

  func write() throws {
    try Golden.write(bytes ?? IntervalCodec.encode(interval), about, to: path)
  }

  static func write(_ bytes: [UInt8], _ about: String, to path: String) throws {
    var text = "# \(about)\n"
    for start in stride(from: 0, to: bytes.count, by: 32) {
      let line = bytes[start..<min(start + 32, bytes.count)]
      text += line.map { String(0x100 + Int($0), radix: 16).dropFirst() }.joined() + "\n"
    }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  static let all = [empty, rich, steps, causes, final, newer]

  static let empty = Golden(
    name: "empty-second", about: "A second in which nothing happened.", interval: interval(sequence: 1))

  static let rich = Golden(
    name: "rich-second", about: "A second with two loops, two names and every field of version 1 in use.",
    interval: richInterval)

  static let steps = Golden(
    name: "steps-second", about: "A second of a plan with steps: every field that version 2 brought is in use.",
    interval: stepsInterval)

  static let causes = Golden(
    name: "causes-second", about: "A second of failures with their reasons: what version 3 brought is in use.",
    interval: causesInterval)

  static let final = Golden(
    name: "final-record", about: "The last record of an incarnation that wrote 31; the run was stopped.",
    interval: finalInterval)

  /// Fields of a version to come: in the message's tail, in a loop's and in a name's.
  static let newer = Golden(
    name: "unknown-tail", about: "A record of a newer version: tags 200 in the message, 40 in a loop, 60 in a name.",
    interval: newerInterval, bytes: newerBytes)

  private static func interval(sequence: UInt64) -> Interval {
    let key = Interval.Key(
      run: Identifier(high: 0x0011_2233_4455_4677, low: 0x8899_AABB_CCDD_EEFF),
      incarnation: Identifier(high: 0xFEDC_BA98_7654_4210, low: 0x8123_4567_89AB_CDEF), sequence: sequence)
    let second = Int64(sequence - 1)
    return Interval(key: key, second: UInt32(second), from: .seconds(second), to: .seconds(second + 1))
  }

  private static var stepsInterval: Interval {
    var steps = interval(sequence: 4)
    var cart = NameInterval(name: "Cart")
    cart.counts.started = 120
    cart.counts.completed = 110
    cart.counts.accepted = 90
    cart.counts.redirected = 12
    cart.counts.retried = 5
    cart.errors = [ErrorCount(kind: .check, count: 3)]
    cart.checks = [
      CheckCount(name: "status 200", passed: 93, failed: 0),
      CheckCount(name: "$.items[0].id ≥ 1", passed: 90, failed: 3),
    ]
    steps.names = [cart]
    var buying = IterationInterval(name: "Buying")
    buying.started = 40
    buying.completed = 30
    buying.failed = 3
    buying.cut = 1
    for value in [1_500, 250_000, 250_001, 70_000_000] as [UInt32] { buying.duration.record(value, times: 7) }
    steps.iterations = [buying, IterationInterval(name: "Looking")]
    return steps
  }

  private static var causesInterval: Interval {
    var failing = interval(sequence: 5)
    var cart = NameInterval(name: "Cart")
    cart.counts.started = 9
    cart.counts.completed = 9
    cart.errors = [ErrorCount(kind: .tls, count: 3), ErrorCount(kind: .status, count: 6)]
    cart.causes = [
      CauseCount(kind: .tls, text: "https://a:443: certificate expired at '…'", count: 2),
      CauseCount(kind: .tls, text: "", count: 1), CauseCount(kind: .status, text: "status 503", count: 6),
    ]
    failing.names = [cart]
    return failing
  }

  private static var finalInterval: Interval {
    var last = interval(sequence: 31)
    last.to = .seconds(30) + .milliseconds(250)
    last.final = Interval.Final(records: 31, reason: .stopped, completed: 4_711)
    last.schedule.unsent = 12
    return last
  }

  private static var newerInterval: Interval {
    var newer = interval(sequence: 7)
    newer.loops = [loop(0)]
    newer.names = [NameInterval(name: "a")]
    newer.names[0].counts.started = 3
    return newer
  }

  private static var newerBytes: [UInt8] {
    let loop = block(IntervalTables.loop, newerInterval.loops[0], extra: [40, 2, 0xAA, 0xBB])
    let name = block(IntervalTables.name, newerInterval.names[0], extra: [60, 1, 0xCC])
    var fields = ByteWriter()
    for field in IntervalTables.interval.fields where field.place == .body {
      switch field.name {
      case "loops": fields.write([1] + loop)
      case "names": fields.write([1] + name)
      default: field.write(newerInterval, &fields)
      }
    }
    fields.write([200, 1, 3, 1, 2, 3])
    return Frame(type: IntervalCodec.type, fields: fields.bytes[...]).encoded()
  }

  private static func block<Root>(_ table: Table<Root>, _ value: Root, extra: [UInt8]) -> [UInt8] {
    var content = ByteWriter()
    table.writeFields(value, into: &content)
    content.write(extra)
    var block = ByteWriter()
    block.writeVarint(UInt64(content.bytes.count))
    block.write(content.bytes)
    return block.bytes
  }
}

import Bytes
import Measuring

/// The names of one second, packed: some 60 bytes for a name with ten replies, so that a long run of a thousand names
/// fits into memory; exact, so that further records of the second can be merged.
public struct NameSeconds: Sendable, Hashable {
  /// One name's share as it is kept.
  struct Part: Sendable {
    var row: Int
    var counts: RequestCounts
    var response: PercentileCurve
  }

  /// How many names there are.
  public private(set) var count = 0
  private var bytes: [UInt8] = []

  init() {}

  /// - Parameter parts: ascending by row, each row once.
  init(_ parts: [Part]) {
    var writer = ByteWriter()
    for part in parts {
      writer.writeVarint(UInt64(part.row))
      let counts = part.counts
      for number in [
        counts.started, counts.written, counts.answered, counts.completed, counts.accepted, counts.resent,
        counts.bytesOut, counts.bytesIn, counts.redirected, counts.retried,
      ] {
        writer.writeVarint(number)
      }
      part.response.pack(into: &writer)
    }
    count = parts.count
    // A writer's array has room to grow.
    bytes = Array(writer.bytes[...])
  }

  /// The names' figures, in the order of the summary's names. Computed at each call.
  public var all: [NameSecond] {
    parts.map { NameSecond(row: $0.row, counts: $0.counts, response: SecondFigures($0.response)) }
  }

  var parts: [Part] {
    var reader = ByteReader(bytes)
    var parts: [Part] = []
    parts.reserveCapacity(count)
    while parts.count < count, let part = Part(packed: &reader) { parts.append(part) }
    return parts
  }

  /// The same with every row moved to its place in the finished summary.
  func moved(to places: [Int]) -> NameSeconds {
    if places.indices.allSatisfy({ places[$0] == $0 }) { return self }
    var moved = parts
    for index in moved.indices { moved[index].row = places[moved[index].row] }
    return NameSeconds(moved.sorted { $0.row < $1.row })
  }

  /// With further parts put in: those of a row that is here are added to it.
  mutating func merge(_ others: [Part]) {
    var rows: [Int: Part] = [:]
    for part in parts + others {
      rows[part.row, default: Part(row: part.row, counts: RequestCounts(), response: PercentileCurve())].add(part)
    }
    self = NameSeconds(rows.values.sorted { $0.row < $1.row })
  }
}

extension NameSeconds.Part {
  fileprivate mutating func add(_ other: NameSeconds.Part) {
    counts.add(other.counts)
    response.merge(other.response)
  }

  fileprivate init?(packed reader: inout ByteReader) {
    var numbers: [UInt64] = []
    for _ in 0..<11 {
      guard let number = (try? reader.readVarint()) ?? nil else { return nil }
      numbers.append(number)
    }
    guard let response = PercentileCurve(packed: &reader) else { return nil }
    var counts = RequestCounts()
    counts.started = numbers[1]
    counts.written = numbers[2]
    counts.answered = numbers[3]
    counts.completed = numbers[4]
    counts.accepted = numbers[5]
    counts.resent = numbers[6]
    counts.bytesOut = numbers[7]
    counts.bytesIn = numbers[8]
    counts.redirected = numbers[9]
    counts.retried = numbers[10]
    self.init(row: Int(clamping: numbers[0]), counts: counts, response: response)
  }
}

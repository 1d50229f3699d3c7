import Digests
import Measuring
import Model
import Wire

/// A record as it came from a partition.
public struct StoredRecord: Sendable {
  public let offset: Int64
  public let key: [UInt8]?
  /// The frame's bytes; nil where the log holds a record without a value.
  public let value: [UInt8]?

  public init(offset: Int64, key: [UInt8]?, value: [UInt8]?) {
    self.offset = offset
    self.key = key
    self.value = value
  }
}

/// A record once its bytes were looked at.
struct ReadRecord {
  let source: StoredRecord
  let content: Content

  enum Content {
    case record(Record, digest: [UInt8])
    /// No record, with the reason.
    case rubbish(String)
  }

  init(_ record: StoredRecord) {
    source = record
    guard let value = record.value else {
      content = .rubbish("found a record without a value, expected a frame")
      return
    }
    do throws(WireError) {
      content = .record(try Record.decode(value[...]), digest: SHA256.digest(value))
    } catch {
      content = .rubbish(error.description)
    }
  }

  /// (run, incarnation, sequence); nil for rubbish.
  var key: Interval.Key? {
    if case .record(let record, _) = content { record.key } else { nil }
  }

  var interval: Interval? {
    if case .record(.interval(let interval), _) = content { interval } else { nil }
  }

  /// What it says of its run, where it is that kind of record.
  var description: RunRecord? {
    if case .record(.run(let run), _) = content { run } else { nil }
  }

  var digest: [UInt8] {
    if case .record(_, let digest) = content { digest } else { [] }
  }
}

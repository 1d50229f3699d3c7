import Measuring
import Model

/// The name of a record's file in a spool, `RUN-INCARNATION-SEQUENCE`: the record's key.
enum SpoolName {
  static func text(of key: Interval.Key) -> String { "\(key.run)-\(key.incarnation)-\(key.sequence)" }

  /// The key that the name spells; nil for names that are no record's.
  static func key(_ name: String) -> Interval.Key? {
    // Two UUIDs of 36 characters, each with a dash behind it.
    let bytes = Array(name.utf8)
    guard bytes.count > 74, bytes[36] == UInt8(ascii: "-"), bytes[73] == UInt8(ascii: "-"),
      let run = Identifier(text: String(decoding: bytes[..<36], as: UTF8.self)),
      let incarnation = Identifier(text: String(decoding: bytes[37..<73], as: UTF8.self)),
      let sequence = UInt64(String(decoding: bytes[74...], as: UTF8.self))
    else { return nil }
    let key = Interval.Key(run: run, incarnation: incarnation, sequence: sequence)
    // Each key has one name: no leading zeros, no capitals.
    return text(of: key) == name ? key : nil
  }
}

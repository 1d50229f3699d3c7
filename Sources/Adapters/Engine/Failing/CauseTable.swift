import Measuring
import Model

/// How often requests failed for which reason, since the second began: of one loop, empty until something fails.
struct CauseTable {
  /// One reason of one name's failures.
  struct Row {
    let name: Int
    let kind: ErrorKind
    let text: String
    var measured: UInt64 = 0
    var warmUp: UInt64 = 0
  }

  /// Rows with a text of their own; reasons beyond go into the name's and kind's row without one.
  static let most = 1_000

  private var places: [UInt64: Int] = [:]
  private(set) var rows: [Row] = []
  private var isTouched = false

  /// What stands for a reason; `detail` tells those of one name and kind apart.
  static func key(_ name: Int, _ kind: ErrorKind, _ detail: UInt64) -> UInt64 {
    UInt64(truncatingIfNeeded: name) << 48 | UInt64(kind.rawValue) << 40 | detail & 0xFF_FFFF_FFFF
  }

  /// What tells a text apart from others (FNV-1a, 40 bits of it).
  static func detail(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash >> 24
  }

  func place(of key: UInt64) -> Int? { places[key] }

  /// Gives a reason that was not met before its row: one without a text where there are too many.
  mutating func add(_ key: UInt64, _ name: Int, _ kind: ErrorKind, _ text: String) -> Int {
    var text = rows.count < CauseTable.most ? text : ""
    var own = key
    if text.isEmpty {
      own = CauseTable.key(name, kind, 0xFF_FFFF_FFFF)
      text = ""
    }
    let place = places[own] ?? rows.count
    if place == rows.count { rows.append(Row(name: name, kind: kind, text: text)) }
    places[own] = place
    // Keys are remembered only as long as they are few: texts that never end must not fill the memory.
    if own != key, places.count < 4 * CauseTable.most { places[key] = place }
    return place
  }

  mutating func count(_ place: Int, isWarmUp: Bool) {
    isTouched = true
    if isWarmUp { rows[place].warmUp += 1 } else { rows[place].measured += 1 }
  }

  /// What was counted since the last time; nothing is allocated where that is nothing.
  mutating func take() -> [Row] {
    if !isTouched { return [] }
    isTouched = false
    let counted = rows.filter { $0.measured + $0.warmUp > 0 }
    for place in rows.indices {
      rows[place].measured = 0
      rows[place].warmUp = 0
    }
    return counted
  }
}

import Measuring
import Model

/// What a loop knows of the failure that is under way until it is counted, and how much it may still keep.
struct FailureNotes {
  /// Whether exchanges are kept at all.
  let keeps: Bool
  /// Why the next failure of a kind comes, in words.
  var kind = ErrorKind.timeout
  var cause = ""
  /// Of a check the row, of a capture its number.
  var place = -1
  static let tooLong = -2
  /// Whether a capture found a value, but one that is too long.
  var isTooLong = false
  /// Whose exchange fails; −1 where none was begun.
  var slot = -1
  /// The reply as it was judged, and why it is refused.
  var reply: FailedExchange.Piece?
  var verdict: FailedExchange.Verdict?
  var causes = CauseTable()
  /// Until when replies that come in pieces are kept, for one was missed when it failed.
  var watchesUntil: Int64 = .min
  /// By name and kind: those of which no more are kept.
  private var full: Set<Int> = []

  init(keeps: Bool) {
    self.keeps = keeps
  }

  /// What stands for a name and a kind.
  static func place(_ name: Int, _ kind: ErrorKind) -> Int { name << 8 | Int(kind.rawValue) }

  func hasRoom(_ name: Int, _ kind: ErrorKind) -> Bool {
    keeps && !full.contains(FailureNotes.place(name, kind))
  }

  mutating func close(_ name: Int, _ kind: ErrorKind) { full.insert(FailureNotes.place(name, kind)) }

  /// The cause noted for this kind, if it was for this.
  mutating func takeCause(_ kind: ErrorKind) -> String {
    defer { cause = "" }
    return self.kind == kind ? cause : ""
  }

  mutating func forget() {
    slot = -1
    place = -1
    isTooLong = false
    if reply != nil { reply = nil }
    if verdict != nil { verdict = nil }
  }
}

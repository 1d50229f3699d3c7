import Measuring
import Model

/// Failures by reason, over the run so far: so many different reasons of a name, the rest folded by kind.
package struct CauseTally: Sendable {
  private struct Key: Hashable {
    var kind: ErrorKind
    var text: String
  }

  /// Workers fold their own texts; this bounds what many of them, or hostile records, bring together.
  package static let most = 200

  private var counts: [Key: UInt64] = [:]
  private var texts = 0

  package init() {}

  package mutating func add(_ cause: CauseCount) {
    if cause.count == 0 { return }
    var key = Key(kind: cause.kind, text: cause.text)
    if counts[key] == nil, !key.text.isEmpty {
      if texts >= CauseTally.most { key.text = "" } else { texts += 1 }
    }
    counts[key] = (counts[key] ?? 0).addingClamped(cause.count)
  }

  /// By kind; within it the commonest first, what was folded last.
  package var sorted: [CauseCount] {
    counts.map { CauseCount(kind: $0.key.kind, text: $0.key.text, count: $0.value) }.sorted { a, b in
      if a.kind != b.kind { return a.kind.rawValue < b.kind.rawValue }
      if a.text.isEmpty != b.text.isEmpty { return b.text.isEmpty }
      return a.count != b.count ? a.count > b.count : a.text < b.text
    }
  }
}

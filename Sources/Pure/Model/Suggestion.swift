/// Finds the word somebody probably meant: for unknown fields, flags and commands.
public enum Suggestion {
  /// The candidate nearest to `word`, or nil when none is near enough to be worth naming.
  ///
  /// Letters' case and the difference of `-` and `_` count for nothing; a third of the letters (at least one, at most
  /// three) may be wrong. Of equally near ones the first is taken. O(length²) per candidate.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let wanted = folded(word)
    if wanted.isEmpty || wanted.count > 64 { return nil }
    var best: (word: String, distance: Int)?
    for candidate in candidates {
      let given = folded(candidate)
      let allowed = min(3, max(1, max(wanted.count, given.count) / 3))
      let distance = distance(wanted, given)
      if distance > allowed || distance >= given.count { continue }
      if distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// ` (did you mean 'x'?)`, or nothing: to be put behind a message.
  public static func clause(for word: String, among candidates: some Sequence<String>) -> String {
    nearest(to: word, among: candidates).map { " (did you mean '\($0)'?)" } ?? ""
  }

  /// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, each counting one.
  static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, before[j - 2] + 1) }
        row.append(cost)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }

  private static func folded(_ word: String) -> [UInt8] {
    word.utf8.map { byte in
      switch byte {
      case 0x41...0x5A: byte | 0x20
      case UInt8(ascii: "-"): UInt8(ascii: "_")
      case let other: other
      }
    }
  }
}

public import Model

/// Virtual users over time: which of them are there at an instant, and when each comes or goes.
///
/// User k, counted from 0, is there while the shape's level is k + ½ or more, so that their number is the level rounded
/// to the nearest. Each user's comings and goings are its own, so however users are dealt out, those of all parts are
/// the level's at every instant. The highest numbers go first and come last.
public struct Population: Sendable, Hashable {
  private let shape: Shape

  public init(_ shape: Shape) {
    self.shape = shape
  }

  /// How many users are there at a time after the start; none beyond the shape's end.
  public func count(at time: TimeSpan) -> Int { Int(min(max(0, shape.level(at: time) + 0.5), 1e15)) }

  /// Whether a user is there at a time after the start.
  public func has(_ user: Int, at time: TimeSpan) -> Bool { shape.level(at: time) >= Double(user) + 0.5 }

  /// The first nanosecond after a time at which a user that is there has gone, or one that is not has come; nil where
  /// that never happens. O(parts), and of a wave the one turn in which it happens.
  public func nextChange(of user: Int, after time: TimeSpan) -> TimeSpan? {
    let level = Double(user) + 0.5
    let isThere = has(user, at: time)
    var begin = TimeSpan.zero
    for part in shape.parts {
      let end = part.duration.map { begin + $0 } ?? .longest
      if end > time {
        let search = Search(part: part, level: level, isThere: isThere)
        if begin > time, search.hasChanged(at: 0) { return begin }
        let after = max(time, begin) - begin
        if let change = search.first(after: after.nanoseconds, before: (end - begin).nanoseconds) {
          return begin + TimeSpan(nanoseconds: change)
        }
      }
      begin = end
    }
    // Behind the end nobody is there.
    return isThere && begin > time && shape.duration != nil ? begin : nil
  }

  /// Looks in one part for the first instant, in nanoseconds from the part's beginning, at which presence is another.
  private struct Search {
    let part: Shape.Part
    let level: Double
    let isThere: Bool

    func hasChanged(at time: Int64) -> Bool {
      (part.level(at: TimeSpan(nanoseconds: time)) >= level) != isThere
    }

    func first(after: Int64, before end: Int64) -> Int64? {
      switch part.curve {
      case .constant: return nil
      case .line: return monotone(after, end)
      case .sine(let mean, let amplitude, let period):
        if abs(level - mean.perSecond) > amplitude.perSecond { return nil }
        // From one turning point to the next the level only rises or only falls.
        let quarter = Double(period.nanoseconds) / 4
        var from = after
        var turn = (Double(after) / quarter - 1) / 2
        for _ in 0..<4 where from < end {
          turn = (turn + 1e-9).rounded(.down) + 1
          let next = (turn * 2 + 1) * quarter
          let until = max(from, next < Double(end) ? Int64(next) : end)
          if let change = monotone(from, until) { return change }
          if until < end, until > after, hasChanged(at: until) { return until }
          from = until
        }
        return nil
      }
    }

    /// Where the level only rises or only falls: the first instant between the two.
    private func monotone(_ from: Int64, _ until: Int64) -> Int64? {
      var low = from
      var high = until - 1
      if high <= low || !hasChanged(at: high) { return nil }
      while high - low > 1 {
        let middle = low + (high - low) / 2
        if hasChanged(at: middle) { high = middle } else { low = middle }
      }
      return high
    }
  }
}

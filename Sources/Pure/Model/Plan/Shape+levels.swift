// Looking at a shape over time, without running anything.
extension Shape.Part {
  /// The level at a time after the part's beginning; zero before that and from its end on.
  public func level(at time: TimeSpan) -> Double {
    if time < .zero || duration.map({ time >= $0 }) ?? false { return 0 }
    switch curve {
    case .constant(let level): return level.perSecond
    case .line(let from, let to):
      let share = time.inSeconds / max(duration?.inSeconds ?? 0, 1e-9)
      return from.perSecond + (to.perSecond - from.perSecond) * share
    case .sine(let mean, let amplitude, let period):
      let turns = Double(time.nanoseconds % max(period.nanoseconds, 1)) / Double(max(period.nanoseconds, 1))
      return mean.perSecond + amplitude.perSecond * Turn.sineAndCosine(of: turns * 6.283_185_307_179_586).sine
    }
  }
}

extension Shape {
  /// The index of the part at a time after the start; beyond the end that of the last.
  public func part(at time: TimeSpan) -> Int { place(of: time).part }

  private func place(of time: TimeSpan) -> (part: Int, time: TimeSpan) {
    var left = time
    for (index, part) in parts.enumerated() {
      guard let duration = part.duration, index < parts.count - 1, left >= duration else { return (index, left) }
      left = left - duration
    }
    return (0, time)
  }

  /// Arrivals a second, or users, at a time after the start; zero beyond the end. For display, never for scheduling.
  public func level(at time: TimeSpan) -> Double {
    let (index, time) = place(of: time)
    return parts[index].level(at: time)
  }

  /// The level at zero, one step later, two …, up to the end: that of the shape, or an earlier one.
  ///
  /// - Precondition: the step is more than zero.
  public func levels(every step: TimeSpan, until end: TimeSpan? = nil) -> Levels {
    precondition(step > .zero)
    let own = duration ?? .longest
    return Levels(shape: self, step: step, end: min(end ?? own, own))
  }

  /// Levels of a shape in equal steps of time.
  public struct Levels: Sequence, IteratorProtocol, Sendable {
    let shape: Shape
    let step: TimeSpan
    let end: TimeSpan
    var time = TimeSpan.zero

    /// The next time and the level then; nil from the end on.
    public mutating func next() -> (time: TimeSpan, level: Double)? {
      if time >= end { return nil }
      defer { time = time + step }
      return (time, shape.level(at: time))
    }
  }
}

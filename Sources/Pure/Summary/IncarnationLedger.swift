import Measuring
import Model

/// Which records of one worker's life are at hand, and what they add up to.
struct IncarnationLedger: Sendable {
  /// Sequences seen, as ranges that neither touch nor overlap, ascending.
  private var seen: [ClosedRange<UInt64>] = []
  private(set) var final: Interval.Final?
  private(set) var started: UInt64 = 0
  private(set) var completed: UInt64 = 0
  /// Of users' passes through their scenarios.
  private var iterationsStarted: UInt64 = 0
  private var iterationsEnded: UInt64 = 0
  /// The last outcome's instant, where its loops state it, and the end of the last record with any outcome.
  private var statedEnd = TimeSpan.zero
  private var recordEnd = TimeSpan.zero

  /// False where this record was counted before.
  mutating func add(_ interval: Interval) -> Bool {
    guard insert(interval.key.sequence) else { return false }
    if let last = interval.final { final = last }
    for name in interval.names {
      started = started.addingClamped(name.counts.started)
      completed = completed.addingClamped(name.counts.completed)
      if name.counts.completed > 0 { recordEnd = max(recordEnd, interval.to) }
    }
    for iteration in interval.iterations {
      iterationsStarted = iterationsStarted.addingClamped(iteration.started)
      let ended = iteration.completed.addingClamped(iteration.failed).addingClamped(iteration.cut)
      iterationsEnded = iterationsEnded.addingClamped(ended)
    }
    for loop in interval.loops { statedEnd = max(statedEnd, loop.lastEnd) }
    return true
  }

  /// When its last outcome came, since the run's start; the end of that record where its loops never say.
  var lastEnd: TimeSpan { statedEnd > .zero ? statedEnd : recordEnd }

  /// Records that must exist (up to the last one seen, or to the number the final one says) and are not at hand.
  var missing: UInt64 {
    let last = max(seen.last?.upperBound ?? 0, final?.records ?? 0)
    return seen.reduce(last) { left, range in left - min(left, range.upperBound - range.lowerBound + 1) }
  }

  /// Whether every record from 1 to the final one is here, and none beyond it.
  var isDense: Bool {
    guard let final, let only = seen.first, seen.count == 1 else { return false }
    return only == 1...max(1, final.records) && final.records > 0
  }

  /// Started, and no record will ever tell the outcome.
  var unknown: UInt64 { final == nil && started > completed ? started - completed : 0 }

  /// Iterations of which no record will ever tell the end.
  var unknownIterations: UInt64 {
    final == nil && iterationsStarted > iterationsEnded ? iterationsStarted - iterationsEnded : 0
  }

  /// Keeps the ranges; the common case is one more at the end of the last.
  private mutating func insert(_ sequence: UInt64) -> Bool {
    if sequence == 0 { return false }
    var place = seen.count
    while place > 0, seen[place - 1].lowerBound > sequence { place -= 1 }
    if place > 0, seen[place - 1].contains(sequence) { return false }
    let joinsLeft = place > 0 && seen[place - 1].upperBound == sequence - 1
    let joinsRight = place < seen.count && sequence < .max && seen[place].lowerBound == sequence + 1
    switch (joinsLeft, joinsRight) {
    case (true, true):
      seen[place - 1] = seen[place - 1].lowerBound...seen[place].upperBound
      seen.remove(at: place)
    case (true, false): seen[place - 1] = seen[place - 1].lowerBound...sequence
    case (false, true): seen[place] = sequence...seen[place].upperBound
    case (false, false): seen.insert(sequence...sequence, at: place)
    }
    return true
  }
}

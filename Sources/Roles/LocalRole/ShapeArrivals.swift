import Model
import Pacing
import Reports

/// What `plan shape` says of a plan's arrivals: how many there are in all and in each part.
struct ShapeArrivals {
  /// Where they are evenly spaced; of Poisson arrivals their mean.
  private let even: Schedule
  /// Poisson arrivals are those that a run with this seed has.
  private let drawn: Schedule?
  private let seed: UInt64

  /// Poisson arrivals are counted one by one up to so many, in about a second; beyond it only their mean is said.
  private static let mostCounted: UInt64 = 100_000_000

  init(_ shape: Shape, _ load: Load, seed: UInt64) throws(ValueError) {
    even = try Schedule(shape: shape, duration: load.duration, requests: load.requests)
    let isCounted = load.spacing == .poisson && even.planned <= ShapeArrivals.mostCounted
    drawn =
      isCounted
      ? try Schedule(
        shape: shape, spacing: .poisson, seed: seed, duration: load.duration, requests: load.requests) : nil
    isPoisson = load.spacing == .poisson
    self.seed = seed
  }

  let isPoisson: Bool
  /// Of Poisson arrivals that a number bounds: on average.
  var end: TimeSpan { even.end }
  /// In the whole run; nil where only their mean is known.
  var planned: UInt64? { isPoisson ? drawn?.planned : even.planned }

  var text: String {
    guard isPoisson else { return "\(even.planned) arrivals in \(end), evenly spaced; open model" }
    guard let planned else { return "\(even.planned) arrivals in \(end) on average, Poisson; open model" }
    let bound = drawn?.bound == planned ? "about " : ""
    return "\(planned) arrivals in \(bound)\(end), Poisson with seed \(seed) (\(even.planned) on average); open model"
  }

  /// How many a part has, from one time up to another; asked for one part after the other.
  func counter() -> (TimeSpan, TimeSpan) -> UInt64 {
    let schedule = drawn ?? even
    var tally = ArrivalTally(SlotRange(share: 0, of: 1), in: schedule)
    return { from, to in
      let before = tally.arrivals(before: from, in: schedule)
      return tally.arrivals(before: to, in: schedule) - before
    }
  }
}

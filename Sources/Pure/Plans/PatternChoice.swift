public import Model

/// A shape by its name and a few numbers, around the rate or users that the load begins with.
public struct PatternChoice: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The same all the time.
    case constant
    /// Straight to `rampTo`.
    case ramp
    /// Up (or down to `rampTo`) by `stepSize` every `stepDuration`.
    case step
    /// At once to `peak` for `stepDuration`, then the level it began with.
    case spike
    /// Up to `peak` and down again once a `period`, as days and nights go.
    case diurnal
  }

  public var kind: Kind?
  public var rampTo: String?
  public var stepSize: String?
  public var stepDuration: TimeSpan?
  public var peak: String?
  public var period: TimeSpan?

  /// Where its words stand in a plan, and under the empty word all of it; empty where flags say it.
  var spots: [String: PlanSpot] = [:]

  public init() {}

  public var isEmpty: Bool {
    var words = self
    words.spots = [:]
    return words == PatternChoice()
  }

  /// The words of a plan's `shape:`; those of flags have dashes.
  static let fields = ["pattern", "ramp_to", "step_size", "step_duration", "peak", "period"]

  /// The kind where only its numbers were given.
  private var meant: Kind {
    if let kind { return kind }
    if stepSize != nil { return .step }
    if rampTo != nil { return .ramp }
    return period != nil ? .diurnal : .spike
  }

  /// The shape of a run that long.
  ///
  /// - Parameter start: the rate or users given beside it.
  /// - Throws: `LoadChoice.Conflict` where a number is missing, is none, or says nothing to this pattern.
  func shape(
    from start: Shape, of measure: Shape.Measure, duration: TimeSpan?
  ) throws(LoadChoice.Conflict) -> Shape {
    let kind = meant
    try refuseForeign(kind)
    guard let level = start.constant else {
      throw conflict("pattern", "pattern \(kind.rawValue): a rate or users of several parts have a shape already")
    }
    if kind == .constant { return start }
    guard let duration else {
      throw conflict("pattern", "pattern \(kind.rawValue): found no duration, expected one such as 5m")
    }
    let parts: [Shape.Part]
    switch kind {
    case .constant: return start
    case .ramp:
      let to = try self.level(rampTo, "ramp-to", kind, measure)
      parts = [Shape.Part(name: "ramp", .line(from: level, to: to), for: duration)]
    case .step: parts = try steps(from: level, measure, duration)
    case .spike:
      let top = try self.level(peak, "peak", kind, measure)
      let burst = min(stepDuration ?? TimeSpan(nanoseconds: max(1, duration.nanoseconds / 10)), duration)
      let rest = duration - burst
      parts =
        [Shape.Part(name: "spike", .constant(top), for: burst)]
        + (rest > .zero ? [Shape.Part(name: "sustain", .constant(level), for: rest)] : [])
    case .diurnal:
      let top = try self.level(peak, "peak", kind, measure)
      parts = [Shape.Part(name: "diurnal", try wave(level, top), for: duration)]
    }
    do throws(ValueError) { return try Shape(checking: parts, measure) } catch {
      throw conflict("pattern", "pattern \(kind.rawValue): \(error)")
    }
  }

  /// A word as it is written where the pattern was given: flags have dashes.
  private func written(_ word: String) -> String {
    spots.isEmpty ? word : String(word.map { $0 == "-" ? "_" : $0 })
  }

  /// What is wrong, at the word where that stands in a plan, else at the pattern's.
  private func conflict(_ word: String, _ message: String) -> LoadChoice.Conflict {
    LoadChoice.Conflict(description: message, at: spots[written(word)] ?? spots["pattern"] ?? spots[""])
  }

  /// What was given and would change nothing.
  private func refuseForeign(_ kind: Kind) throws(LoadChoice.Conflict) {
    let given: [(word: String, isGiven: Bool, kinds: [Kind])] = [
      ("ramp-to", rampTo != nil, [.ramp, .step]), ("step-size", stepSize != nil, [.step]),
      ("step-duration", stepDuration != nil, [.step, .spike]), ("peak", peak != nil, [.spike, .diurnal]),
      ("period", period != nil, [.diurnal]),
    ]
    for each in given where each.isGiven && !each.kinds.contains(kind) {
      let names = each.kinds.map(\.rawValue).joined(separator: " or ")
      throw conflict(
        each.word,
        "pattern \(kind.rawValue): found \(written(each.word)), which says something to pattern \(names)")
    }
  }

  private func steps(
    from start: Shape.Level, _ measure: Shape.Measure, _ duration: TimeSpan
  ) throws(LoadChoice.Conflict) -> [Shape.Part] {
    let size = try level(stepSize, "step-size", .step, measure)
    if size.count == 0 {
      throw conflict("step-size", "pattern step: found a \(written("step-size")) of 0, expected one above zero")
    }
    guard let length = stepDuration else {
      throw conflict("pattern", "pattern step: found no \(written("step-duration")), expected one such as 30s")
    }
    let count = (duration.nanoseconds + length.nanoseconds - 1) / length.nanoseconds
    if count > Shape.mostParts {
      throw conflict("step-duration", "pattern step: found \(count) steps, expected at most \(Shape.mostParts)")
    }
    let last = rampTo == nil ? nil : try level(rampTo, "ramp-to", .step, measure)
    let falls = last.map { $0.perSecond < start.perSecond } ?? false
    var parts: [Shape.Part] = []
    for index in 0..<count {
      guard var level = start.adding(falls ? -index : index, times: size) else {
        throw conflict("pattern", "pattern step: the levels are beyond what can be computed")
      }
      if let last, falls ? level.perSecond < last.perSecond : level.perSecond > last.perSecond { level = last }
      let left = duration.nanoseconds - index * length.nanoseconds
      let time = TimeSpan(nanoseconds: min(length.nanoseconds, left))
      parts.append(Shape.Part(name: "step \(index + 1)", .constant(level), for: time))
    }
    return parts
  }

  /// From the middle of both levels up first: a day that begins in the morning.
  private func wave(_ low: Shape.Level, _ top: Shape.Level) throws(LoadChoice.Conflict) -> Shape.Curve {
    guard top.perSecond >= low.perSecond, let sum = low.adding(1, times: top), let gap = top.adding(-1, times: low)
    else {
      throw conflict("peak", "pattern diurnal: found a peak below the rate or users, expected one above")
    }
    guard let period else {
      throw conflict("pattern", "pattern diurnal: found no period, expected one such as 24h")
    }
    guard let mean = sum.halved, let amplitude = gap.halved else {
      throw conflict("pattern", "pattern diurnal: the levels are beyond what can be computed")
    }
    return .sine(mean: mean, amplitude: amplitude, period: period)
  }

  private func level(
    _ text: String?, _ word: String, _ kind: Kind, _ measure: Shape.Measure
  ) throws(LoadChoice.Conflict) -> Shape.Level {
    guard let text else {
      let example = measure == .users ? "100" : "500/s"
      throw conflict(
        "pattern", "pattern \(kind.rawValue): found no \(written(word)), expected a level such as \(example)")
    }
    do throws(ValueError) { return try Shape.Level(text: text, of: measure) } catch {
      throw conflict(word, spots.isEmpty ? "\(word): \(error)" : "\(error)")
    }
  }
}

extension Shape.Level {
  /// This and so many times the other, not below zero; nil where no number holds it.
  fileprivate func adding(_ times: Int64, times other: Shape.Level) -> Shape.Level? {
    if other.count == 0 || times == 0 { return self }
    if count == 0 {
      let (product, overflow) = other.count.multipliedReportingOverflow(by: times)
      return overflow ? nil : Shape.Level(count: product, per: other.per)
    }
    let (mine, first) = count.multipliedReportingOverflow(by: other.per.nanoseconds)
    let (theirs, second) = other.count.multipliedReportingOverflow(by: per.nanoseconds)
    if per == other.per {
      let (product, over) = other.count.multipliedReportingOverflow(by: times)
      let (sum, beyond) = count.addingReportingOverflow(product)
      return over || beyond ? nil : Shape.Level(count: sum, per: per)
    }
    let (scaled, third) = theirs.multipliedReportingOverflow(by: times)
    let (sum, fourth) = mine.addingReportingOverflow(scaled)
    let (time, fifth) = per.nanoseconds.multipliedReportingOverflow(by: other.per.nanoseconds)
    return first || second || third || fourth || fifth
      ? nil : Shape.Level(count: sum, per: TimeSpan(nanoseconds: time))
  }

  /// Nil where no number holds it.
  fileprivate var halved: Shape.Level? {
    if count % 2 == 0 { return Shape.Level(count: count / 2, per: per) }
    let (five, first) = count.multipliedReportingOverflow(by: 5)
    let (ten, second) = per.nanoseconds.multipliedReportingOverflow(by: 10)
    return first || second ? nil : Shape.Level(count: five, per: TimeSpan(nanoseconds: ten))
  }
}

// A shape as text that reads back as the same shape.
extension Shape {
  /// `500/s` or `50` where it is the same all the time, else its parts: `0..500/30s,500/5m,500..0/10s`.
  public func text(of measure: Measure) -> String {
    if let constant, parts[0].name.isEmpty {
      if measure == .users { return constant.text }
      if let rate = constantRate { return rate.description }
    }
    let texts = parts.map(\.text)
    // Alone and without a name, a level with a time would be read as a rate.
    if measure == .arrivals, parts.count == 1, parts[0].name.isEmpty, case .constant(let level) = parts[0].curve,
      level.unit == "/s"
    {
      return texts[0] + ","
    }
    return texts.joined(separator: ",")
  }
}

extension Shape.Part {
  /// `ramp=0..500/30s`.
  public var text: String {
    let body: String
    let unit: String
    switch curve {
    case .constant(let level):
      (body, unit) = (level.number, level.unit)
    case .line(let from, let to):
      let isSame = from.unit == to.unit || from.count == 0
      body = "\(isSame ? from.number : from.number + from.unit)..\(to.number)"
      unit = to.count == 0 && isSame ? from.unit : to.unit
    case .sine(let mean, let amplitude, let period):
      let isSame = mean.unit == amplitude.unit || amplitude.count == 0
      body =
        "\(isSame ? mean.number : mean.number + mean.unit)~\(isSame ? amplitude.number : amplitude.number + amplitude.unit)@\(period)"
      unit = isSame ? mean.unit : "/s"
    }
    let isPlain = unit == "/s"
    let end = duration.map { "/\($0)" } ?? (isPlain ? "" : "/end")
    return (name.isEmpty ? "" : name + "=") + body + (isPlain ? "" : unit) + end
  }
}

extension Shape.Level: CustomStringConvertible {
  /// `500`, `0.5`, `30000/m`, `7/2s`.
  public var text: String { unit == "/s" ? number : number + unit }

  public var description: String { text }

  /// Tenths, hundredths … of a second's count.
  private var places: Int? {
    var per: Int64 = 1_000_000_000
    for places in 0...6 {
      if per == self.per.nanoseconds { return places }
      per *= 10
    }
    return nil
  }

  /// The count with as many places as the time has noughts.
  fileprivate var number: String {
    guard let places, places > 0 else { return "\(count)" }
    let digits = "\(count)"
    let filled = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return "\(filled.dropLast(places)).\(filled.suffix(places))"
  }

  fileprivate var unit: String {
    if places != nil { return "/s" }
    return per.nanoseconds == 60_000_000_000 ? "/m" : "/\(per)"
  }
}

extension Shape: CustomStringConvertible {
  /// `500/s`; of several parts their text.
  public var description: String { text(of: .arrivals) }
}

/// Figures by name, in the order they were first set: what one `/metrics` reply shows.
///
/// A value: whoever serves it keeps it behind a lock, or builds a new one per reply.
public struct Registry: Sendable, Hashable {
  public private(set) var figures: [Figure] = []
  private var places: [String: Int] = [:]

  public init(_ figures: [Figure] = []) {
    for figure in figures { set(figure) }
  }

  /// Puts a figure in, in place of one of the same name.
  public mutating func set(_ figure: Figure) {
    if let place = places[figure.name] {
      figures[place] = figure
    } else {
      places[figure.name] = figures.count
      figures.append(figure)
    }
  }

  /// Adds to a counter's sample of those labels, which begins at 0; declares the family if it is new. Never wraps.
  public mutating func count(_ name: String, help: String, _ labels: [Label] = [], by amount: UInt64 = 1) {
    if places[name] == nil { set(Figure(name, .counter, help: help)) }
    guard let place = places[name] else { return }
    guard let index = figures[place].samples.firstIndex(where: { $0.labels == labels }) else {
      figures[place].samples.append(Sample(.count(amount), labels))
      return
    }
    switch figures[place].samples[index].value {
    case .count(let before):
      let (sum, overflow) = before.addingReportingOverflow(amount)
      figures[place].samples[index] = Sample(.count(overflow ? .max : sum), labels)
    case .number, .distribution: return
    }
  }
}

// What is typed for a value or beside a flag that this version lacks.
extension Habits {
  private static let shapes = [
    "steps": "step", "stairs": "step", "burst": "spike", "sine": "diurnal", "wave": "diurnal", "linear": "ramp",
  ]

  /// The answer to a value that is right elsewhere; nil where it is only wrong.
  static func answer(toValue text: String, of option: Option, at place: String) -> OptionError? {
    guard option == .shape, let name = shapes[text.lowercased()] else { return nil }
    return OptionError("\(place) \(text): it is called \(name) here; type --pattern \(name)")
  }
}

// What is typed for a value or beside a flag that this version lacks.
extension Habits {
  private static let shapes = ["ramp", "step", "steps", "spike", "burst", "sine", "wave", "stages", "linear"]

  /// The answer to a value that is right elsewhere; nil where it is only wrong.
  static func answer(toValue text: String, of option: Option, at place: String) -> OptionError? {
    guard option == .shape, shapes.contains(text.lowercased()) else { return nil }
    return OptionError(
      "\(place) \(text): not in this version, which knows constant; leave it away and type --rate 500/s or --users N")
  }
}

/// Colours for a terminal, or none.
struct Paint {
  /// The few that reports use, as parameters of the SGR control function (ECMA-48, 8.3.117).
  enum Colour: String {
    case bold = "1"
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  let isOn: Bool

  func callAsFunction(_ colour: Colour, _ text: String) -> String {
    isOn ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }
}

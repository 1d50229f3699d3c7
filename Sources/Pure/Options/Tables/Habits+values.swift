// What is typed for a value or beside a flag that this version lacks.
extension Habits {
  private static let shapes = ["ramp", "step", "steps", "spike", "burst", "sine", "wave", "stages", "linear"]

  /// The answer to a value that is right elsewhere; nil where it is only wrong.
  static func answer(toValue text: String, of option: Option, at place: String) -> OptionError? {
    guard option == .shape, shapes.contains(text.lowercased()) else { return nil }
    return OptionError(
      "\(place) \(text): not in this version, which knows constant; leave it away and type --rate 500/s or --users N")
  }

  /// Signing in: the header that would have borne the token, named as it was given (never its value).
  static func login(_ words: [String]) -> OptionError? {
    func value(_ flag: String) -> String? {
      if let inline = words.first(where: { $0.hasPrefix(flag + "=") }) {
        return String(inline.dropFirst(flag.count + 1))
      }
      guard let index = words.firstIndex(of: flag), index + 1 < words.endIndex else { return nil }
      return words[index + 1]
    }
    let flags = ["--login-url", "--login-hdr", "-login-url", "-login-hdr"]
    guard let flag = flags.first(where: { flag in words.contains { $0 == flag || $0.hasPrefix(flag + "=") } }) else {
      return nil
    }
    let header = (value("--login-hdr") ?? value("-login-hdr")).flatMap { $0.contains(":") ? $0 : nil }
    let name = header.map { $0.prefix { $0 != ":" } } ?? "Authorization"
    return OptionError("\(flag): signing in is not in this version; type --header \(quoted("\(name): VALUE"))")
  }
}

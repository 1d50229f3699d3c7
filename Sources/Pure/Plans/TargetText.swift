/// Checks of names.
public enum TargetText {
  /// Whether a text can name a run: 1 to 100 characters, no `/`, no control characters, not only dots.
  public static func isRunName(_ text: String) -> Bool {
    !text.isEmpty && text.count <= 100 && !text.unicodeScalars.contains { isControl($0) || $0 == "/" }
      && text.contains { $0 != "." && $0 != " " }
  }

  static let runNameExpected = "1 to 100 characters without '/' and control characters"

  /// The nearest text that can name a run.
  public static func runName(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { isControl($0) || $0 == "/" ? "-" : Character($0) }
    let name = String(scalars.prefix(100))
    return isRunName(name) ? name : "plan"
  }

  /// Whether a text can name a target.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.count <= TargetName.longest && !text.unicodeScalars.contains(where: isControl)
  }

  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || 0x2028...0x202E ~= scalar.value
  }
}

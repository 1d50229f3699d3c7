import JSONScan

/// One thing wrong with a plan, or worth saying about it, with its place.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
  /// A warning lets the plan run; it is shown once, before the run.
  public var isWarning: Bool
  /// The file as the user named it, `stdin`, or the flag.
  public var file: String
  public var place: Place?
  /// The field's path, `scenarios[0].weight`; empty where it is about the whole.
  public var field: String
  /// What was found, and what was expected or what to write instead; one line.
  public var message: String

  public init(file: String, place: Place?, field: String, message: String, isWarning: Bool = false) {
    self.isWarning = isWarning
    self.file = file
    self.place = place
    self.field = field
    self.message = message
  }

  /// `plan.yaml:3:9: scenarios[0].weight: found -1, expected a whole number of at least 1`.
  public var description: String {
    let parts = [place.map { "\(file):\($0)" } ?? file, isWarning ? "warning" : "", field, message]
    return parts.filter { !$0.isEmpty }.joined(separator: ": ")
  }
}

/// A plan that can't be run: everything found wrong with it, in the order of the text.
public struct PlanError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Never empty; at most `shown`.
  public let diagnostics: [Diagnostic]
  /// How many more there were.
  public let omitted: Int

  /// How many errors of one text are named.
  public static let shown = 20

  public init(_ diagnostics: [Diagnostic]) {
    let sorted = diagnostics.enumerated().sorted { a, b in
      (a.element.place ?? .start, a.offset) < (b.element.place ?? .start, b.offset)
    }
    self.diagnostics = sorted.prefix(PlanError.shown).map(\.element)
    omitted = max(0, diagnostics.count - PlanError.shown)
  }

  public init(file: String, place: Place? = nil, field: String = "", _ message: String) {
    self.init([Diagnostic(file: file, place: place, field: field, message: message)])
  }

  /// One for each, and one that counts the rest. What was found may bring line ends of its own into them.
  public var lines: [String] {
    diagnostics.map(\.description) + (omitted > 0 ? ["… and \(omitted) more"] : [])
  }

  public var description: String { lines.joined(separator: "\n") }
}

/// The text exposition format of Prometheus, version 0.0.4.
public enum PrometheusText {
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// All figures, each with its HELP and TYPE lines; families without samples are left out. O(samples).
  public static func render(_ registry: Registry) -> String {
    var text = ""
    for figure in registry.figures where !figure.samples.isEmpty {
      let name = safe(name: figure.name, colon: true)
      text += "# HELP \(name) \(escaped(figure.help, quotes: false))\n"
      text += "# TYPE \(name) \(figure.kind.rawValue)\n"
      for sample in figure.samples { append(sample, of: figure.kind, name, to: &text) }
    }
    return text
  }

  private static func append(_ sample: Sample, of kind: FigureKind, _ name: String, to text: inout String) {
    switch sample.value {
    case .count(let count): text += "\(name)\(labels(sample.labels)) \(count)\n"
    case .number(let number): text += "\(name)\(labels(sample.labels)) \(value(number))\n"
    case .distribution(let all):
      switch kind {
      case .histogram:
        for point in all.points {
          text += "\(name)_bucket\(labels(sample.labels + [Label("le", value(point.at))])) \(value(point.value))\n"
        }
        text += "\(name)_bucket\(labels(sample.labels + [Label("le", "+Inf")])) \(all.count)\n"
      case .summary:
        for point in all.points {
          text += "\(name)\(labels(sample.labels + [Label("quantile", value(point.at))])) \(value(point.value))\n"
        }
      case .counter, .gauge: break
      }
      text += "\(name)_sum\(labels(sample.labels)) \(value(all.sum))\n"
      text += "\(name)_count\(labels(sample.labels)) \(all.count)\n"
    }
  }

  /// `{a="1",b="2"}`, or nothing.
  private static func labels(_ labels: [Label]) -> String {
    if labels.isEmpty { return "" }
    let parts = labels.map { "\(safe(name: $0.name, colon: false))=\"\(escaped($0.value, quotes: true))\"" }
    return "{" + parts.joined(separator: ",") + "}"
  }

  /// As Go's ParseFloat reads it; whole numbers without a point.
  private static func value(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
    if number == number.rounded(), abs(number) < 1e15 { return "\(Int64(number))" }
    return "\(number)"
  }

  /// Backslash and line feed (and in label values the quote) escaped.
  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"": result += quotes ? "\\\"" : "\""
      case let other: result.unicodeScalars.append(other)
      }
    }
    return result
  }

  /// What is allowed in names; anything else becomes `_`.
  private static func safe(name: String, colon: Bool) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
      let isDigit = ("0"..."9").contains(scalar) && !result.isEmpty
      result.unicodeScalars.append(isLetter || isDigit || (colon && scalar == ":") ? scalar : "_")
    }
    return result.isEmpty ? "_" : result
  }
}

import JSONScan
import Model

extension Threshold {
  /// Writes it as an object; a percentile beside its measure.
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("threshold", text)
      writer.member("name", name)
      writer.member("measure", measure.word)
      if case .percentile(let millionths) = measure { writer.member("percentileMillionths", millionths) }
      writer.member("comparison", comparison.rawValue)
      writer.member("bound", bound)
    }
  }

  /// Reads what `write` wrote.
  init(_ fields: Fields) throws(DescriptionError) {
    let words = Comparison.allCases.map { (word: $0.rawValue, value: $0) }
    let measure: Measure
    if try fields.text("measure") == "percentile" {
      let millionths = try fields.count("percentileMillionths")
      if millionths > 1_000_000 { throw fields.wrong("percentileMillionths", "\(millionths)", "at most 1000000") }
      measure = .percentile(millionths: millionths)
    } else {
      measure = try fields.word("measure", Measure.plain.map { (word: $0.word, value: $0) })
    }
    self.init(
      text: try fields.text("threshold"), name: try fields.optional("name", Fields.text), measure: measure,
      comparison: try fields.word("comparison", words), bound: try fields.signed("bound"))
  }
}

extension Threshold.Measure {
  static let plain: [Threshold.Measure] = [.mean, .least, .greatest, .errors, .rps, .checks]

  /// The word used in JSON.
  var word: String {
    switch self {
    case .percentile: "percentile"
    case .mean: "mean"
    case .least: "min"
    case .greatest: "max"
    case .errors: "errors"
    case .rps: "rps"
    case .checks: "checks"
    }
  }
}

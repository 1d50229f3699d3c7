import JSONScan
import Model
import PlanFiles
import Plans

/// Reads plans and targets that came over the network: no file of this machine and no variable of this process is ever
/// looked at for them.
enum SubmittedText {
  /// A plan as YAML or JSON, or Vegeta's targets in any of their forms.
  ///
  /// - Parameter file: what messages call it; its ending tells its form, else its first line does.
  static func plan(_ bytes: [UInt8], file: String, name: String) throws(PlanError) -> PlanDocument {
    switch PlanForm.of(bytes, file: file) {
    case .targets: return try targets(text: bytes, file: file, name: name)
    case .yaml, .toml, .json, .jsonLines:
      let environment: [String: String] = [:]
      return try PlanSource.read(bytes, file: file, name: name, environment: environment)
    }
  }

  /// Vegeta's targets alone.
  static func targets(_ bytes: [UInt8], file: String, name: String) throws(PlanError) -> PlanDocument {
    if !bytes.contains(where: { $0 > 0x20 }) {
      throw PlanError(file: file, "found nothing in it, expected targets such as 'GET http://localhost:8080/'")
    }
    switch PlanForm.of(bytes, file: file) {
    case .yaml, .toml: throw PlanError(file: file, "found a plan, expected targets; a plan goes to POST /api/tests")
    case .targets: return try targets(text: bytes, file: file, name: name)
    case .json, .jsonLines: return try VegetaJSON.read(bytes, file: file, name: name)
    }
  }

  private static func targets(text bytes: [UInt8], file: String, name: String) throws(PlanError) -> PlanDocument {
    try VegetaText.read(bytes, file: file, name: name) { path throws(ValueError) in
      throw ValueError(
        found: "'@\(Node.cut(path))'", expected: "no file: the master reads none; JSON targets hold bodies in base64")
    }
  }
}

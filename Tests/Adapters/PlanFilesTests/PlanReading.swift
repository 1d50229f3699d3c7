import Model
import PlanFiles
import Plans

/// The plan of a YAML text.
func plan(_ text: String, _ environment: [String: String] = [:], file: String = "plan.yaml") throws -> PlanDocument {
  try PlanSource.read(Array(text.utf8), file: file, name: "plan", environment: environment)
}

/// What a user reads about a text: its errors, or `accepted`.
func errors(_ text: String, _ environment: [String: String] = [:], file: String = "plan.yaml") -> String {
  errors(Array(text.utf8), environment, file: file)
}

func errors(_ bytes: [UInt8], _ environment: [String: String] = [:], file: String = "plan.yaml") -> String {
  do throws(PlanError) {
    _ = try PlanSource.read(bytes, file: file, name: "plan", environment: environment)
    return "accepted"
  } catch { return error.description }
}

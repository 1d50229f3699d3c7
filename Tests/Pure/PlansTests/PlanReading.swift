import JSONScan
import Model
import Plans

/// The document of a plan in JSON.
func document(_ json: String, _ environment: [String: String] = [:]) throws -> PlanDocument {
  let root = try JSONReader.document(Array(json.utf8)).root
  return try PlanReader.read(root, format: .json, file: "plan.json", name: "plan", environment: environment)
}

/// What a user reads about a plan in JSON: its errors, one a line.
func errors(_ json: String, _ environment: [String: String] = [:]) throws -> String {
  do {
    _ = try document(json, environment)
    return "accepted"
  } catch let error as PlanError { return error.description }
}

/// The same about a text of any reader.
func message(_ read: () throws(PlanError) -> Void) -> String {
  do throws(PlanError) {
    try read()
    return "accepted"
  } catch { return error.description }
}

/// A plan of one scenario with these fields besides its url.
func scenario(_ fields: String) -> String {
  #"{"scenarios": [{"url": "http://h/", "# + fields + "}]}"
}

/// A plan with these fields at its top, and one scenario.
func top(_ fields: String) -> String {
  "{" + fields + #", "scenarios": [{"url": "http://h/"}]}"#
}

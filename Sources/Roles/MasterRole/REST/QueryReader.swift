import HTTPServer
import JSONScan
import Model

/// The values of a request's query, each known and given once.
struct QueryReader {
  private var values: [String: String] = [:]

  init(_ request: Request, known: [String]) throws(Problem) {
    for (name, value) in request.query {
      if !known.contains(name) {
        let hint = Suggestion.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
        let expected = known.isEmpty ? "expected none" : "expected one of \(known.joined(separator: ", "))"
        throw Problem(400, "the query has '\(Node.cut(name))'; \(hint ?? expected)")
      }
      if values.updateValue(value, forKey: name) != nil {
        throw Problem(400, "\(name): found it twice, expected it once")
      }
    }
  }

  /// Nil where it is not given, or empty.
  func text(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

  func whole(_ name: String, _ range: ClosedRange<Int64>) throws(Problem) -> Int64? {
    guard let text = text(name) else { return nil }
    guard let number = Int64(text), range.contains(number) else {
      let most = range.upperBound == .max ? "" : " to \(range.upperBound)"
      throw Problem(400, "\(name): found '\(Node.cut(text))', expected a whole number from \(range.lowerBound)\(most)")
    }
    return number
  }

  func truth(_ name: String) throws(Problem) -> Bool? {
    guard let text = text(name) else { return nil }
    switch text {
    case "true", "1": return true
    case "false", "0": return false
    case _: throw Problem(400, "\(name): found '\(Node.cut(text))', expected true or false")
    }
  }
}

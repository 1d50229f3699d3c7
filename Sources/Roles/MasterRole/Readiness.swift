import Threads

/// What the master leans on, and whether each of it was there when it was last asked. Any thread.
final class Readiness: Sendable {
  /// In the order in which they are waited for.
  enum Part: String, CaseIterable, Sendable {
    case postgres = "PostgreSQL"
    case kafka = "Kafka"
    case rpc = "RPC"
  }

  /// Nil: it is there.
  private let problems = Monitor<[Part: String]>(
    Dictionary(uniqueKeysWithValues: Part.allCases.map { ($0, "not there yet") }))

  /// - Parameter problem: why it is of no use now; nil where it is.
  func note(_ part: Part, _ problem: String?) { problems.change { $0[part] = problem } }

  /// The names of what lacks; empty where all is well. Why it lacks is for the log alone: anybody may ask this.
  var away: [String] {
    problems.read { problems in Part.allCases.filter { problems[$0] != nil }.map(\.rawValue) }
  }

  func isThere(_ part: Part) -> Bool { problems.read { $0[part] == nil } }
}

import JSONScan
import Model

/// A test as the master describes it.
struct TestAnswer {
  let id: Identifier
  let name: String
  let state: State
  let reason: String?
  let submittedBy: String
  let submittedAt: String
  let startedAt: String?
  let endedAt: String?
  let workersWanted: UInt64?
  let workers: [Share]
  let progress: Progress?

  /// A test's state in the master's word; words of a later version are kept as they are.
  struct State: Equatable {
    let word: String

    /// Whether nothing will change any more.
    var isOver: Bool { ["finished", "stopped", "failed", "expired"].contains(word) }
  }

  /// One worker's part.
  struct Share {
    let worker: String
    let state: String
    let records: UInt64?
    let completed: UInt64?
  }

  struct Progress {
    let second: UInt64
    let rate: Double
    let completed: UInt64
    let errors: UInt64
    let p50: UInt64?
    let p99: UInt64?
  }

  init(_ node: Node) throws(AnswerError) {
    guard let id = Identifier(text: try node.text(of: "testId")) else {
      throw node.wrong("testId", "a UUID of 36 characters")
    }
    self.id = id
    state = State(word: try node.text(of: "state"))
    name = try node.text(of: "name")
    reason = try node.optionalText(of: "reason")
    submittedBy = try node.text(of: "submittedBy")
    submittedAt = try node.text(of: "submittedAt")
    startedAt = try node.optionalText(of: "startedAt")
    endedAt = try node.optionalText(of: "endedAt")
    workersWanted = try node.optionalCount(of: "workersWanted")
    var workers: [Share] = []
    for each in try node.list(of: "workers") {
      workers.append(
        Share(
          worker: try each.text(of: "worker"), state: try each.text(of: "state"),
          records: try each.optionalCount(of: "records"), completed: try each.optionalCount(of: "completed")))
    }
    self.workers = workers
    guard let progress = node["progress"], !progress.isNull else {
      self.progress = nil
      return
    }
    guard let rate = progress["rate"]?.double, rate.isFinite else { throw progress.wrong("rate", "a number") }
    self.progress = Progress(
      second: try progress.count(of: "second"), rate: rate, completed: try progress.count(of: "completed"),
      errors: try progress.count(of: "errors"), p50: try progress.optionalCount(of: "p50Us"),
      p99: try progress.optionalCount(of: "p99Us"))
  }
}

/// A time as the master gives it (RFC 3339), as a table has room for it: `2026-03-01 12:00:05`; UTC.
enum TimeCell {
  static func text(_ time: String) -> String {
    let text = time.prefix(19)
    let isTime = text.count == 19 && text.utf8.dropFirst(10).first == UInt8(ascii: "T")
    return isTime ? text.prefix(10) + " " + text.dropFirst(11) : String(time.prefix(24))
  }
}

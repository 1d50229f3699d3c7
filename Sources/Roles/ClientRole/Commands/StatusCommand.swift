import CommandLines
import JSONScan
import Model
import Options
import Reports
import Summary

/// `status`: one test, the latest tests, or a test as it goes on.
enum StatusCommand {
  static func run(_ line: Invocation, environment: [String: String]) throws(Failure) -> Int32 {
    let id = try TestWord.read(line)
    if line.isOn(.follow) {
      guard let id else { throw Failure("status --follow: found no test's id (stampede status lists them)") }
      return try Follower.run(id, line, try Master(line, environment: environment), environment: environment)
    }
    let master = try Master(line, environment: environment)
    if let id { try one(id, line, master) } else { try list(line, master) }
    return 0
  }

  private static func one(_ id: Identifier, _ line: Invocation, _ master: Master) throws(Failure) {
    let reply = try master.get("/api/tests/\(id)", about: id)
    let test = try master.read(reply) { (root) throws(AnswerError) in try TestAnswer(root) }
    if line.isOn(.jsonOutput) { return try Console.out(AnswerText.whole(reply)) }
    var lines = ["\(test.name.harmless): \(test.state.word.harmless)"]
    if let reason = test.reason, !reason.isEmpty { lines.append("  because    \(reason.harmless)") }
    lines.append("  test       \(test.id)")
    lines.append("  submitted  \(TimeCell.text(test.submittedAt).harmless) UTC by \(test.submittedBy.harmless)")
    if let time = test.startedAt { lines.append("  started    \(TimeCell.text(time).harmless) UTC") }
    if let time = test.endedAt { lines.append("  ended      \(TimeCell.text(time).harmless) UTC") }
    if test.workers.isEmpty, let wanted = test.workersWanted {
      lines.append("  waits for  \(wanted) \(wanted == 1 ? "worker" : "workers")")
    }
    if let progress = test.progress, !test.state.isOver {
      let times = [("p50", progress.p50), ("p99", progress.p99)].compactMap { word, time in
        time.map { ", \(word) \(TimeText.duration(microseconds: Double($0)))" }
      }
      lines.append(
        "  second \(progress.second)   \(TimeText.fixed(progress.rate, places: 1)) requests/s\(times.joined()), "
          + "\(progress.errors) of \(progress.completed) failed")
    }
    if !test.workers.isEmpty {
      var table = TextTable(header: ["Worker", "State", "Records", "Completed"])
      for part in test.workers {
        let counts = [part.records, part.completed].map { $0.map { "\($0)" } ?? "–" }
        table.add([part.worker.harmless, part.state.harmless] + counts)
      }
      lines += [""] + table.lines(width: Console.width(1))
    }
    if test.state.isOver {
      lines += ["", "Its result: stampede results \(test.id)\(master.address.hint)"]
    } else {
      lines += ["", "Follow it: stampede status \(test.id) --follow\(master.address.hint)"]
    }
    try Console.out(lines.joined(separator: "\n") + "\n")
  }

  private static func list(_ line: Invocation, _ master: Master) throws(Failure) {
    let limit = line.count(.limit) ?? 20
    let state = line.text(.testState).map { "&state=\($0)" } ?? ""
    let reply = try master.get("/api/tests?limit=\(limit)\(state)")
    let (tests, hasMore) = try master.read(reply) { (root) throws(AnswerError) in
      var tests: [TestAnswer] = []
      for each in try root.list(of: "tests") { tests.append(try TestAnswer(each)) }
      return (tests, try root.optionalText(of: "next") != nil)
    }
    if line.isOn(.jsonOutput) { return try Console.out(AnswerText.whole(reply)) }
    if tests.isEmpty {
      let which = line.text(.testState).map { " that is \($0)" } ?? ""
      return try Console.out(
        "No test\(which) at \(master.address.text). One is submitted by: stampede submit PLAN|URL\(master.address.hint)\n"
      )
    }
    var table = TextTable(header: ["Name", "State", "Submitted (UTC)", "Test"])
    for test in tests {
      table.add([
        test.name.harmless, test.state.word.harmless, String(TimeCell.text(test.submittedAt).prefix(16)).harmless,
        "\(test.id)",
      ])
    }
    try Console.out(table.lines(width: Console.width(1)).joined(separator: "\n") + "\n")
    if hasMore { Console.say("there are more: --limit N shows up to 100") }
  }
}

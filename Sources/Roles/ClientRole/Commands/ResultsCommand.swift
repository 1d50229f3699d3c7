import CommandLines
import HTTPClient
import Measuring
import Model
import Options
import Reports
import Summary

/// `results`: a test's result, as `report` prints that of a run on this machine.
enum ResultsCommand {
  static func run(_ line: Invocation, environment: [String: String]) throws(Failure) -> Int32 {
    let id = try TestWord.required(line)
    let master = try Master(line, environment: environment)
    let reply = try master.get("/api/tests/\(id)/results", about: id)
    let answer = try ResultAnswer(reply, master.address)
    try answer.show(line, environment: environment)
    if !answer.summary.isComplete { try explain(id, master) }
    return answer.exitCode(line)
  }

  /// Why the result is what it is, where the test's state tells.
  private static func explain(_ id: Identifier, _ master: Master) throws(Failure) {
    let reply = try master.get("/api/tests/\(id)", about: id)
    let test = try master.read(reply) { (root) throws(AnswerError) in try TestAnswer(root) }
    let reason = test.reason.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
    if !test.state.isOver {
      Console.say("the test is \(test.state.word)\(reason); this is its result so far")
    } else {
      Console.say("the test is over (\(test.state.word))\(reason)")
    }
  }
}

/// A result as the master gives it.
struct ResultAnswer {
  let summary: RunSummary
  /// From the workers' reports, while the test goes on.
  let isLive: Bool
  private let reply: Reply

  init(_ reply: Reply, _ address: MasterAddress) throws(Failure) {
    self.reply = reply
    isLive = reply["Stampede-Result"] == "live"
    do throws(DescriptionError) { summary = try SummaryJSON.decode(reply.body) } catch {
      throw Failure("\(address.text): the result can't be read: \(error)", exitCode: 2)
    }
  }

  /// The table, or with `--json` the object as it came.
  func show(_ line: Invocation, environment: [String: String]) throws(Failure) {
    if line.isOn(.jsonOutput) { return try Console.out(AnswerText.whole(reply)) }
    let colour = Console.hasColour(1, environment: environment)
    try Console.out(TerminalReport.text(summary, width: Console.width(1), colour: colour))
  }

  /// The verdict's, or 99 where the share of failures is beyond what was asked for.
  func exitCode(_ line: Invocation) -> Int32 {
    let code = summary.verdict.exitCode
    for broken in summary.thresholds where !broken.passed && !isLive {
      let found = broken.found.isEmpty ? broken.reason : broken.found
      Console.say("stampede: threshold \(broken.text.harmless) is broken: \(found.harmless)")
    }
    guard code == 0, let limit = line.percentage(.failOnErrorRate) else { return code }
    let failed = summary.totals.err
    let all = summary.totals.counts.outcomes
    if !limit.isExceeded(by: failed, of: all) { return 0 }
    Console.say("stampede: \(failed) of \(all) requests failed, more than --fail-on-error-rate \(limit)")
    return 99
  }
}

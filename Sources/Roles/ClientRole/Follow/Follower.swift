import CommandLines
import HTTPClient
import JSONScan
import Lifecycle
import Log
import Model
import Options
import Summary
import Threads

/// Shows a test as it goes on, then its result. Ctrl-C leaves it running.
enum Follower {
  /// The shell's code for what a signal ended: following was, the test was not.
  static let left: Int32 = 130

  static func run(
    _ id: Identifier, _ line: Invocation, _ master: Master, environment: [String: String]
  ) throws(Failure) -> Int32 {
    let isJSON = line.isOn(.jsonOutput)
    let live = LiveView(isOn: !line.isOn(.idAlone) && !isJSON)
    let service: FollowService
    do {
      // Before any thread is started: threads inherit what is blocked.
      let signals = try Signals()
      let log = LogWriter(level: .warning, format: .text, opening: live.opening)
      try log.start()
      try live.start()
      defer {
        live.end()
        log.close()
      }
      service = FollowService(
        stream: EventStream(master, id), live: live,
        note: { if isJSON { _ = Console.write(AnswerText.line($0.data), to: 1) } })
      _ = try ServiceGroup([service], log: Logger(log)).run(signals: signals)
    } catch {
      throw Failure("\(error)", exitCode: 2)
    }
    switch service.outcome {
    case .left:
      Console.say("the test goes on; to stop it: stampede stop \(id)\(master.address.hint)")
      return left
    case .failed(let failure): throw failure
    case .over(let test, let answer): return try conclude(test, answer, line, environment: environment)
    }
  }

  private static func conclude(
    _ test: TestAnswer, _ answer: ResultAnswer?, _ line: Invocation, environment: [String: String]
  ) throws(Failure) -> Int32 {
    let reason = test.reason.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
    guard let answer else {
      throw Failure(
        "the test never began (\(test.state.word))\(reason)", exitCode: test.state.word == "stopped" ? 105 : 2)
    }
    try answer.show(line, environment: environment)
    let code = answer.exitCode(line)
    if test.state.word != "failed" { return code }
    Console.say("stampede: the test failed\(reason)")
    return code == 0 ? 2 : code
  }
}

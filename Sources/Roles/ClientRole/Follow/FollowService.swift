import CommandLines
import HTTPClient
import JSONScan
import Lifecycle
import Model
import Summary
import Threads

/// Follows a test's events until it is over, over broken connections and restarts of the master.
final class FollowService: Service {
  enum Outcome {
    /// Its result; nil where it never began.
    case over(TestAnswer, ResultAnswer?)
    case failed(Failure)
    /// A signal ended it.
    case left
  }

  let name = "follow"
  /// How long the master may be away.
  static let patience = Duration.seconds(300)

  private let stream: EventStream
  private let live: LiveView
  private let note: @Sendable (EventReader.Event) -> Void
  private let cancellation = Cancellation()
  private let result = Monitor<Outcome>(.left)

  init(stream: EventStream, live: LiveView, note: @escaping @Sendable (EventReader.Event) -> Void) {
    self.stream = stream
    self.live = live
    self.note = note
  }

  var outcome: Outcome { result.read { $0 } }

  func stop() { cancellation.cancel() }

  func abort() { cancellation.cancel() }

  func run() {
    var reader = EventReader()
    var backOff = BackOff(from: .milliseconds(200), to: .seconds(10))
    var source = SystemRandomNumberGenerator()
    var lastContact = ContinuousClock.now
    var state = ""
    var isAway = false
    while !cancellation.isCancelled {
      var over: TestAnswer?
      let end = stream.connect(&reader, cancellation) { [self] event in
        note(event)
        if isAway { live.note("it answers again") }
        isAway = false
        if let test = show(event, &state) { over = test }
        return over == nil
      }
      if let over { return conclude(over) }
      let problem: Failure
      switch end {
      case .done: continue
      case .rubbish:
        return fail(Failure("\(place): what it sends as events is none; is it a Stampede master?", exitCode: 2))
      case .denied(let denial):
        problem = denial.failure
        if !denial.isPassing { return fail(problem) }
      case .broken(let error, let sawEvent):
        if sawEvent {
          lastContact = .now
          backOff.reset()
        }
        problem = error.map { Master.failure($0, stream.master.address) } ?? Failure("\(place): the stream ended")
        if let error, !error.isPassing, error.cause != .cancelled { return fail(problem) }
      }
      if cancellation.isCancelled { return }
      if ContinuousClock.now - lastContact > FollowService.patience {
        return fail(Failure("\(problem); no event for 5 minutes, so it is given up; the test may go on", exitCode: 2))
      }
      if backOff.tries == 2 {
        isAway = true
        live.say("\(problem); asking again until it answers")
      }
      wait(backOff.next(&source))
    }
  }

  /// How long it is asked again for a result that is whole. The master itself waits for records on their way to
  /// PostgreSQL; what it then calls partial may stay so.
  private static let storing = Duration.seconds(5)

  /// Fetches the result once it is stored; as far as it is known where that takes too long.
  private func conclude(_ test: TestAnswer) {
    guard test.startedAt != nil else { return result.change { $0 = .over(test, nil) } }
    let deadline = ContinuousClock.now + FollowService.storing
    do throws(Failure) {
      while true {
        let reply = try stream.master.get(
          "/api/tests/\(test.id)/results", about: test.id, cancellation: cancellation)
        let answer = try ResultAnswer(reply, stream.master.address)
        if answer.summary.isComplete && !answer.isLive || ContinuousClock.now > deadline {
          return result.change { $0 = .over(test, answer) }
        }
        if cancellation.isCancelled { return }
        Pause.wait(.milliseconds(250))
      }
    } catch {
      if !cancellation.isCancelled { fail(error) }
    }
  }

  private var place: String { stream.master.address.text }

  private func fail(_ failure: Failure) { result.change { $0 = .failed(failure) } }

  /// Heard when it is called off meanwhile.
  private func wait(_ span: TimeSpan) {
    let end = ContinuousClock.now + .nanoseconds(span.nanoseconds)
    while ContinuousClock.now < end, !cancellation.isCancelled { Pause.wait(min(span, .milliseconds(100))) }
  }

  /// Shows an event; the test where it is over. What can't be read is left out: the next event may be one.
  private func show(_ event: EventReader.Event, _ state: inout String) -> TestAnswer? {
    switch event.name {
    case "second":
      if let line = try? LiveLine(json: event.data) { live.show(line) }
      return nil
    case "state", "end":
      guard let root = (try? JSONReader.document(event.data))?.root, let test = try? TestAnswer(root) else {
        return nil
      }
      if test.state.word != state, !test.state.isOver {
        let reason = test.reason.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
        live.note("\(test.name): \(test.state.word)\(FollowService.workers(test))\(reason)")
      }
      state = test.state.word
      return test.state.isOver ? test : nil
    case _: return nil
    }
  }

  private static func workers(_ test: TestAnswer) -> String {
    switch test.state.word {
    case "queued":
      test.workersWanted.map { ", waits for \($0) idle \($0 == 1 ? "worker" : "workers")" } ?? ", waits for workers"
    case "preparing", "running":
      test.workers.isEmpty ? "" : " on \(test.workers.count) \(test.workers.count == 1 ? "worker" : "workers")"
    case _: ""
    }
  }
}

import Measuring
import Model
import RPC
import TestSupport
import Threads
import Wire

/// A worker that speaks the protocol over a real connection and sends no load: it says what it is told to say.
final class ScriptedWorker: Sendable {
  /// What it does with an assignment.
  enum Habit: Sendable {
    /// One second of records, then the end.
    case finishes
    /// Runs until it is stopped.
    case runs
    /// Can't.
    case refuses(String)
  }

  private struct State {
    var link: Link?
    var term: UInt64 = 0
    var nonce: UInt64 = 0
    var at = WorkerState.idle
    var run: Identifier?
    var incarnation: Identifier?
    var heard: [Message] = []
    var isOver = false
    var registrations = 0
  }

  let id: String
  private let habit: Habit
  private let state = Monitor(State())

  init(_ id: String, port: UInt16, token: String, _ habit: Habit = .finishes) throws {
    self.id = id
    self.habit = habit
    var random = SystemRandomNumberGenerator()
    let hello = Hello(
      token: token, worker: id, process: Identifier(random: &random), version: "test", host: "here", cpus: 2)
    var settings = LinkSettings(host: "127.0.0.1", port: port, hello: hello)
    settings.backOff = BackOff(from: .milliseconds(20), to: .milliseconds(200))
    settings.connectTime = .seconds(60)
    settings.welcomeTime = .seconds(60)
    let itself = Monitor<Weak?>(nil)
    let link = try Link(settings) { event in itself.wait { $0 }?.worker?.hear(event) }
    state.change { $0.link = link }
    itself.change { $0 = Weak(worker: self) }
    try OwnThread(name: "heartbeats") { [state] in
      while true {
        let isOver = state.wait(within: .milliseconds(300)) { $0.isOver ? true : nil }
        if isOver == true { return }
        let (link, beat) = state.read { state -> (Link?, Heartbeat) in
          state.nonce += 1
          let beat = Heartbeat(
            nonce: state.nonce, state: state.at, run: state.run, incarnation: state.incarnation)
          return (state.link, beat)
        }
        if state.read({ $0.registrations > 0 }) { link?.send(.heartbeat(beat), request: beat.nonce) }
      }
    }.detach()
  }

  private struct Weak { weak var worker: ScriptedWorker? }

  deinit { vanish() }

  /// Ends without a word: the connection breaks.
  func vanish() {
    let link = state.change { state -> Link? in
      state.isOver = true
      defer { state.link = nil }
      return state.link
    }
    link?.stop()
  }

  /// All that the master said but beats.
  var heard: [Message] { state.read { $0.heard } }

  func wait(for name: String, _ count: Int = 1) throws {
    let found = state.wait(within: .seconds(60)) { state in
      state.heard.filter { $0.name == name }.count >= count ? true : nil
    }
    if found != true { throw TestError("\(id): no \(name) among \(heard.map(\.name))") }
  }

  private func say(_ message: Message, request: UInt64 = 0) {
    state.read { $0.link }?.send(message, request: request)
  }

  private func hear(_ event: Link.Event) {
    switch event {
    case .welcomed(let welcome, _):
      let register = state.read { state -> Register in
        state.term = max(state.term, welcome.term)
        return Register(term: state.term, state: state.at, run: state.run, incarnation: state.incarnation)
      }
      say(.register(register), request: 1)
    case .message(let message, let request, _):
      if case .beat = message { return }
      state.change { state in
        state.heard.append(message)
        if case .registered = message { state.registrations += 1 }
      }
      answer(message, request)
    case .refused, .lost: state.change { $0.registrations = 0 }
    }
  }

  private func answer(_ message: Message, _ request: UInt64) {
    switch message {
    case .assign(let assign):
      state.read { state in
        state.run = assign.grant.run
        state.incarnation = assign.grant.incarnation
        state.at = .ready
      }
      var ready = Ready(run: assign.grant.run, incarnation: assign.grant.incarnation, epoch: assign.grant.epoch)
      if case .refuses(let problem) = habit { ready.problem = problem }
      say(.ready(ready), request: request)
    case .start:
      state.read { $0.at = .running }
      record()
      if case .finishes = habit { complete(.planEnded) }
    case .stop(let stop):
      if state.read({ $0.at }) == .running {
        complete(stop.kind == .drain ? .stopped : .aborted)
      } else {
        forget()
      }
    case .completed: forget()
    default: break
    }
  }

  private func forget() {
    state.change { state in
      state.at = .idle
      state.run = nil
      state.incarnation = nil
    }
  }

  private func record() {
    guard let key = key() else { return }
    let interval = Interval(key: key, second: 0, from: .zero, to: .seconds(1))
    say(.progress(Progress(run: key.run, incarnation: key.incarnation, record: IntervalCodec.encode(interval))))
  }

  private func complete(_ reason: EndReason) {
    guard let key = key() else { return }
    say(
      .complete(Complete(run: key.run, incarnation: key.incarnation, records: 1, completed: 7, reason: reason)),
      request: 9)
  }

  private func key() -> Interval.Key? {
    state.read { state in
      guard let run = state.run, let incarnation = state.incarnation else { return nil }
      return Interval.Key(run: run, incarnation: incarnation, sequence: 1)
    }
  }
}

import Measuring
import Model
import Wire

/// A test that has not ended, as the master knows it.
struct TestLife: Sendable {
  var test: QueuedTest
  /// As it is stored.
  var state = TestState.queued
  /// A change of its state is under way.
  var isChanging = false
  var epoch: UInt32 = 0
  /// On the master's clock; set when all workers were ready.
  var start: Instant?
  /// The furthest horizon that was granted to anybody.
  var granted = TimeSpan.zero
  /// When the state was reached.
  var since: Instant
  /// Until when a draining run's workers may take.
  var deadline: Instant?
  var parts: [PartLife] = []
  /// How it is to end before its plan does.
  var wish: Wish?
  /// The strongest word that its workers were sent.
  var told: StopKind?
  /// How often the database refused to assign its workers; as many are too many.
  var refusals = 0
  static let mostRefusals = 10
  /// It is not assigned before.
  var notBefore = Instant(nanoseconds: .min)

  struct Wish: Sendable {
    var kind: StopKind
    var text: String
    /// What it ends as.
    var state: TestState
  }

  /// Asks for an end; a stronger word replaces a weaker, the first reason stays.
  mutating func wishEnd(_ kind: StopKind, _ text: String, _ state: TestState) {
    guard let earlier = wish else {
      wish = Wish(kind: kind, text: text, state: state)
      return
    }
    if kind == .abort { wish = Wish(kind: .abort, text: earlier.text, state: earlier.state) }
  }

  func part(_ incarnation: Identifier) -> Int? { parts.firstIndex { $0.incarnation == incarnation } }

  /// What it ends as when all workers have ended, and why.
  var verdict: (state: TestState, reason: String?) {
    if let wish { return (wish.state, wish.text) }
    let lost = parts.filter { $0.end == .lost }.map(\.worker).sorted()
    if lost.count == parts.count { return (.failed, "every worker was lost: \(TestLife.list(lost))") }
    if !parts.isEmpty, parts.allSatisfy({ $0.end == .lost || $0.ended?.reason == EndReason.unreachable.word }) {
      return (.failed, "no target ever accepted a connection")
    }
    let left = parts.filter { [EndReason.stopped.word, EndReason.aborted.word].contains($0.ended?.reason) }
    if !left.isEmpty {
      return (.stopped, "stopped at the worker's own machine: \(TestLife.list(left.map(\.worker).sorted()))")
    }
    if !lost.isEmpty {
      return (.finished, "lost on the way: \(TestLife.list(lost)); what was theirs to send is missing")
    }
    return (.finished, nil)
  }

  static func list(_ names: [String]) -> String {
    names.count <= 5 ? names.joined(separator: ", ") : names.prefix(5).joined(separator: ", ") + " and others"
  }
}

/// One worker's life in a test.
struct PartLife: Sendable {
  let incarnation: Identifier
  let worker: String
  let host: String
  let share: Int
  let shares: Int
  /// It has compiled the plan.
  var isReady = false
  /// Why it can't.
  var problem: String?
  /// It was, or may have been, allowed to send.
  var isStarted = false
  /// The process that has it is known; after a master was started anew it is not until that process says so.
  var isClaimed = true
  /// It can't be sending anything after this.
  var leaseUntil: Instant
  /// How it ended; nil while it has not.
  var end: TestWorkerState?
  /// With what figures.
  var ended: PartEnd?
  /// Whether that is stored.
  var isEndStored = false
  /// Whose Complete waits for that.
  var asked: [(peer: Peer, request: UInt64)] = []

  init(_ part: AdoptedTest.Part, leaseUntil: Instant) {
    incarnation = part.incarnation
    worker = part.worker
    host = part.host
    share = part.share
    shares = part.shares
    self.leaseUntil = leaseUntil
    isReady = part.state != .preparing
    isStarted = part.state == .running || part.state == .draining
    if part.state.isEnd {
      end = part.state
      isEndStored = true
    }
  }
}

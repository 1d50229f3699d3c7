import Measuring
import Model
import Wire

extension FleetState {
  /// What follows from the facts about a test.
  mutating func advance(_ run: Identifier, _ now: Instant) {
    loseSilent(run, now)
    // To stop needs nothing stored: it works while PostgreSQL is away too.
    if let life = tests[run], life.state == .running || life.state == .draining, let wish = life.wish {
      tellAll(run, wish.kind, wish.text)
    }
    guard let life = tests[run], !life.isChanging else { return }
    switch life.state {
    case .queued: if let wish = life.wish { change(run, to: wish.state, reason: wish.text) }
    case .preparing: prepare(run, life, now)
    case .running: keepRunning(run, life, now)
    case .draining: drain(run, life, now)
    case .paused, .finished, .stopped, .failed, .expired: wrapUp(run)
    }
  }

  private mutating func prepare(_ run: Identifier, _ life: TestLife, _ now: Instant) {
    if let wish = life.wish {
      change(run, to: wish.state, reason: wish.text)
    } else if let part = life.parts.first(where: { $0.problem != nil }) {
      change(run, to: .failed, reason: "worker \(part.worker): \(part.problem ?? "")")
    } else if let part = life.parts.first(where: { $0.leaseUntil < now }) {
      change(run, to: .failed, reason: "worker \(part.worker) left while the test was prepared")
    } else if life.parts.allSatisfy(\.isReady) {
      change(run, to: .running, reason: nil, start: now + settings.lead)
    } else if now - life.since > settings.preparing {
      let late = TestLife.list(life.parts.filter { !$0.isReady }.map(\.worker))
      change(run, to: .failed, reason: "not ready within \(settings.preparing): \(late)")
    }
  }

  private mutating func keepRunning(_ run: Identifier, _ life: TestLife, _ now: Instant) {
    if life.parts.allSatisfy(\.isEndStored) {
      change(run, to: life.verdict.state, reason: life.verdict.reason)
    } else if let wish = life.wish {
      change(run, to: .draining, reason: wish.text)
    } else if let start = life.start, let duration = life.test.load.duration, now > start + duration {
      change(run, to: .draining, reason: nil)
    }
  }

  private mutating func drain(_ run: Identifier, _ life: TestLife, _ now: Instant) {
    if life.parts.allSatisfy(\.isEndStored) {
      change(run, to: life.verdict.state, reason: life.verdict.reason)
      return
    }
    guard let deadline = life.deadline, now > deadline else { return }
    if life.told != .abort {
      tests[run]?.deadline = now + settings.draining
      tellAll(run, .abort, "the grace period is over")
      return
    }
    for index in life.parts.indices where life.parts[index].end == nil {
      end(run, index, .lost, PartEnd(problem: "it did not end in time"))
    }
  }

  /// Lets go of the workers of a test that has ended, and forgets it when that is stored.
  private mutating func wrapUp(_ run: Identifier) {
    guard let life = tests[run] else { return }
    for index in life.parts.indices where life.parts[index].end == nil {
      tell(run, index, .abort, "the test has ended")
      end(run, index, life.parts[index].isStarted ? .lost : .released, nil)
    }
    if tests[run]?.parts.allSatisfy(\.isEndStored) == true { tests[run] = nil }
  }

  /// Workers of whom nothing was heard for so long that they can't be sending.
  private mutating func loseSilent(_ run: Identifier, _ now: Instant) {
    guard let life = tests[run], life.state == .running || life.state == .draining else { return }
    for (index, part) in life.parts.enumerated() where part.end == nil && part.leaseUntil < now {
      tell(run, index, .abort, "nothing was heard of this worker for too long")
      end(run, index, .lost, PartEnd(problem: "nothing was heard of it for \(settings.lease + settings.margin)"))
    }
  }

  mutating func end(_ run: Identifier, _ index: Int, _ state: TestWorkerState, _ ended: PartEnd?) {
    guard let part = tests[run]?.parts[index], part.end == nil else { return }
    tests[run]?.parts[index].end = state
    tests[run]?.parts[index].ended = ended
    store(.worker(part.incarnation, to: state, ended), .end(run, incarnation: part.incarnation))
  }

  mutating func change(_ run: Identifier, to state: TestState, reason: String?, start: Instant? = nil) {
    guard let life = tests[run] else { return }
    tests[run]?.isChanging = true
    store(
      .state(run, from: life.state, to: state, reason: reason, start: start),
      .state(run, to: state, start: start))
  }

  private mutating func tellAll(_ run: Identifier, _ kind: StopKind, _ text: String) {
    guard let life = tests[run], life.told == nil || life.told == .drain && kind == .abort else { return }
    tests[run]?.told = kind
    for index in life.parts.indices { tell(run, index, kind, text) }
  }

  /// Tells one worker again what all were told.
  mutating func tell(_ run: Identifier, _ index: Int) {
    guard let life = tests[run], let kind = life.told else { return }
    tell(run, index, kind, life.wish?.text ?? "")
  }

  private mutating func tell(_ run: Identifier, _ index: Int, _ kind: StopKind, _ text: String) {
    guard let part = tests[run]?.parts[index], part.end == nil else { return }
    say(
      .stop(Stop(run: run, incarnation: part.incarnation, kind: kind, text: String(text.prefix(200)))),
      to: part.worker)
  }
}

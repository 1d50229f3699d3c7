import Measuring
import Model
import Wire

extension FleetState {
  /// A worker was let in. Who has the same id but is another process must wait until the other can't be sending.
  mutating func joined(_ peer: Peer, _ hello: Hello, _ now: Instant) {
    let id = hello.worker
    if var worker = workers[id] {
      if worker.hello.process == hello.process {
        if let old = worker.peer { ids[old] = nil }
        worker.hello = hello
        worker.peer = peer
        worker.isRegistered = false
        workers[id] = worker
        ids[peer] = id
        return
      }
      if worker.peer != nil || isLeased(id, now) {
        let text =
          "worker id '\(id)' is in use by another process, or was until a moment ago; give each its --worker-id"
        actions.append(.drop(peer, Refused(why: .duplicate, text: text)))
        return
      }
      lose(id, now)
    }
    workers[id] = WorkerLife(hello, peer, since: now)
    ids[peer] = id
  }

  /// Whether it may still be sending.
  private func isLeased(_ id: String, _ now: Instant) -> Bool {
    guard let place = place(of: id) else { return false }
    let part = tests[place.run]?.parts[place.index]
    return part.map { $0.isStarted && $0.leaseUntil >= now } ?? false
  }

  /// The part of a test that a worker has and has not ended.
  func place(of id: String) -> (run: Identifier, index: Int)? {
    guard let run = workers[id]?.run, let life = tests[run],
      let index = life.parts.firstIndex(where: { $0.worker == id && $0.end == nil })
    else { return nil }
    return (run, index)
  }

  mutating func left(_ peer: Peer) {
    guard let id = ids.removeValue(forKey: peer), workers[id]?.peer == peer else { return }
    workers[id]?.peer = nil
    workers[id]?.isRegistered = false
    forget(id)
  }

  /// A worker without connection and without part is nobody.
  mutating func forget(_ id: String) {
    if let worker = workers[id], worker.peer == nil, worker.run == nil { workers[id] = nil }
  }

  mutating func heard(_ message: Message, _ peer: Peer, _ request: UInt64, _ now: Instant) {
    guard let id = ids[peer] else { return }
    if case .register(let register) = message {
      self.register(register, id, peer, request, now)
      return
    }
    guard workers[id]?.isRegistered == true else {
      actions.append(.drop(peer, Refused(why: .malformed, text: "\(message.name) before Register")))
      return
    }
    switch message {
    case .heartbeat(let heartbeat): self.heartbeat(heartbeat, id, peer, request, now)
    case .ready(let ready): self.ready(ready, id)
    case .progress(let progress):
      // Also of one that was taken for lost: what it measured counts.
      if let index = tests[progress.run]?.part(progress.incarnation), tests[progress.run]?.parts[index].worker == id {
        actions.append(.record(run: progress.run, incarnation: progress.incarnation, progress.record))
      }
    case .complete(let complete): self.complete(complete, id, peer, request)
    case .goodbye: goodbye(id, now)
    default:
      actions.append(.drop(peer, Refused(why: .malformed, text: "\(message.name) is for workers, not for a master")))
    }
  }

  private mutating func register(
    _ register: Register, _ id: String, _ peer: Peer, _ request: UInt64, _ now: Instant
  ) {
    if register.term > settings.term {
      let text = "this master has term \(settings.term); the worker knows one with term \(register.term)"
      actions.append(.drop(peer, Refused(why: .term, text: text)))
      return
    }
    if let text = claimedByAnother(register, id, now) {
      actions.append(.drop(peer, Refused(why: .duplicate, text: text)))
      workers[id] = nil
      ids[peer] = nil
      return
    }
    workers[id]?.isRegistered = true
    workers[id]?.said = register.state
    claim(register, id)
    actions.append(.send(peer, .registered(Registered(worker: id)), request: request))
    if let run = register.run, let incarnation = register.incarnation {
      guard let index = tests[run]?.part(incarnation), tests[run]?.parts[index].end == nil else {
        let text = "the test has ended without this worker"
        say(.stop(Stop(run: run, incarnation: incarnation, kind: .abort, text: text)), to: id)
        return
      }
      rejoin(run, index, register.state)
    } else if let place = place(of: id), let life = tests[place.run], !life.isChanging || life.state != .queued {
      if life.parts[place.index].isStarted {
        // It says itself that it sends nothing.
        end(place.run, place.index, .lost, PartEnd(problem: "the worker had forgotten its part"))
      } else {
        assign(place.run, place.index)
      }
    }
  }

  /// After a master was started anew, a worker's own words say which part it has.
  private mutating func claim(_ register: Register, _ id: String) {
    guard let run = register.run, let incarnation = register.incarnation, let life = tests[run],
      let index = life.part(incarnation), life.parts[index].worker == id, life.parts[index].end == nil
    else {
      if workers[id]?.run == nil, let adopted = tests.first(where: { $0.value.hasOpenPart(of: id) }) {
        workers[id]?.run = adopted.key
      }
      return
    }
    workers[id]?.run = run
    tests[run]?.parts[index].isClaimed = true
  }

  /// Why a process can't be the one that has this id's part of an adopted test: it does not name that part, which may
  /// still be carried out, under the same id, by a process that was not heard of yet.
  private func claimedByAnother(_ register: Register, _ id: String, _ now: Instant) -> String? {
    for life in tests.values {
      for part in life.parts
      where part.worker == id && part.end == nil && !part.isClaimed && part.isStarted && part.leaseUntil >= now
        && part.incarnation != register.incarnation
      {
        return "worker id '\(id)' had a part of a test when the master was started anew, and may have it still; "
          + "try again in a few seconds"
      }
    }
    return nil
  }

  /// A worker is back with its part: what it may have missed is said again.
  private mutating func rejoin(_ run: Identifier, _ index: Int, _ state: WorkerState) {
    guard let life = tests[run] else { return }
    if state == .ready || state == .running || state == .draining { tests[run]?.parts[index].isReady = true }
    if life.told != nil {
      tell(run, index)
    } else if life.state == .running, state == .ready, life.parts[index].isStarted {
      sendStart(run, index)
    }
  }

  private mutating func heartbeat(
    _ heartbeat: Heartbeat, _ id: String, _ peer: Peer, _ request: UInt64, _ now: Instant
  ) {
    workers[id]?.said = heartbeat.state
    var grant: Grant?
    if let place = place(of: id), let life = tests[place.run],
      life.parts[place.index].incarnation == heartbeat.incarnation, life.state != .queued
    {
      let given = self.grant(life, life.parts[place.index], now)
      tests[place.run]?.granted = max(life.granted, given.horizon)
      grant = given
      tests[place.run]?.parts[place.index].leaseUntil = now + settings.lease + settings.margin
    } else if let run = heartbeat.run, let incarnation = heartbeat.incarnation, heartbeat.state != .idle {
      if tests[run]?.part(incarnation) == nil || tests[run]?.parts.contains(where: { $0.isOver(incarnation) }) == true {
        let text = "the test has ended without this worker"
        say(.stop(Stop(run: run, incarnation: incarnation, kind: .abort, text: text)), to: id)
      }
    }
    let beat = Beat(nonce: heartbeat.nonce, term: settings.term, received: now, sent: now, grant: grant)
    actions.append(.send(peer, .beat(beat), request: request))
  }

  /// What a worker may do at this moment.
  func grant(_ life: TestLife, _ part: PartLife, _ now: Instant) -> Grant {
    var horizon = TimeSpan.zero
    if let start = life.start, part.isStarted, life.state == .running || life.state == .draining {
      horizon = max(.zero, now - start) + settings.reach
      if let end = life.test.load.duration { horizon = min(horizon, end) }
      // Once it is to end, nothing more is granted than anybody has.
      if life.wish != nil || life.told != nil { horizon = life.granted }
    }
    return Grant(
      run: life.test.run, incarnation: part.incarnation, term: settings.term, epoch: life.epoch, horizon: horizon,
      lease: settings.lease)
  }

  private mutating func ready(_ ready: Ready, _ id: String) {
    guard let index = tests[ready.run]?.part(ready.incarnation), tests[ready.run]?.parts[index].worker == id else {
      return
    }
    if ready.problem.isEmpty {
      tests[ready.run]?.parts[index].isReady = true
    } else {
      tests[ready.run]?.parts[index].problem = ready.problem
    }
  }

  private mutating func complete(_ complete: Complete, _ id: String, _ peer: Peer, _ request: UInt64) {
    let answer = Message.completed(Completed(run: complete.run, incarnation: complete.incarnation))
    guard let index = tests[complete.run]?.part(complete.incarnation) else {
      // Of a run that is over: it can't matter any more, and the worker may forget it.
      actions.append(.send(peer, answer, request: request))
      return
    }
    if tests[complete.run]?.parts[index].worker != id { return }
    if tests[complete.run]?.parts[index].end != nil {
      if tests[complete.run]?.parts[index].isEndStored == true {
        actions.append(.send(peer, answer, request: request))
      } else {
        tests[complete.run]?.parts[index].asked.append((peer, request))
      }
      return
    }
    tests[complete.run]?.parts[index].asked.append((peer, request))
    let problem = complete.problem.isEmpty ? nil : complete.problem
    if complete.reason == .failed {
      tests[complete.run]?.wishEnd(.drain, "worker \(id): \(problem ?? "it could not go on")", .failed)
    }
    end(
      complete.run, index, .ended,
      PartEnd(
        records: complete.records, completed: complete.completed, reason: complete.reason.word, problem: problem))
  }

  /// It sends nothing any more, on its own word.
  private mutating func goodbye(_ id: String, _ now: Instant) {
    guard let place = place(of: id) else { return }
    tests[place.run]?.parts[place.index].leaseUntil = now
    if tests[place.run]?.parts[place.index].isStarted == true {
      end(place.run, place.index, .lost, PartEnd(problem: "the worker left without its figures"))
    }
  }

  /// Its part is given up: its process is another one now.
  private mutating func lose(_ id: String, _ now: Instant) {
    if let place = place(of: id) {
      let isStarted = tests[place.run]?.parts[place.index].isStarted == true
      if isStarted { end(place.run, place.index, .lost, PartEnd(problem: "the worker was started anew")) }
      if !isStarted { tests[place.run]?.parts[place.index].problem = "the worker was started anew" }
    }
    if let peer = workers[id]?.peer { ids[peer] = nil }
    workers[id] = nil
  }
}

extension TestLife {
  func hasOpenPart(of id: String) -> Bool { parts.contains { $0.worker == id && $0.end == nil } }
}

extension PartLife {
  /// Given up: whatever it still does is of no use.
  func isOver(_ incarnation: Identifier) -> Bool { self.incarnation == incarnation && end != nil && end != .ended }
}

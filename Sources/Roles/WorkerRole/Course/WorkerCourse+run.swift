import Fleet
import Model
import Wire

// What the master wants of the run at hand, and what the run says.
extension WorkerCourse {
  mutating func came(
    _ message: Message, _ request: UInt64, at: Instant, _ now: Instant, _ count: RecordCount
  ) -> [WorkerAction] {
    switch message {
    case .beat(let beat): return answered(beat, at: at, now, count)
    case .assign(let assign): return assigned(assign, request, now, count)
    case .start(let start): return started(start, now, count)
    case .stop(let stop):
      guard let job, stop.run == job.lease.run, stop.incarnation == job.incarnation else { return [] }
      let text = stop.text.isEmpty ? "" : ": \(stop.text)"
      let how = stop.kind == .drain ? "ends the run" : "cuts the run off"
      return [.say(WorkerNotice(text: "the master \(how)\(text)"))] + end(stop.kind, now)
    case .completed(let completed):
      guard let job, job.isEnded, completed.incarnation == job.incarnation else { return [] }
      return release()
    case .registered: return registered()
    case .hello, .welcome, .refused, .register, .heartbeat, .ready, .progress, .complete, .goodbye:
      return []
    }
  }

  private mutating func answered(_ beat: Beat, at: Instant, _ now: Instant, _ count: RecordCount) -> [WorkerAction] {
    guard let sent = heartbeats.answered(beat.nonce), accepts(beat.term) else { return [] }
    clock.take(sent: sent, arrived: at, received: beat.received, replied: beat.sent)
    var actions: [WorkerAction] = []
    if let awaited = job?.awaited { actions += begin(awaited, now, count) }
    guard let grant = beat.grant, grant.epoch == job?.epoch, job?.lease.extend(grant, sent: sent) == true else {
      return actions
    }
    return actions + allow(now)
  }

  /// Says to the run until when it may send now.
  private mutating func allow(_ now: Instant) -> [WorkerAction] {
    guard let job, let start = job.start, !job.isEnded else { return [] }
    var actions: [WorkerAction] = [.allow(job.incarnation, job.allowed(start))]
    if job.hasLapsed, let end = job.lease.end, now < end {
      self.job?.hasLapsed = false
      actions.append(.say(WorkerNotice(text: "the master is back: the run goes on")))
    }
    return actions
  }

  private mutating func assigned(
    _ assign: Assign, _ request: UInt64, _ now: Instant, _ count: RecordCount
  ) -> [WorkerAction] {
    let grant = assign.grant
    guard accepts(grant.term) else { return [] }
    var made = WorkerJob(lease: Lease(grant), epoch: grant.epoch, request: request)
    if isLeaving { return [.send(made.ready("this worker is about to stop"), request: request)] }
    var actions: [WorkerAction] = []
    if let job {
      if job.incarnation == grant.incarnation {
        return job.phase == .ready ? [.send(job.ready(), request: request)] : []
      }
      guard job.isEnded else {
        return [.send(made.ready("this worker is busy with the run \(job.lease.run)"), request: request)]
      }
      // Whoever gives it another run wants to hear no more of the last one.
      actions += release()
    }
    made.phase = .preparing
    job = made
    actions.append(
      .say(WorkerNotice(text: "assigned: part \(assign.share + 1) of \(assign.shares) of '\(assign.name.harmless)'")))
    actions.append(.prepare(assign))
    return actions + beat(now, count)
  }

  mutating func prepared(_ connections: Int, _ now: Instant, _ count: RecordCount) -> [WorkerAction] {
    guard let before = job, before.phase == .preparing else { return [] }
    job?.connections = connections
    job?.phase = .ready
    guard let job else { return [] }
    if let kind = before.stopping { return end(kind, now) }
    return [.send(job.ready(), request: job.request)]
  }

  mutating func unfit(_ problem: String) -> [WorkerAction] {
    guard let job, job.phase == .preparing else { return [] }
    let ready = job.ready(problem)
    let actions: [WorkerAction] = [
      .say(WorkerNotice(isWarning: true, text: "the run can't be carried out: \(problem)")),
      .send(ready, request: job.request),
    ]
    return actions + release()
  }

  private mutating func started(_ start: Start, _ now: Instant, _ count: RecordCount) -> [WorkerAction] {
    guard accepts(start.grant.term), let job, job.phase == .ready, start.grant.epoch == job.epoch,
      self.job?.lease.raise(start.grant) == true
    else { return [] }
    return begin(start.start, now, count) + beat(now, count)
  }

  /// Starts the run as soon as the master's clock is known.
  private mutating func begin(_ start: Instant, _ now: Instant, _ count: RecordCount) -> [WorkerAction] {
    guard let job, job.phase == .ready else {
      self.job?.awaited = nil
      return []
    }
    guard let own = clock.own(start) else {
      self.job?.awaited = start
      return []
    }
    self.job?.awaited = nil
    let (away, overflow) = own.nanoseconds.subtractingReportingOverflow(now.nanoseconds)
    if overflow || away.magnitude > TimeSpan.longest.nanoseconds.magnitude {
      return [.say(WorkerNotice(isWarning: true, text: "the master's start is years away: it is not taken"))]
    }
    self.job?.start = own
    self.job?.phase = .running
    return [
      .start(job.incarnation, at: own, job.allowed(own)),
      .say(WorkerNotice(text: "the run starts in \(max(0, away / 1_000_000)) ms")),
    ]
  }

  mutating func sealed(_ record: [UInt8]) -> [WorkerAction] {
    guard let job else { return [] }
    self.job?.records += 1
    if isJoined { return [.send(job.progress(record), request: 0)] }
    if job.unheard.count >= WorkerJob.mostUnheard { self.job?.unheard.removeFirst() }
    self.job?.unheard.append(record)
    return []
  }

  mutating func ended(_ ending: Ending, _ now: Instant, _ count: RecordCount) -> [WorkerAction] {
    guard job != nil else { return [] }
    job?.phase = .ended(ending)
    job?.records = ending.records
    let problem = ending.problem.isEmpty ? "" : ": \(ending.problem)"
    var actions: [WorkerAction] = [
      .say(
        WorkerNotice(
          isWarning: !ending.problem.isEmpty,
          text: "the run has ended (\(ending.reason.word)), \(ending.completed) requests, "
            + "\(ending.records) records\(problem)"))
    ]
    if isJoined, let complete = job?.complete(count) { actions.append(.send(complete, request: 0)) }
    if isAborting { return leave(exitCode: 0, actions) }
    if isLeaving { bidFarewell(now) }
    return actions
  }
}

import Model
import Wire

extension FleetState {
  mutating func submitted(_ test: QueuedTest, _ now: Instant) {
    if tests[test.run] != nil { return }
    tests[test.run] = TestLife(test: test, since: now)
    if queue.isEmpty { headSince = now }
    queue.append(test.run)
  }

  /// Gives the first in the queue its workers as long as there are enough. Who is first waits for as many as it wants,
  /// and those behind it with it, so that a big test gets its turn.
  mutating func serveQueue(_ now: Instant, _ random: inout some RandomNumberGenerator) {
    while let run = queue.first, let life = tests[run], !life.isChanging {
      let idle = workers.filter { $0.value.isIdle }.keys.sorted()
      let wanted = min(life.test.workers ?? 1, life.test.mostWorkers)
      if life.wish != nil || now < life.notBefore { return }
      guard idle.count >= max(wanted, 1) else {
        // Workers that other tests have come free by themselves, however long those take.
        if workers.count >= wanted, workers.values.contains(where: { $0.run != nil }) { headSince = now }
        if now - headSince > settings.queued { expire(run, there: idle.count) }
        return
      }
      let count = min(life.test.workers ?? idle.count, life.test.mostWorkers)
      begin(run, Array(idle.prefix(count)), now, &random)
      queue.removeFirst()
      headSince = now
    }
  }

  private mutating func expire(_ run: Identifier, there: Int) {
    guard let life = tests[run] else { return }
    let wanted = life.test.workers ?? 1
    let reason =
      workers.isEmpty
      ? "no worker came within \(settings.queued)"
      : "waited \(settings.queued) for \(wanted) idle workers; \(there) are idle, \(workers.count) are there"
    change(run, to: .expired, reason: reason)
  }

  /// Deals the plan out.
  private mutating func begin(
    _ run: Identifier, _ chosen: [String], _ now: Instant, _ random: inout some RandomNumberGenerator
  ) {
    guard var life = tests[run] else { return }
    life.epoch += 1
    life.isChanging = true
    let dealt = chosen.enumerated().map { share, worker in
      AdoptedTest.Part(
        incarnation: Identifier(random: &random), worker: worker, host: workers[worker]?.hello.host ?? "", share: share,
        shares: chosen.count, state: .preparing)
    }
    life.parts = dealt.map { PartLife($0, leaseUntil: now) }
    for worker in chosen { workers[worker]?.run = run }
    tests[run] = life
    store(.assign(run, from: .queued, to: .preparing, epoch: life.epoch, dealt), .assign(run))
  }

  mutating func stop(_ run: Identifier, _ kind: StopKind, _ text: String) {
    tests[run]?.wishEnd(kind, text, .stopped)
  }

  /// What an earlier master left. Its workers may go on sending until their leases end, as this master counts from now.
  mutating func adopt(_ left: [AdoptedTest], _ now: Instant) {
    for adopted in left where tests[adopted.test.run] == nil {
      if adopted.state == .queued {
        submitted(adopted.test, now)
        continue
      }
      var life = TestLife(test: adopted.test, since: now)
      life.state = adopted.state
      life.epoch = adopted.epoch
      life.start = adopted.start
      life.parts = adopted.parts.map { PartLife($0, leaseUntil: now + settings.lease + settings.margin) }
      for index in life.parts.indices { life.parts[index].isClaimed = false }
      if adopted.state == .running || adopted.state == .draining {
        // Start may have been sent just before the earlier master ended.
        for index in life.parts.indices { life.parts[index].isStarted = true }
      }
      if adopted.state == .draining {
        life.deadline = now + life.test.grace + settings.draining
        life.wish = TestLife.Wish(kind: .drain, text: "stopped before the master was started anew", state: .stopped)
        if let start = adopted.start, let duration = life.test.load.duration, now >= start + duration {
          life.wish = nil
        }
      }
      tests[adopted.test.run] = life
    }
  }
}

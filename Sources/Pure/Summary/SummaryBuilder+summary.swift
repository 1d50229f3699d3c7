import Measuring
import Model

extension SummaryBuilder {
  /// The result of what was added so far; may be asked for at any time.
  public func summary() -> RunSummary {
    let order = sortedRows()
    var places = Array(repeating: 0, count: names.count)
    for (place, entry) in order.enumerated() { places[entry.row] = place }
    let lastEnd = lastEnd
    let seconds = measuredSeconds
    var all = NameTally()
    for name in names { all.add(name) }
    var timeline: [SecondSummary] = []
    var phases = PhaseTally()
    for (key, tally) in self.seconds.sorted(by: { $0.key < $1.key }) {
      timeline.append(tally.summary(key, places: places))
      phases.add(timeline[timeline.count - 1], tally.responseCurve)
    }
    var counts = counts
    settle(&counts)
    return RunSummary(
      description: description,
      endReason: endReason,
      incompleteness: incompleteness(counts),
      planTime: planTime,
      timeToLastEnd: lastEnd,
      rateOffered: rateOffered,
      counts: counts,
      totals: all.summary(name: "", tenant: "", seconds: seconds),
      names: order.map { names[$0.row].summary(name: $0.key.name, tenant: $0.key.tenant, seconds: seconds) },
      iterations: iterations.map { $0.summary(seconds: seconds) },
      phases: phases.summaries, warmUp: warmUp(order),
      generator: GeneratorReport(description: description, worker: worker, timeline: timeline),
      timeline: timeline)
  }

  /// The warm-up by name; nil where nothing was due in one.
  private func warmUp(_ order: [(key: RowKey, row: Int)]) -> WarmUpSummary? {
    if warmUpNames.isEmpty { return nil }
    let seconds = min(max(.zero, description.load.warmUp), lastEnd).inSeconds
    var all = NameTally()
    for tally in warmUpNames.values { all.add(tally) }
    return WarmUpSummary(
      totals: all.summary(name: "", tenant: "", seconds: seconds),
      names: order.compactMap { key, row in
        warmUpNames[row].map { $0.summary(name: key.name, tenant: key.tenant, seconds: seconds) }
      })
  }

  /// The targets' names first, in the plan's order, then all others by name; each name's tenants by theirs.
  private func sortedRows() -> [(key: RowKey, row: Int)] {
    let targets = Set(description.targets.map(\.name))
    var rank: [String: Int] = [:]
    for (place, target) in description.targets.enumerated() where rank[target.name] == nil { rank[target.name] = place }
    return rows.map { (key: $0.key, row: $0.value) }.sorted { a, b in
      let (left, right) = (rank[a.key.name] ?? targets.count, rank[b.key.name] ?? targets.count)
      return left != right ? left < right : a.key < b.key
    }
  }

  /// When the last outcome of any worker came, since the run's start.
  private var lastEnd: TimeSpan { ledgers.values.map(\.lastEnd).max() ?? .zero }

  /// When the measured time began, since the run's start.
  private var measuredFrom: TimeSpan { counts.warmUp.started > 0 ? max(.zero, description.load.warmUp) : .zero }

  /// The measured time to the last end, in seconds.
  var measuredSeconds: Double { max(.zero, lastEnd - measuredFrom).inSeconds }

  /// The worst of the reasons that the workers' last records give; nil where none has come.
  private var endReason: EndReason? {
    let worstFirst: [EndReason] = [.failed, .unreachable, .aborted, .stopped, .planEnded]
    let said = Set(ledgers.values.compactMap { $0.final?.reason })
    return worstFirst.first(where: said.contains)
  }

  /// How long the plan ran: its duration, or less where a number of requests or a stop ended it before.
  private var planTime: TimeSpan {
    let duration = description.load.duration
    if endReason == .planEnded, description.load.requests == nil, let duration { return duration }
    guard case .arrivals(let shape) = description.load.model else { return min(duration ?? lastEnd, lastEnd) }
    guard let rate = shape.constantRate, description.load.spacing == .even else {
      return min(duration ?? lastDue, lastDue)
    }
    let due = Double(counts.schedule.planned) / rate.perSecond
    let nanoseconds = Int64(min(due * 1e9, 9e18).rounded())
    return min(TimeSpan(nanoseconds: nanoseconds), min(duration ?? lastDue, lastDue))
  }

  /// Planned arrivals a second of the plan's time, warm-up left out; nil in the closed model, which offers no rate.
  private var rateOffered: Double? {
    let time = (planTime - measuredFrom).inSeconds
    if description.isClosed || time <= 0 { return nil }
    return Double(counts.schedule.planned - min(counts.warmUpSchedule.planned, counts.schedule.planned)) / time
  }

  /// Puts in what only the workers' ledgers know.
  private func settle(_ counts: inout RunCounts) {
    for (id, ledger) in ledgers {
      let stated = description.incarnations.first { $0.id == id }
      counts.unknown = counts.unknown.addingClamped(ledger.unknown)
      counts.iterations.unknown = counts.iterations.unknown.addingClamped(ledger.unknownIterations)
      counts.stored = counts.stored.addingClamped(ledger.completed)
      // A worker that never said its own count is taken at the word of its records; missing ones are told apart.
      counts.workersCompleted = counts.workersCompleted.addingClamped(stated?.completed ?? ledger.completed)
    }
    for incarnation in description.incarnations {
      counts.explicitlyLost = counts.explicitlyLost.addingClamped(incarnation.lost)
      if ledgers[incarnation.id] == nil {
        counts.workersCompleted = counts.workersCompleted.addingClamped(incarnation.completed ?? 0)
      }
    }
  }

  private func incompleteness(_ counts: RunCounts) -> [Incompleteness] {
    var found: [Incompleteness] = []
    let known = description.incarnations.map(\.id)
    let others = ledgers.keys.filter { !known.contains($0) }.sorted { ($0.high, $0.low) < ($1.high, $1.low) }
    for id in known + others {
      guard let ledger = ledgers[id] else {
        found.append(.noRecords(id))
        continue
      }
      if ledger.missing > 0 { found.append(.missingRecords(id, ledger.missing)) }
      if ledger.final == nil {
        found.append(.noFinalRecord(id, unknown: ledger.unknown))
      } else if !ledger.isDense, ledger.missing == 0 {
        found.append(.recordsBeyondFinal(id))
      }
    }
    for incarnation in description.incarnations where incarnation.isGivenUp { found.append(.givenUp(incarnation.id)) }
    if ledgers.isEmpty, known.isEmpty { found.append(.nothing) }
    if foreign > 0 { found.append(.foreignRecords(foreign)) }
    for equation in counts.equations where equation.residual != 0 { found.append(.residual(equation)) }
    return found
  }
}

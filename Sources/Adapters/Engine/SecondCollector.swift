import Measuring
import Model

/// Puts together what the loops sealed of one second: all that was measured, and apart from it what is the warm-up's.
struct SecondCollector {
  private let plan: CompiledPlan
  private var measured: Part
  private var warmUp: Part
  private let second: UInt32
  private var from = TimeSpan.longest
  private var to = TimeSpan.zero
  private var loops: [LoopSecond] = []
  private var isWarmUp = false

  /// One phase's share.
  private struct Part {
    var schedule = ScheduleCounts()
    var worker = WorkerHistograms()
    var names: [NameInterval]
    var used: [Bool]
    var iterations: [IterationInterval]
    var hasIterations: [Bool]

    init(_ plan: CompiledPlan) {
      names = plan.names.map { NameInterval(name: $0) }
      used = Array(repeating: false, count: names.count)
      iterations = plan.scenarios.map { IterationInterval(name: $0) }
      hasIterations = Array(repeating: false, count: iterations.count)
    }

    mutating func add(_ bank: Bank, _ plan: CompiledPlan) {
      worker.lateness.merge(bank.histogram(.lateness))
      worker.fromWoke.merge(bank.histogram(.fromWoke))
      worker.response.merge(bank.histogram(.response))
      for name in names.indices where bank.add(name, to: &names[name]) { used[name] = true }
      for (index, row) in plan.checks.rows.enumerated() {
        var count = CheckCount(name: row.check)
        if !bank.add(check: index, to: &count) { continue }
        used[row.name] = true
        if let place = names[row.name].checks.firstIndex(where: { $0.name == row.check }) {
          names[row.name].checks[place].passed += count.passed
          names[row.name].checks[place].failed += count.failed
        } else {
          names[row.name].checks.append(count)
        }
      }
      for index in iterations.indices where bank.add(scenario: index, to: &iterations[index]) {
        hasIterations[index] = true
      }
    }

    mutating func add(_ row: CauseTable.Row, _ count: UInt64) {
      used[row.name] = true
      if let place = names[row.name].causes.firstIndex(where: { $0.kind == row.kind && $0.text == row.text }) {
        names[row.name].causes[place].count += count
      } else {
        names[row.name].causes.append(CauseCount(kind: row.kind, text: row.text, count: count))
      }
    }

    var isEmpty: Bool { schedule == ScheduleCounts() && !used.contains(true) && !hasIterations.contains(true) }
  }

  init(_ plan: CompiledPlan, second: UInt32) {
    self.plan = plan
    self.second = second
    measured = Part(plan)
    warmUp = Part(plan)
  }

  mutating func add(_ facts: BankExchange.Facts, _ bank: Bank, warmUp other: Bank?) {
    from = min(from, TimeSpan(nanoseconds: facts.from))
    to = max(to, TimeSpan(nanoseconds: facts.to))
    loops.append(facts.loop)
    isWarmUp = isWarmUp || facts.isWarmUp
    measured.schedule.add(facts.schedule)
    warmUp.schedule.add(facts.warmUp)
    measured.add(bank, plan)
    if let other { warmUp.add(other, plan) }
    for row in facts.causes {
      if row.measured > 0 { measured.add(row, row.measured) }
      if row.warmUp > 0 { warmUp.add(row, row.warmUp) }
    }
  }

  /// The second's intervals, without keys: the one that says how the loops fared last, before it what else there is.
  func intervals() -> [Interval] {
    let main = interval(isWarmUp ? warmUp : measured, isWarmUp: isWarmUp, loops: loops)
    let other = isWarmUp ? measured : warmUp
    return other.isEmpty ? [main] : [interval(other, isWarmUp: !isWarmUp, loops: []), main]
  }

  private func interval(_ part: Part, isWarmUp: Bool, loops: [LoopSecond]) -> Interval {
    let none = Identifier(high: 0, low: 0)
    var interval = Interval(
      key: Interval.Key(run: none, incarnation: none, sequence: 0), second: second, from: from, to: to)
    interval.phase = plan.phases.phase(at: from, isWarmUp: isWarmUp)
    interval.loops = loops
    interval.schedule = part.schedule
    interval.worker = part.worker
    interval.names = zip(part.names, part.used).filter(\.1).map(\.0)
    interval.iterations = zip(part.iterations, part.hasIterations).filter(\.1).map(\.0)
    return interval
  }
}

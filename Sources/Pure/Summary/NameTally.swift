import Measuring

/// One name's sums over the run so far.
struct NameTally: Sendable {
  var counts = RequestCounts()
  var histograms = NameHistograms()
  private var statuses: [UInt16: UInt64] = [:]
  private var errors = ErrorTally()
  private(set) var checks: [CheckCount] = []
  private var causes = CauseTally()

  mutating func add(_ name: NameInterval) {
    counts.add(name.counts)
    histograms.merge(name.histograms)
    for status in name.statuses where status.count > 0 {
      statuses[status.status] = (statuses[status.status] ?? 0).addingClamped(status.count)
    }
    for error in name.errors { errors.add(error) }
    for check in name.checks { add(check) }
    for cause in name.causes { causes.add(cause) }
  }

  private mutating func add(_ check: CheckCount) {
    guard let place = checks.firstIndex(where: { $0.name == check.name }) else { return checks.append(check) }
    checks[place].passed = checks[place].passed.addingClamped(check.passed)
    checks[place].failed = checks[place].failed.addingClamped(check.failed)
  }

  mutating func add(_ other: NameTally) {
    counts.add(other.counts)
    histograms.merge(other.histograms)
    for (status, count) in other.statuses { statuses[status] = (statuses[status] ?? 0).addingClamped(count) }
    for error in other.errors.sorted { errors.add(error) }
    for check in other.checks { add(check) }
    for cause in other.causes.sorted { causes.add(cause) }
  }

  /// - Parameter seconds: to the run's last end; nothing is a rate of no time.
  func summary(name: String, tenant: String, seconds: Double) -> NameSummary {
    func perSecond(_ count: UInt64) -> Double { seconds > 0 ? Double(count) / seconds : 0 }
    return NameSummary(
      name: name, tenant: tenant, counts: counts,
      statuses: statuses.sorted { $0.key < $1.key }.map { StatusCount(status: $0.key, count: $0.value) },
      errors: errors.sorted, checks: checks, causes: causes.sorted,
      response: LatencyFigures(accepted: histograms.response, censored: histograms.censored),
      service: LatencyFigures(accepted: histograms.service, censored: histograms.censoredService),
      failed: LatencyFigures(accepted: histograms.failed),
      connect: LatencyFigures(accepted: histograms.connect),
      firstByte: LatencyFigures(accepted: histograms.firstByte),
      rps: perSecond(counts.completed), throughput: perSecond(counts.accepted))
  }
}

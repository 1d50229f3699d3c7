public import Measuring

/// What thresholds are held against: all that was measured under a name, or under all of them, warm-up left out.
public struct MeasuredFigures: Sendable {
  public var counts = RequestCounts()
  /// end − intended, over accepted and given-up requests.
  public var response = PercentileCurve()
  public var checksPassed: UInt64 = 0
  public var checksFailed: UInt64 = 0
  /// The measured time to the run's last end.
  public var seconds: Double
}

extension SummaryBuilder {
  /// - Parameter name: its tenants are put together; nil: all names.
  /// - Returns: nil where nothing has that name.
  public func measured(_ name: String?) -> MeasuredFigures? {
    var tally = NameTally()
    var isKnown = name == nil
    for (key, row) in rows where name == nil || key.name == name {
      tally.add(names[row])
      isKnown = true
    }
    if !isKnown { return nil }
    var figures = MeasuredFigures(seconds: measuredSeconds)
    figures.counts = tally.counts
    figures.response = PercentileCurve(accepted: tally.histograms.response, censored: tally.histograms.censored)
    for check in tally.checks {
      figures.checksPassed = figures.checksPassed.addingClamped(check.passed)
      figures.checksFailed = figures.checksFailed.addingClamped(check.failed)
    }
    return figures
  }
}

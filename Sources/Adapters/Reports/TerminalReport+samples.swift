import Summary

extension TerminalReport {
  /// How many requests were kept one by one and where, and what was left out.
  mutating func samples(_ directory: String?) {
    guard let samples = summary.description.samples else { return }
    gap()
    let place = (directory.map { $0 + "/" } ?? "") + SampleCount.fileName
    let kept = FigureText.count(samples.kept)
    let share = samples.oneIn == 1 ? "" : " (one response in \(FigureText.count(samples.oneIn)))"
    if samples.leftOut == 0 {
      let all = samples.oneIn == 1 ? "all " : ""
      return add("Samples: \(all)\(kept) requests\(share) in \(place.harmless)", hanging: "  ")
    }
    let drawn = FigureText.count(samples.kept + samples.leftOut)
    add("Samples: \(kept) of \(drawn) requests\(share) in \(place.harmless); left out are", hanging: "  ")
    let reasons = [
      (samples.missed, "came faster than they could be written"),
      (samples.beyondBound, "beyond --samples-bound"),
      (samples.unwritten, "not written: \(samples.problem.harmless)"),
    ]
    for (count, reason) in reasons where count > 0 {
      add("\(FigureText.count(count)) \(reason)", indent: "  - ", hanging: "    ")
    }
  }
}

import Model
import Summary

extension TerminalReport {
  /// How many failing exchanges were kept and where, and the first one of each kind.
  mutating func exchanges(_ directory: String?) {
    if kept.count == 0 { return }
    gap()
    let place = (directory.map { $0 + "/" } ?? "") + FailureText.fileName
    let count = FigureText.count(UInt64(kept.count))
    add(
      "Kept whole: \(count) failing \(kept.count == 1 ? "exchange" : "exchanges") in \(place.harmless)", hanging: "  ")
    for first in kept.first {
      var text = "first \(first.kind.harmless) at \(FigureText.span(first.end)): \(first.name.harmless)"
      if !first.cause.isEmpty { text += ", \(first.cause.harmless)" }
      add(DisplayText.shortened(text, to: 2 * width), indent: "  ", hanging: "    ")
    }
  }
}

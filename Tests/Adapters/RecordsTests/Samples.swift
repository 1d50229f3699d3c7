import Measuring
import Model

extension Interval {
  /// A second with one name in it, different for each sequence.
  static func sample(sequence: Int) -> Interval {
    let key = Key(
      run: Identifier(high: 1, low: 2), incarnation: Identifier(high: 3, low: 4), sequence: UInt64(sequence))
    var interval = Interval(
      key: key, second: UInt32(sequence - 1), from: .seconds(Int64(sequence - 1)), to: .seconds(Int64(sequence)))
    var name = NameInterval(name: "GET /")
    name.counts.started = UInt64(sequence)
    name.histograms.response.record(UInt32(sequence * 1_000), times: UInt64(sequence))
    interval.names = [name]
    return interval
  }
}

import Bytes
import Measuring

extension Form<Histogram> {
  /// The buckets in use only: their number, then for each how many buckets were skipped and its count, then
  /// sum, least and greatest value; an empty histogram is the number 0 alone.
  static var histogram: Form {
    Form("histogram", least: 1, isEmpty: { $0.count == 0 }) { histogram, writer in
      writer.writeVarint(UInt64(histogram.buckets.count))
      if histogram.buckets.isEmpty { return }
      var next = 0
      for (bucket, count) in histogram.used {
        writer.writeVarint(UInt64(Int(bucket) - next))
        writer.writeVarint(count)
        next = Int(bucket) + 1
      }
      writer.writeVarint(histogram.sum)
      writer.writeVarint(UInt64(histogram.min))
      writer.writeVarint(UInt64(histogram.max))
    } read: { (reader: inout FieldReader) throws(WireError) -> Histogram in
      let used = try reader.count(ofAtLeast: 2)
      if used == 0 { return Histogram() }
      let counts = try buckets(used, from: &reader)
      // A time, no count: half an hour of fifty million waiting requests is 10^17 µs and still no number too many.
      let sum = try reader.varint()
      let least = try reader.varint()
      let greatest = try reader.varint()
      guard let min = UInt32(exactly: least), let max = UInt32(exactly: greatest),
        let histogram = Histogram(counts: counts, sum: sum, min: min, max: max)
      else {
        throw WireError(
          place: "", found: "least \(least) and greatest \(greatest)",
          expected: "values in the lowest and highest bucket in use, the last being \(counts.count - 1)")
      }
      return histogram
    }
  }

  private static func buckets(_ used: Int, from reader: inout FieldReader) throws(WireError) -> [UInt64] {
    var counts: [UInt64] = []
    for _ in 0..<used {
      let skipped = try reader.varint()
      guard skipped < UInt64(Bucket.count - counts.count) else {
        throw WireError(
          place: "", found: "\(skipped) buckets skipped after \(counts.count)",
          expected: "a bucket below \(Bucket.count)")
      }
      let count = try reader.varint()
      if count == 0 { throw WireError(place: "", found: "a bucket's count of 0", expected: "1 or more") }
      try reader.budget.claim(total: count)
      counts.append(contentsOf: repeatElement(0, count: Int(skipped)))
      counts.append(count)
    }
    try reader.budget.claim(buckets: counts.count)
    return counts
  }
}

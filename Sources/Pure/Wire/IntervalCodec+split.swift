import Bytes
import Measuring

extension IntervalCodec {
  /// The interval as parts that each encode to at most `limit` bytes, in the order in which to send them.
  ///
  /// The parts' sum is the interval: each name stands in one part; loops, host, schedule, the worker's histograms and
  /// iterations in the first only, `final` in the last only. Sequences go on from the interval's own, so the caller's next
  /// sequence is the last part's + 1, and `final.records` counts the parts that were added.
  /// A single name that is longer than the limit makes a part of its own that is longer too (it stays below
  /// `Frame.longest`: a name's histograms, counters and statuses can't fill 2 MiB).
  public static func split(_ interval: Interval, limit: Int = IntervalCodec.limit) -> [Interval] {
    let sizes = interval.names.map(NameSize.init)
    var head = interval
    head.names = []
    var rest = interval
    rest.loops = []
    rest.host = HostSecond()
    rest.schedule = ScheduleCounts()
    rest.worker = WorkerHistograms()
    rest.iterations = []
    rest.names = []
    let parts = cut(sizes, first: NameSize(head: head), later: NameSize(head: rest), limit: limit)
    return parts.enumerated().map { index, names in
      var part = index == 0 ? head : rest
      part.names = Array(interval.names[names])
      part.key.sequence = interval.key.sequence &+ UInt64(index)
      part.final = index == parts.count - 1 ? interval.final : nil
      part.final?.records &+= UInt64(index)
      return part
    }
  }

  /// Ranges of names, one for each part; at least one, perhaps empty.
  private static func cut(
    _ sizes: [NameSize], first: NameSize, later: NameSize, limit: Int
  ) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = 0
    var sum = first
    for (index, size) in sizes.enumerated() {
      let fits =
        sum.bytes + size.bytes <= limit && sum.buckets + size.buckets <= FieldReader.Budget.mostBuckets
      if !fits, index > start || parts.isEmpty {
        parts.append(start..<index)
        start = index
        sum = later
      }
      sum.bytes += size.bytes
      sum.buckets += size.buckets
    }
    parts.append(start..<sizes.count)
    return parts
  }
}

/// What a name, or everything but the names, takes up in a record.
private struct NameSize {
  var bytes: Int
  var buckets: Int

  init(_ name: NameInterval) {
    var writer = ByteWriter()
    IntervalTables.name.form.write(name, &writer)
    bytes = writer.bytes.count
    let histograms = name.histograms
    buckets = [
      histograms.response, histograms.service, histograms.failed, histograms.censored, histograms.censoredService,
      histograms.connect, histograms.firstByte,
    ].reduce(0) { $0 + $1.counts.count }
  }

  /// The head and the tail, with room for what grows with the names: their number and the sequence.
  init(head: Interval) {
    bytes = IntervalCodec.encode(head).count + 16
    let worker = head.worker
    buckets = worker.lateness.counts.count + worker.fromWoke.counts.count + worker.response.counts.count
    for iteration in head.iterations { buckets += iteration.duration.counts.count }
  }
}

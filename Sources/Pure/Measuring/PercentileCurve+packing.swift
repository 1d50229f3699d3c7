import Bytes

extension PercentileCurve {
  /// Writes it as numbers of one to ten bytes each, three for a typical rung: the form for keeping very many.
  public func pack(into writer: inout ByteWriter) {
    writer.writeVarint(UInt64(rungs.count))
    for extent in [accepted, censored] {
      writer.writeVarint(extent.count)
      if extent.count == 0 { continue }
      writer.writeVarint(extent.sum)
      writer.writeVarint(UInt64(extent.min))
      writer.writeVarint(UInt64(extent.max))
    }
    var last: UInt16 = 0
    for rung in rungs {
      writer.writeVarint(UInt64(rung.bucket &- last))
      last = rung.bucket
      // One number where nothing was given up, which is nearly always.
      writer.writeVarint(rung.censored == 0 ? rung.accepted : 0)
      if rung.censored > 0 {
        writer.writeVarint(rung.accepted)
        writer.writeVarint(rung.censored)
      }
    }
  }

  /// Reads what `pack` wrote; nil for bytes that it did not write.
  public init?(packed reader: inout ByteReader) {
    guard let count = reader.varint(), count <= UInt64(Bucket.count), let accepted = Extent(packed: &reader),
      let censored = Extent(packed: &reader)
    else { return nil }
    self.init()
    self.accepted = accepted
    self.censored = censored
    rungs.reserveCapacity(Int(count))
    var bucket: UInt64 = 0
    for _ in 0..<count {
      guard let step = reader.varint(), step < UInt64(Bucket.count), let first = reader.varint() else { return nil }
      bucket += step
      var rung = Rung(bucket: UInt16(clamping: bucket), accepted: first, censored: 0)
      if first == 0 {
        guard let plain = reader.varint(), let given = reader.varint() else { return nil }
        rung.accepted = plain
        rung.censored = given
      }
      guard bucket < UInt64(Bucket.count) else { return nil }
      rungs.append(rung)
    }
  }

  /// All of them merged: for many at once much cheaper than one after the other.
  public static func sum(of curves: some Sequence<PercentileCurve>) -> PercentileCurve {
    var total = PercentileCurve()
    var accepted: [UInt64] = Array(repeating: 0, count: Bucket.count)
    var censored = accepted
    for curve in curves {
      total.accepted.merge(curve.accepted)
      total.censored.merge(curve.censored)
      for rung in curve.rungs {
        accepted[Int(rung.bucket)] = accepted[Int(rung.bucket)].addingClamped(rung.accepted)
        censored[Int(rung.bucket)] = censored[Int(rung.bucket)].addingClamped(rung.censored)
      }
    }
    for bucket in 0..<Bucket.count where accepted[bucket] | censored[bucket] != 0 {
      total.rungs.append(
        Rung(
          bucket: UInt16(truncatingIfNeeded: bucket), accepted: accepted[bucket], censored: censored[bucket]))
    }
    return total
  }
}

extension PercentileCurve.Extent {
  fileprivate init?(packed reader: inout ByteReader) {
    guard let count = reader.varint() else { return nil }
    self.init()
    self.count = count
    if count == 0 { return }
    guard let sum = reader.varint(), let min = reader.varint(), let max = reader.varint(), min <= UInt64(UInt32.max),
      max <= UInt64(UInt32.max)
    else { return nil }
    self.sum = sum
    self.min = UInt32(min)
    self.max = UInt32(max)
  }
}

extension ByteReader {
  /// The next number; nil at the end and for one beyond 64 bits.
  fileprivate mutating func varint() -> UInt64? {
    (try? readVarint()) ?? nil
  }
}

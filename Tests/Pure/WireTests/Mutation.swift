import Measuring

@testable import Wire

/// Makes damaged frames out of whole ones.
struct Mutation {
  private let frames: [[UInt8]]

  /// Draws the records to begin with: small, so that a mutation hits something that matters.
  init(_ source: inout SplitMix) {
    frames = (0..<40).map { _ in
      var interval = Interval.random(&source)
      interval.names = interval.names.prefix(2).map { $0.small(&source) }
      interval.loops = Array(interval.loops.prefix(1))
      interval.worker = WorkerHistograms()
      interval.worker.response.record(UInt32(source.number(bits: 12)))
      return IntervalCodec.encode(interval)
    }
  }

  /// Begins with these frames.
  init(frames: [[UInt8]]) {
    self.frames = frames
  }

  /// One frame with one to four changes; its length mostly set right again, so that the fields are reached.
  func damaged(_ source: inout SplitMix) -> [UInt8] {
    var bytes = any(&source)
    for _ in 0...source.next() % 4 { change(&bytes, &source) }
    if bytes.count >= 4, !source.chance(8) {
      let length = UInt32(bytes.count - 4)
      for place in 0..<4 { bytes[place] = UInt8(truncatingIfNeeded: length >> UInt32(place * 8)) }
    }
    return bytes
  }

  private func any(_ source: inout SplitMix) -> [UInt8] { frames[Int(source.next() % UInt64(frames.count))] }

  private func change(_ bytes: inout [UInt8], _ source: inout SplitMix) {
    if bytes.isEmpty { return }
    let place = Int(source.next() % UInt64(bytes.count))
    switch source.next() % 7 {
    case 0: bytes[place] ^= 1 << UInt8(source.next() % 8)
    case 1: bytes[place] = UInt8(truncatingIfNeeded: source.next())
    case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][Int(source.next() % 5)]
    case 3: bytes.insert(UInt8(truncatingIfNeeded: source.next()), at: place)
    case 4: bytes.remove(at: place)
    case 5: bytes.removeLast(bytes.count - place)
    default:
      let other = any(&source)
      let start = Int(source.next() % UInt64(other.count))
      bytes.replaceSubrange(place..., with: other[start...])
    }
  }
}

extension NameInterval {
  /// The same with fewer elements and two short histograms.
  fileprivate func small(_ source: inout SplitMix) -> NameInterval {
    var name = self
    name.topUsers = Array(topUsers.prefix(2))
    name.histograms = NameHistograms()
    for _ in 0..<3 {
      name.histograms.response.record(UInt32(source.number(bits: 14)), times: 2)
      name.histograms.connect.record(UInt32(source.number(bits: 8)))
    }
    return name
  }
}

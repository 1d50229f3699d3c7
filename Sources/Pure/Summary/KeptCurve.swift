import Bytes
import Measuring

/// A second's curve: open while records of the second come, then packed into about three bytes a bucket in use, with
/// its figures at hand. Exact in both forms; a late record opens it again.
struct KeptCurve: Sendable {
  private enum Form: Sendable {
    case open(PercentileCurve)
    case packed([UInt8], SecondFigures)
  }

  private var form = Form.open(PercentileCurve())

  mutating func merge(_ other: PercentileCurve) {
    var curve = curve
    form = .open(PercentileCurve())
    curve.merge(other)
    form = .open(curve)
  }

  /// Makes it small.
  mutating func pack() {
    guard case .open(let curve) = form else { return }
    var writer = ByteWriter()
    curve.pack(into: &writer)
    // A writer's array has room to grow, which is what packing is to save.
    form = .packed(Array(writer.bytes[...]), SecondFigures(curve))
  }

  var figures: SecondFigures {
    switch form {
    case .open(let curve): SecondFigures(curve)
    case .packed(_, let figures): figures
    }
  }

  var isPacked: Bool {
    switch form {
    case .open: false
    case .packed: true
    }
  }

  var curve: PercentileCurve {
    switch form {
    case .open(let curve): return curve
    case .packed(let bytes, _):
      var reader = ByteReader(bytes)
      // Its own bytes: they always read.
      return PercentileCurve(packed: &reader) ?? PercentileCurve()
    }
  }
}

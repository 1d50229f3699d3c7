import Bytes
import Measuring

/// A second's curve: open while records of the second come, then packed into about three bytes a bucket in use, with
/// its figures at hand. Exact in both forms; a late record opens it again.
struct KeptCurve: Sendable {
  private enum Form: Sendable {
    case open(PercentileCurve)
    case packed([UInt8], SecondFigures)
    /// Somebody else has the curve.
    case elsewhere(SecondFigures)
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

  /// Keeps the figures alone: the curve is kept elsewhere, and has to be given back before it is merged or asked for.
  mutating func entrust() { form = .elsewhere(figures) }

  mutating func takeBack(_ curve: PercentileCurve) { form = .open(curve) }

  var isElsewhere: Bool {
    switch form {
    case .elsewhere: true
    case .open, .packed: false
    }
  }

  var figures: SecondFigures {
    switch form {
    case .open(let curve): SecondFigures(curve)
    case .packed(_, let figures), .elsewhere(let figures): figures
    }
  }

  var isPacked: Bool {
    switch form {
    case .open: false
    case .packed, .elsewhere: true
    }
  }

  var curve: PercentileCurve {
    switch form {
    case .open(let curve): return curve
    case .packed(let bytes, _):
      var reader = ByteReader(bytes)
      // Its own bytes: they always read.
      return PercentileCurve(packed: &reader) ?? PercentileCurve()
    case .elsewhere:
      return PercentileCurve()
    }
  }
}

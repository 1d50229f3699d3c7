/// Sine and cosine without a C library: the same on every machine, right to about 10^-15.
public enum Turn {
  /// Of an angle in radians, best near 0 to 2π.
  public static func sineAndCosine(of angle: Double) -> (sine: Double, cosine: Double) {
    let quarter = (angle * 0.636_619_772_367_581_4).rounded()
    guard abs(quarter) < 1e15 else { return (0, 1) }
    // π/2 in two parts, so that nothing is lost where they nearly cancel.
    let a = (angle - quarter * 1.570_796_326_794_896_6) - quarter * 6.123_233_995_736_766e-17
    let z = a * a
    let sine =
      a
      * (1 - z / 6
        * (1 - z / 20 * (1 - z / 42 * (1 - z / 72 * (1 - z / 110 * (1 - z / 156 * (1 - z / 210 * (1 - z / 272))))))))
    let cosine =
      1 - z / 2
      * (1 - z / 12 * (1 - z / 30 * (1 - z / 56 * (1 - z / 90 * (1 - z / 132 * (1 - z / 182 * (1 - z / 240)))))))
    return switch Int(quarter) & 3 {
    case 0: (sine, cosine)
    case 1: (cosine, -sine)
    case 2: (-sine, -cosine)
    case _: (-cosine, sine)
    }
  }
}

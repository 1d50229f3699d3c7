import Pacing
import Testing

@Suite struct NaturalLogarithmTests {
  /// From Python's decimal with 50 digits.
  @Test(arguments: [
    (1e-300, -690.7755278982137), (Double.leastNonzeroMagnitude, -744.4400719213812), (1e-17, -39.14394658089878),
    (0.1, -2.3025850929940455), (0.5, -0.6931471805599453), (0.7071067811865475, -0.34657359027997275),
    (0.7071067811865476, -0.3465735902799726), (0.9999999999999999, -1.1102230246251565e-16), (1, 0),
    (1.0000000000000002, 2.2204460492503128e-16), (1.4142135623730951, 0.3465735902799727),
    (1.4142135623730954, 0.34657359027997287), (2, 0.6931471805599453), (2.718281828459045, 1),
    (10, 2.302585092994046), (123456.789, 11.723646487185881), (1.7976931348623157e308, 709.782712893384),
  ]) func values(x: Double, expected: Double) {
    #expect(abs(naturalLogarithm(x) - expected) <= 4 * expected.magnitude.ulp)
  }

  @Test func edges() {
    #expect(naturalLogarithm(0) == -.infinity && naturalLogarithm(.infinity) == .infinity)
    #expect(naturalLogarithm(-1).isNaN && naturalLogarithm(.nan).isNaN)
  }
}

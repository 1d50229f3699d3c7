import Model
import Testing

@testable import ConsumerRole

struct BackOffTests {
  @Test func waitsDoubleUpToTenSecondsAndNeverAreZero() {
    var source = SystemRandomNumberGenerator()
    var backOff = BackOff.ofConsumer
    for bound in [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000] {
      let wait = backOff.nextPause(&source)
      #expect(wait >= .milliseconds(bound / 2) && wait <= .milliseconds(bound))
    }
  }
}

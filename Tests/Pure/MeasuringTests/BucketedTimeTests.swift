import Measuring
import Testing

@Suite struct BucketedTimeTests {
  @Test(
    arguments: [
      (0, 0), (999, 0), (1_000, 1), (1_999, 1), (-1, 0), (-5_000_000, 0), (.min, 0), (4_294_967_295_999, .max),
      (4_294_967_296_000, .max), (.max, .max),
    ] as [(Int64, UInt32)])
  func wholeMicroseconds(_ nanoseconds: Int64, _ expected: UInt32) {
    #expect(BucketedTime(nanoseconds: nanoseconds).microseconds == expected)
  }
}

import Measuring
import Summary
import Testing

@Suite struct ExitVerdictTests {
  @Test(
    arguments: [
      (.planEnded, true, 1, 0), (.planEnded, true, 0, 2), (.planEnded, false, 1, 3), (.planEnded, false, 0, 3),
      (.stopped, true, 1, 105), (.stopped, true, 0, 105), (.stopped, false, 1, 3), (.aborted, true, 1, 105),
      (.aborted, false, 9, 3), (.unreachable, true, 0, 2), (.unreachable, false, 0, 2), (.failed, true, 5, 2),
      (.failed, false, 5, 2), (nil, false, 5, 3), (nil, true, 0, 2),
    ] as [(EndReason?, Bool, UInt64, Int32)])
  func codes(_ reason: EndReason?, _ isComplete: Bool, _ accepted: UInt64, _ code: Int32) {
    #expect(ExitVerdict(endReason: reason, isComplete: isComplete, accepted: accepted).exitCode == code)
  }
}

import Model
import TestSupport
import Testing

@testable import RunSession

@Suite struct LoopWaitsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("tasks") }

  private func thread(_ id: Int, _ name: String, _ schedstat: String) throws {
    try folder.write("proc/self/task/\(id)/comm", name + "\n")
    try folder.write("proc/self/task/\(id)/schedstat", schedstat + "\n")
  }

  /// The longest of the loops, less what switching costs; other threads may wait as long as they like.
  @Test func theLoopThatWaitedLongest() throws {
    try thread(1, "run", "5 900000000 3")
    try thread(2, "loop-0", "100 1000000 10")
    try thread(3, "loop-1", "100 1000000 10")
    var waits = LoopWaits(files: HostFiles(root: folder.path))
    #expect(waits.second() == .zero)
    try thread(1, "run", "5 1900000000 4")
    try thread(2, "loop-0", "100 31000000 110")
    try thread(3, "loop-1", "100 21000000 20")
    // 30 ms in 100 turns, 20 ms in 10.
    #expect(waits.second() == .microseconds(28_000))
    #expect(waits.second() == .zero)
    // One that begins later has waited since then.
    try thread(4, "loop-2", "1 3000000 1")
    #expect(waits.second() == .microseconds(2_980))
  }

  @Test(arguments: ["", "1", "1 2", "1 x 3", "1 -5 3", "1 99999999999999999999 2", "1 5 9223372036854775807"])
  func whatCannotBeReadIsNothing(schedstat: String) throws {
    try thread(2, "loop-0", schedstat)
    var waits = LoopWaits(files: HostFiles(root: folder.path))
    #expect(waits.second() == .zero)
    try thread(2, "loop-0", "1 9223372036854775807 1")
    _ = waits.second()
    try thread(2, "loop-0", "1 1 1")
    #expect(waits.second() == .zero)
  }

  @Test func withoutTheFilesThereIsNothing() {
    var waits = LoopWaits(files: HostFiles(root: folder.file("nothing")))
    #expect(waits.second() == .zero)
  }
}

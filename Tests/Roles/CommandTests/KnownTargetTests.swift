import Processes
import TestSupport
import Testing

/// The quick part of `make truth`: the built program against scripts/truth/target.c, starved and healthy.
///
/// Needs the machine for itself: `make test` runs it after all others, alone.
@Suite(.serialized)
struct KnownTargetTests {
  @Test func whatIsReportedIsTrue() throws {
    let done = try ChildProcess.run(
      Command(Places.python, ["\(Places.root)/scripts/truth/run", Places.stampede, "--quick"]), within: .seconds(400))
    #expect(done.exit == .code(0), "\(done.text)\(done.errorText)")
    for part in ["plain, 1 core", "fails, as it must", "healthy runs", "It holds."] {
      #expect(done.text.contains(part))
    }
  }
}

import Model
import RunSession
import Summary
import TestSupport
import Testing

/// Each way in which scripts/targets/broken.py replies wrongly, and what it must be counted as.
@Suite(.serialized)
struct BrokenReplyTests {
  static let malformed = [
    "/garbage", "/status-line", "/version", "/length-text", "/length-negative", "/length-huge",
    "/lengths-differ", "/chunk-size", "/chunk-sign", "/chunk-huge", "/chunk-end", "/switch", "/endless-head",
  ]
  static let reset = [
    "/body-short", "/body-reset", "/chunk-short", "/chunk-reset", "/head-half", "/head-reset", "/close", "/reset",
  ]
  static let accepted = [
    "/header", "/no-length", "/no-reason", "/bare-lf", "/fold", "/lengths-equal", "/length-and-chunked", "/chunked",
    "/continue", "/hints", "/no-content", "/http10", "/connection-close", "/surplus", "/redirect?n=2",
  ]
  static let requests: UInt64 = 6

  @Test(arguments: [true, false])
  func everyWayIsCountedAsItsKind(isOpen: Bool) async throws {
    let target = try ScriptTarget("broken")
    let paths = Self.malformed + Self.reset + Self.accepted + ["/500"]
    let urls = paths.map { (name: $0, url: target.url($0), weight: 1) }
    let count = UInt64(paths.count) * Self.requests
    let load = try plan(
      isOpen ? .arrivals(.perSecond(200)) : .users(1), urls, duration: isOpen ? .seconds(10) : nil, requests: count
    ) { $0.options.timeout = .seconds(5) }
    let outcome = try await run(load, cores: 1)
    expectSound(outcome)
    let tally = try Tally(target.finish())
    for path in paths {
      let row = try outcome.summary.name(path)
      #expect(row.counts.completed == Self.requests)
      let kind: ErrorKind? =
        Self.malformed.contains(path)
        ? .malformed : Self.reset.contains(path) ? .reset : Self.accepted.contains(path) ? nil : .status
      #expect(row.failures == (kind.map { [$0: Self.requests] } ?? [:]), "\(path)")
      #expect(row.ok == (kind == nil ? Self.requests : 0), "\(path)")
      let received = UInt64(tally["received", String(path.prefix { $0 != "?" })])
      #expect(row.counts.answered <= received, "\(path)")
      #expect(received <= row.counts.written + row.counts.resent, "\(path)")
    }
    #expect(outcome.summary.totals.response.censored == 0)
    #expect(outcome.summary.verdict == .passed)
  }
}

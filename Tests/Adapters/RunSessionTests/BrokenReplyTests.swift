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
    ) {
      $0.options.timeout = .seconds(5)
      $0.options.redirects = 0
    }
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

  static let wrong = ["/cut-head", "/cut-body", "/length", "/chunk", "/status", "/long"]

  /// A run against scripts/targets/mutants.py, whose seed is printed; what must hold of it whatever the replies are.
  private func mutants(
    of paths: [String], isOpen: Bool, requests: UInt64
  ) async throws -> (outcome: RunOutcome, seed: String) {
    let seed = "--seed \(Int.random(in: 1...1_000_000_000))"
    print("mutants.py \(seed)")
    let target = try ScriptTarget("mutants", seed.split(separator: " ").map(String.init))
    let weights = ["/good": 8, "/long": 1, "/status": 4, "/length": 4, "/chunk": 4]
    let urls = paths.map { (name: $0, url: target.url($0), weight: weights[$0] ?? 3) }
    let load = try plan(isOpen ? .arrivals(.perSecond(300)) : .users(6), urls, requests: requests) {
      $0.options.timeout = .seconds(20)
    }
    let begin = ContinuousClock.now
    let outcome = try await run(load, cores: isOpen ? 1 : 2)
    expectSound(outcome)
    let totals = outcome.summary.totals
    #expect(ContinuousClock.now - begin < .seconds(100), "\(seed)")
    #expect(totals.counts.completed == requests, "\(seed)")
    // A reply is only cut, wrong, of a status that is no success, or a redirect to nowhere; none is waited for.
    let kinds: Set<ErrorKind> = [.malformed, .reset, .status, .redirect]
    #expect(Set(totals.failures.keys).isSubset(of: kinds), "\(totals.failures), \(seed)")
    #expect(totals.response.censored == 0, "\(seed)")
    return (outcome, seed)
  }

  /// Each reply that is made wrong by a seed is a failure of its request, and right ones among them are taken in
  /// whatever pieces they come.
  @Test(arguments: [true, false])
  func mutantsAreFailuresAndNothingElse(isOpen: Bool) async throws {
    let (outcome, seed) = try await mutants(of: Self.wrong + ["/good"], isOpen: isOpen, requests: isOpen ? 900 : 2_100)
    for path in Self.wrong {
      let row = try outcome.summary.name(path)
      #expect(row.ok == 0 && row.counts.completed > 20, "\(path), \(seed)")
    }
    let good = try outcome.summary.name("/good")
    #expect(good.err == 0 && good.ok > 200, "\(good.failures), \(seed): \(outcome.causes)")
  }

  /// Changed anywhere, a reply may still be one; and what stands behind its end may be the next one's, which is why these
  /// have a run of their own.
  @Test(arguments: [true, false])
  func whateverComesEndsARequest(isOpen: Bool) async throws {
    let (outcome, seed) = try await mutants(of: ["/any"], isOpen: isOpen, requests: isOpen ? 900 : 2_100)
    let totals = outcome.summary.totals
    #expect(totals.ok > 0 && totals.err > 0, "\(seed)")
  }
}

import Measuring
import Model
import Reports
import Summary
import Testing

/// Whole reports, word by word.
@Suite struct TerminalReportTests {
  static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Which HTTP the replies came by is said where HTTP/2 was asked for.
  @Test(
    arguments: [
      ("curl 7.88.1 h2", 197, "HTTP/2: all 197 replies"),
      ("curl 7.88.1 h2", 0, "HTTP/1.1: all 197 replies, for the target did not agree to HTTP/2"),
      ("curl 7.88.1 h2c", 7, "HTTP/2: 7 of 197 replies; HTTP/1.1: 190, for not every target agreed to HTTP/2"),
      ("curl 7.88.1 1.1", 0, nil), ("native 1.1", 0, nil),
    ] as [(String, UInt64, String?)])
  func whatWasSpoken(engine: String, http2: UInt64, wanted: String?) throws {
    var summary = try SampleRun.mixed()
    summary.description.engine = engine
    summary.counts.http2 = http2
    let lines = Self.lines(TerminalReport.text(summary, width: 100, colour: false, directory: nil, causes: [:]))
    #expect(lines.first { $0.hasPrefix("HTTP/") } == wanted)
  }

  @Test func aRunWithFailuresAtEightyColumns() throws {
    let text = TerminalReport.text(
      try SampleRun.mixed(), width: 80, colour: false, directory: "runs/20250131-093000-checkout",
      causes: [.reset: "127.0.0.1:8080: Connection reset by peer"])
    #expect(
      text == """
        checkout
        Load: 100/s, open model, for 2s
        Target: http://127.0.0.1:8080/items?page=1 and 1 more (on this machine)

        Response time, from when a request was due to the end of its reply:
        Name     OK  ERR      p50      p90       p99       max    rps
        browse  160    0  4.21 ms  7.60 ms   8.67 ms   8.80 ms   80.0
        pay      35    5  20.0 ms  37.5 ms  ≥ 1.20 s  ≥ 1.20 s   20.0
        All     195    5  5.01 ms  20.0 ms   42.5 ms  ≥ 1.20 s  100.0

        Service time, from when a request was sent to the end of its reply:
        Name         mean      p50      p90       p99       max
        browse    3.83 ms  3.78 ms  6.83 ms   7.82 ms   7.92 ms
        pay     ≥ 51.4 ms  18.0 ms  33.7 ms  ≥ 1.20 s  ≥ 1.20 s
        All     ≥ 12.6 ms  4.50 ms  18.0 ms   38.3 ms  ≥ 1.20 s
        ≥ means at least: 1 request was given up, and how long it would have taken is
        known only from below.

        Failures:
          pay: 1 × no full reply in time (timeout), 2 × connection closed before the
            reply was whole (reset), 2 × unwanted status (status)
          first reset: 127.0.0.1:8080: Connection reset by peer
        Time to fail: p50 1.10 ms, p99 6.00 ms, max 6.00 ms (4 failures, none of them in
          the tables above)

        Totals: 200 requests, 97.5 % success, 2.00 s, 100.0 rps, avg ≥ 13.3 ms
        Rates: 100.0/s offered over 2.00 s, 97.5/s answered with success
        Status codes: 200 × 195, 503 × 2
        First byte: p50 2.50 ms, p99 20.0 ms, max 21.3 ms (195 replies)
        Connecting: p50 350 µs, p99 350 µs, max 350 µs (4 connections)
        Bytes: 15.6 kB sent, 241 kB received

        Counting: what went in equals what came out, or the result is not complete.
          200 planned = 200 started + 0 unsent + 0 gap: holds
          200 requests started = 200 completed + 0 unknown: holds
          200 workers' completed = 200 stored + 0 explicitly lost: holds
          200 completed = 195 accepted + 5 failed + 0 redirected + 0 retried: holds

        Generator: this machine kept up: 99 % of requests were taken up within 12 µs of
        being due.

        Ended: the plan was done
        Result: passed (exit code 0)
        Saved in runs/20250131-093000-checkout

        """)
  }

  @Test func theTableAtHundredAndTwentyColumns() throws {
    let text = TerminalReport.text(try SampleRun.mixed(), width: 120, colour: false)
    #expect(
      Self.lines(text)[5...8].joined(separator: "\n") == """
        Name     OK  ERR  success       mean      p50      p90      p95       p99       max    rps
        browse  160    0    100 %    4.25 ms  4.21 ms  7.60 ms  8.02 ms   8.67 ms   8.80 ms   80.0
        pay      35    5   87.5 %  ≥ 53.5 ms  20.0 ms  37.5 ms  42.5 ms  ≥ 1.20 s  ≥ 1.20 s   20.0
        All     195    5   97.5 %  ≥ 13.3 ms  5.01 ms  20.0 ms  30.0 ms   42.5 ms  ≥ 1.20 s  100.0
        """)
    #expect(!text.contains("Saved in"))
  }

  @Test func aClosedRunSaysWhatThatMeans() throws {
    let text = TerminalReport.text(try SampleRun.closed(), width: 80, colour: false)
    #expect(
      Self.lines(text).prefix(11).joined(separator: "\n") == """
        checkout
        Load: 50 users, closed model, for 1s
        Target: http://shop.example/
        closed model: users wait for replies, so a slow target is asked less often

        Response time, from when a request was due to the end of its reply:
        Name      OK  ERR      p50      p90      p99      max     rps
        /     12 012    0  6.00 ms  10.8 ms  11.9 ms  12.0 ms  12 012

        Service time, from when a request was sent to the end of its reply:
        Name     mean      p50      p90      p99      max
        """)
    #expect(text.contains("\nTotals: 12 012 requests, 100 % success, 1.00 s, 12 012 rps, avg 6.01 ms\n"))
    #expect(!text.contains("Failures"))
    #expect(!text.contains("offered"))
    #expect(text.contains("\n  (planned is what the users started"))
  }

  @Test func aTargetThatNeverAnswered() throws {
    let load = Load(model: .arrivals(try Rate(text: "2/s")), duration: .seconds(10))
    let description = try SampleRun.description(load, targets: [("/", "http://localhost:1/")])
    var name = NameInterval(name: "/")
    SampleRun.fail(&name, .connect, [200, 300])
    let summary = SampleRun.summary(description, [SampleRun.interval(0, [name])], .unreachable)
    let text = TerminalReport.text(
      summary, width: 80, colour: false, causes: [.connect: "http://localhost:1: [::1]:1: Connection refused"])
    #expect(
      text == """
        checkout
        Load: 2/s, open model, for 10s
        Target: http://localhost:1/ (on this machine)

        Response time, from when a request was due to the end of its reply:
        Name  OK  ERR  p50  p90  p99  max  rps
        /      0    2    –    –    –    –  2.0

        Service time, from when a request was sent to the end of its reply:
        Name  mean  p50  p90  p99  max
        /        –    –    –    –    –

        Failures:
          /: 2 × could not connect (connect)
          first connect: http://localhost:1: [::1]:1: Connection refused
        Time to fail: p50 200 µs, p99 300 µs, max 300 µs (2 failures, none of them in
          the tables above)

        Totals: 2 requests, 0 % success, 1.00 s, 2.0 rps
        Rates: 2.0/s offered over 1.00 s, 0.0/s answered with success

        Counting: what went in equals what came out, or the result is not complete.
          2 planned = 2 started + 0 unsent + 0 gap: holds
          2 requests started = 2 completed + 0 unknown: holds
          2 workers' completed = 2 stored + 0 explicitly lost: holds
          2 completed = 0 accepted + 2 failed + 0 redirected + 0 retried: holds

        Generator: this machine kept up: 99 % of requests were taken up within 12 µs of
        being due.

        Ended: no target ever accepted a connection
        Result: failed, not one reply was accepted (exit code 2)

        """)
  }
}

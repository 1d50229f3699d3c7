import Telemetry
import Testing

@Suite struct PrometheusTextTests {
  @Test func countersAndGaugesAreWrittenAsTheFormatSays() {
    var registry = Registry()
    registry.count(
      "stampede_requests_total", help: "Requests by name.", [Label("name", "a"), Label("code", "200")], by: 3)
    registry.count("stampede_requests_total", help: "Requests by name.", [Label("name", "a"), Label("code", "200")])
    registry.count("stampede_requests_total", help: "Requests by name.", [Label("name", "b"), Label("code", "500")])
    registry.set(Figure("stampede_users", .gauge, help: "Users alive.", 12))
    registry.set(Figure("stampede_busy_ratio", .gauge, help: "Share.", 0.25))
    #expect(
      PrometheusText.render(registry) == """
        # HELP stampede_requests_total Requests by name.
        # TYPE stampede_requests_total counter
        stampede_requests_total{name="a",code="200"} 4
        stampede_requests_total{name="b",code="500"} 1
        # HELP stampede_users Users alive.
        # TYPE stampede_users gauge
        stampede_users 12
        # HELP stampede_busy_ratio Share.
        # TYPE stampede_busy_ratio gauge
        stampede_busy_ratio 0.25

        """)
  }

  @Test func histogramsAndSummariesHaveTheirSumAndCount() {
    let bounds = Distribution(count: 10, sum: 2.5, points: [.init(0.1, 4), .init(0.5, 9)])
    let quantiles = Distribution(count: 10, sum: 2.5, points: [.init(0.5, 0.2), .init(0.99, .infinity)])
    let registry = Registry([
      Figure("h_seconds", .histogram, help: "H", [Sample(.distribution(bounds), [Label("name", "x")])]),
      Figure("s_seconds", .summary, help: "S", [Sample(.distribution(quantiles))]),
    ])
    #expect(
      PrometheusText.render(registry) == """
        # HELP h_seconds H
        # TYPE h_seconds histogram
        h_seconds_bucket{name="x",le="0.1"} 4
        h_seconds_bucket{name="x",le="0.5"} 9
        h_seconds_bucket{name="x",le="+Inf"} 10
        h_seconds_sum{name="x"} 2.5
        h_seconds_count{name="x"} 10
        # HELP s_seconds S
        # TYPE s_seconds summary
        s_seconds{quantile="0.5"} 0.2
        s_seconds{quantile="0.99"} +Inf
        s_seconds_sum 2.5
        s_seconds_count 10

        """)
  }

  @Test func whatComesFromOutsideCannotBreakALine() {
    let registry = Registry([
      Figure(
        "9 bad-name", .gauge, help: "a\nb\\c \"q\"",
        [Sample(.number(.nan), [Label("a b", "x\"y\\z\nnew 1")])])
    ])
    #expect(
      PrometheusText.render(registry) == """
        # HELP __bad_name a\\nb\\\\c "q"
        # TYPE __bad_name gauge
        __bad_name{a_b="x\\"y\\\\z\\nnew 1"} NaN

        """)
  }

  @Test func exactCountsStayExactAndNeverWrap() {
    var registry = Registry()
    registry.count("c", help: "", by: 9_007_199_254_740_993)
    #expect(PrometheusText.render(registry).hasSuffix("c 9007199254740993\n"))
    registry.count("c", help: "", by: .max)
    #expect(PrometheusText.render(registry).hasSuffix("c 18446744073709551615\n"))
  }

  @Test func aFamilyWithoutSamplesIsLeftOutAndASecondOneReplacesTheFirst() {
    var registry = Registry([Figure("a", .gauge, help: "A")])
    #expect(PrometheusText.render(registry).isEmpty)
    registry.set(Figure("a", .gauge, help: "A", 1))
    registry.set(Figure("a", .gauge, help: "A", 2))
    #expect(PrometheusText.render(registry) == "# HELP a A\n# TYPE a gauge\na 2\n")
  }
}

import Model
import PlanFiles
import Plans
import Testing

@Suite struct YAMLPlanTests {
  @Test func theWholeFormat() throws {
    let document = try plan(
      """
      name: shop
      base_url: http://localhost:8080/api/
      defaults:
        method: POST
        headers: {Accept: application/json, X-Version: 1.10, X-No: no}
        expect_status: 2xx
      timeout: 5s
      connect_timeout: 1s
      grace: 0
      keep_alive: false
      connections: 40
      insecure_tls: true
      allow_target: [169.254.10.0/24, "fd00::/8"]
      seed: 7
      rate: 30000/m
      duration: 1m30s
      requests: 1000
      scenarios:
        - name: list
          path: /items?page=1
          method: GET
          weight: 3
          timeout: 250ms
          expect_status: 200
        - path: items
          headers:
            accept: text/html
            X-Two: [a, b]
          json_body: {id: 1, price: 1.50, name: no, on: true, none: ~, tags: [a, "1"]}
        - url: https://user:pa%20ss@example.com/x
          body: |
            line
      """)
    #expect(document.format == .yaml)
    #expect(document.name == "shop")
    #expect(document.seed == 7)
    #expect(document.load.rate?.constantRate?.perSecond == 500)
    #expect(document.load.duration == .seconds(90))
    #expect(document.load.requests == 1000)
    #expect(document.options.timeout == .seconds(5))
    #expect(document.options.connectTimeout == .seconds(1))
    #expect(document.options.grace == .zero)
    #expect(!document.options.keepAlive)
    #expect(document.options.connections == 40)
    #expect(document.options.insecureTLS)
    #expect(document.options.policy.allowed.map { "\($0.prefix)/\($0.length)" } == ["169.254.10.0/24", "fd00::/8"])
    let shared = [Header("Accept", "application/json"), Header("X-Version", "1.10"), Header("X-No", "no")]
    #expect(
      document.targets[0]
        == Target(
          name: "list", method: "GET", url: try TargetURL(text: "http://localhost:8080/api/items?page=1"),
          headers: shared, weight: 3, expectedStatus: 200...200, timeout: .milliseconds(250)))
    let second = document.targets[1]
    #expect(second.url.description == "http://localhost:8080/api/items")
    #expect(second.name == "POST localhost:8080/api/items", "two servers in one plan: the name says which")
    #expect(
      second.headers == [
        Header("X-Version", "1.10"), Header("X-No", "no"), Header("accept", "text/html"), Header("X-Two", "a"),
        Header("X-Two", "b"), Header("Content-Type", "application/json"),
      ])
    let json = #"{"id":1,"price":1.50,"name":"no","on":true,"none":null,"tags":["a","1"]}"#
    #expect(String(decoding: second.body, as: UTF8.self) == json)
    #expect(second.expectedStatus == 200...299)
    let third = document.targets[2]
    #expect(third.headers.last == Header("Authorization", "Basic dXNlcjpwYSBzcw=="))
    #expect(third.url.description == "https://example.com/x")
    #expect(third.body == Array("line".utf8))
  }
}

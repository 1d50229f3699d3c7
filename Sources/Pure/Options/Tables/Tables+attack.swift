extension Tables {
  static let load = Command.Group(
    "How much", [.rate, .users, .duration, .requests, .spacing, .seed])
  static let shape = Command.Group(
    "Shape", [.shape, .rampTo, .stepSize, .stepDuration, .peak, .period])
  static let request = Command.Group(
    "What is sent",
    [.method, .header, .body, .bodyFile, .contentType, .accept, .basicAuth, .host, .vegetaOptions])
  static let connection = Command.Group(
    "Connections",
    [
      .timeout, .connectTimeout, .grace, .connections, .keepAlive, .redirects, .cookies, .retries, .breaker, .engine,
      .http2, .http2PriorKnowledge, .proxy, .unixSocket, .authorities, .certificate, .key, .insecure, .allowTarget,
    ])
  static let users = Command.Group(
    "Users", [.iterations, .usersRate, .maxRate, .thinkTime, .warmUp, .loginURL, .loginHeader, .list, .feed])
  private static let result = Command.Group(
    "Result",
    [
      .out, .output, .format, .runName, .threshold, .failOnErrorRate, .keepFailures, .maskHeader,
      .samples, .samplesBound, .statusAddress, .quiet,
    ])
  private static let publishing = Command.Group("Kafka", [.kafkaBroker, .kafkaTopic, .spool, .spoolSize])
  private static let machine = Command.Group("This machine", [.cores, .spin])
  static let habits = Command.Group(
    "Habits of other tools", [.noRedirects, .noCompression, .latencyCorrection])
  private static let other = Command.Group("Other", [.role, .verbose, .logLevel, .logFormat, .help])

  public static let attack = Command(
    "attack", summary: "sends requests to a URL or a list of targets, with Vegeta's and hey's habits",
    usages: ["attack [flags] URL", "attack [flags] --targets FILE", "attack [flags] < FILE"], operands: 0...1,
    operandWord: "URL",
    groups: [
      load, shape, users, Command.Group("Targets", [.targets, .targetsFormat]), request, connection, result, publishing,
      machine,
      habits, other,
    ],
    refusals: refusals,
    examples: [
      ("stampede attack http://127.0.0.1:8080/", "50 requests a second for 10 seconds"),
      ("stampede attack --rate 500/s --duration 30s http://127.0.0.1:8080/", "an open model"),
      ("echo 'GET http://127.0.0.1:8080/' | stampede attack -duration=5s -rate=50", "Vegeta's way"),
      ("stampede attack -n 200 -c 50 http://127.0.0.1:8080/", "hey's way"),
      ("stampede attack -m POST -H 'A: b' -d '{}' http://127.0.0.1:8080/ --out r.json", "with a body"),
    ],
    notes: notes)

  public static let run = Command(
    "run", summary: "runs a plan, a list of targets or a URL",
    usages: ["run [flags] PLAN|TARGETS|URL", "run [flags] --plan FILE"], operands: 0...1, operandWord: "plan or URL",
    groups: [
      load, shape, users, Command.Group("Plan", [.plan]), request, connection, result, publishing, machine, habits,
      other,
    ],
    refusals: refusals,
    examples: [
      ("stampede run shop.yaml", "a plan, with the load it names"),
      ("stampede run --users 50 --duration 30s http://127.0.0.1:8080/", "a closed model"),
      ("stampede run shop.yaml --rate 1000/s --fail-on-error-rate 1%", "a plan with another load, judged"),
      ("stampede run shop.yaml --http :9100", "figures for Prometheus meanwhile"),
    ],
    notes: notes)

  private static let notes = [
    "Ctrl-C ends a run properly: nothing more is sent, replies are awaited, the report is written. A second one cuts "
      + "it off, and the report is still written."
  ]

  private static let refusals =
    foreignFlags + [
      Refusal(
        "-workers", "--max-workers",
        answer: "connections are opened as they are needed; type --connections N to cap them"
      ),
      Refusal("-output", answer: "a result is written with --out result.json or --out result.csv"),
      Refusal("-o", answer: "the result's file is named with --out result.csv or --out result.json"),
      Refusal(
        "--output-format", "--json", "-j", answer: "the result is written with --out result.json or --out result.csv"),
    ]

  /// What other tools call what is sent, and how.
  static let foreignFlags = [
    Refusal("--http-version", answer: "it is said with --http2 or --http2-prior-knowledge; HTTP/1.1 is the default"),
    Refusal(
      "-p", answer: "HTTP/2 streams share connections as they need; --connections N sets how many there are at most"),
    Refusal(
      "--burst-delay", "--burst-rate",
      answer: "bursts are parts of a shape here; type --rate '50/10s,500/2s,50/10s'"),
    Refusal(
      "--start-users", answer: "the level at the start is --users; type --users 1 --pattern ramp --ramp-to 100"),
    Refusal(
      "--dashboard", answer: "the live dashboard is not in this version; type --http :8080 for /status and /metrics"),
    Refusal("--latency-percentile", answer: "percentiles are judged by --threshold 'p99<250ms'"),
    Refusal(
      "--proxy-header",
      answer: "a proxy is told nothing more; its user goes into the URL: --proxy http://me:word@host:3128"),
    Refusal(
      "--connect-to", answer: "not in this version; give the address in the URL and the name with --host NAME"),
    Refusal(
      "--resolvers",
      answer: "names are looked up as this machine does; or give an address in the URL and the name with --host NAME"),
    Refusal("--laddr", answer: "the kernel chooses the local address; leave it away"),
    Refusal("--dns-ttl", answer: "names are looked up again every 30 seconds; leave it away"),
    Refusal(
      "--rand-regex-url", "--urls-from-file",
      answer: "not in this version; put lines 'GET http://…' into a file and type --targets FILE"),
    Refusal("--lazy", answer: "targets are read whole before the start; leave it away"),
    Refusal("--chunked", answer: "bodies are sent with a Content-Length; leave it away"),
    Refusal("--max-body", answer: "bodies of replies are read and not kept; leave it away"),
    Refusal("--session-tickets", answer: "connections are kept instead; leave it away"),
    Refusal("-R", answer: "wrk2's rate is --rate 1000/s here"),
    Refusal("-s", answer: "a wrk script can't be run; write its requests as a plan (stampede help run)"),
    Refusal(
      "--stages", "--stage", answer: "stages are parts of a shape here; type --users '0..100/30s,100/1m,100..0/10s'"),
    Refusal("--opentelemetry", answer: "traces are not in this version; --http :9100 serves /metrics"),
  ]
}

import Model

// How much is sent, and for how long.
extension Option {
  public static let rate = Option(
    "--rate", "-q", "--qps", kind: .rate("RATE"),
    help: "Arrivals per time, by the clock, whatever the target does (open model): 500/s, 30000/m or 500. Default 50/s."
  )
  public static let users = Option(
    "--users", "-c", "-u", "--vus", "--concurrency", kind: .count("N", 1...1_000_000),
    help: "Users that each wait for a reply before the next request (closed model), in place of a rate.")
  public static let duration = Option(
    "--duration", "-z", kind: .timeSpan("TIME", bareUnit: nil),
    help: "For how long requests fall due: 10s, 2m, 1h30m. Default 10s, unless --requests bounds the run.")
  public static let requests = Option(
    "--requests", "-n", kind: .count("N", 1...1_000_000_000_000),
    help: "At most this many requests in all.")
  public static let shape = Option(
    "--shape", "--pattern", kind: .choice("SHAPE", ["constant"]),
    help: "How the load changes over time. This version knows constant.")
  public static let seed = Option(
    "--seed", kind: .count("N", 0...Int.max),
    help: "Seed of everything that is drawn; the same seed sends the same things. Default 1.")
}

import Model

// How much is sent, and for how long.
extension Option {
  public static let rate = Option(
    "--rate", "-q", "--qps", kind: .shape("RATE", .arrivals),
    help: "Arrivals per time, by the clock, whatever the target does (open model): 500/s, 30000/m or 500. Over time: "
      + "0..500/30s,500/5m,500..0/10s. Default 50/s."
  )
  public static let users = Option(
    "--users", "-c", "-u", "--vus", "--concurrency", kind: .shape("N", .users),
    help: "Users that each wait for a reply before the next request (closed model), in place of a rate. Over time: "
      + "0..100/30s,100/1m,100..0/10s.")
  public static let duration = Option(
    "--duration", "-z", kind: .timeSpan("TIME", bareUnit: nil),
    help: "For how long requests fall due: 10s, 2m, 1h30m. Default 10s, unless --requests bounds the run.")
  public static let requests = Option(
    "--requests", "-n", kind: .count("N", 1...1_000_000_000_000),
    help: "At most this many requests in all.")
  public static let shape = Option(
    "--pattern", "--shape", kind: .choice("SHAPE", ["constant", "ramp", "step", "spike", "diurnal"]),
    help: "How the load changes over --duration, from --rate or --users on. Default constant.")
  public static let rampTo = Option(
    "--ramp-to", kind: .text("LEVEL"),
    help: "Where a ramp ends and steps stop: 1000/s, or a number of users.")
  public static let stepSize = Option(
    "--step-size", kind: .text("LEVEL"), help: "How much each step adds: 100/s, or a number of users.")
  public static let stepDuration = Option(
    "--step-duration", kind: .timeSpan("TIME", bareUnit: .seconds(1)),
    help: "How long a step lasts, or a spike (by default a tenth of --duration).")
  public static let peak = Option(
    "--peak", kind: .text("LEVEL"), help: "The level of a spike, or the highest of a diurnal wave.")
  public static let period = Option(
    "--period", kind: .timeSpan("TIME", bareUnit: .seconds(1)), help: "How long one diurnal wave takes: 24h.")
  public static let spacing = Option(
    "--spacing", "--arrivals", kind: .choice("HOW", ["even", "poisson"]),
    help: "How arrivals lie between each other: evenly, or independent of each other as people come. Default even.")
  public static let shapeValues = Option(
    "--values", kind: .count("N", 1...1_000_000), help: "How many values json and csv have. Default 100.")
  public static let seed = Option(
    "--seed", kind: .count("N", 0...Int.max),
    help: "Seed of everything that is drawn; the same seed sends the same things. Default 1.")
}

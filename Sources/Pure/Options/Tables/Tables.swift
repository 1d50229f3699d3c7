/// Every command of the program with every option it takes: parsing, environment variables, help, completion and the
/// man page all come from here.
public enum Tables {
  public static let program = Program(
    name: "stampede", summary: "sends load to HTTP services and tells the truth about the replies",
    commands: [
      attack, run, report, planCheck, planShape, initPlan, demoTarget, login, submit, status, results, stop, workers,
      master, worker,
      consumer, deadLetters, devBroker, health, version, completion, man, help,
    ],
    exitCodes: [
      (0, "the run passed"),
      (1, "a flag, a plan or the machine stands in the way; nothing was sent"),
      (
        2,
        "the run failed (no target accepted a connection, not one reply was a success), or a master refused or was away"
      ),
      (3, "the result is not complete; no figure of it may be trusted"),
      (99, "a threshold was broken (thresholds of the plan, --fail-on-error-rate)"),
      (105, "stopped by a user"),
      (130, "following a test was ended by Ctrl-C; the test goes on"),
    ])

  /// The variables of all commands, so that one meant for another command is not taken for a misspelled one.
  static let allVariables = Set(program.commands.flatMap { $0.options.map(\.variable) })

  public static let report = Command(
    "report", summary: "prints the result of a saved run again", usages: ["report [flags] DIR"], operands: 0...1,
    operandWord: "run directory",
    groups: [
      Command.Group("Result", [.reportFormat, .reportOut]),
      Command.Group("Other", [.help]),
    ],
    refusals: [
      Refusal("--type", answer: "the form of a report is --format text, json or csv"),
      Refusal(
        "--every", "--buckets", answer: "not in this version; runs/…/intervals.csv has one line for each second"),
    ],
    examples: [
      ("stampede report runs/20260301-120000-shop", "the table of that run"),
      ("stampede report --format json runs/20260301-120000-shop | jq .totals", "the whole result"),
    ])

  public static let planCheck = Command(
    "plan check", summary: "says what a plan would send, or what is wrong with it, and sends nothing",
    usages: ["plan check [flags] FILE|URL|-"], operands: 1...1, operandWord: "plan",
    groups: [Command.Group("Data", [.list, .feed]), Command.Group("Other", [.help])],
    examples: [("stampede plan check shop.yaml", "targets, load, duration; or each error with file, line and field")])

  public static let initPlan = Command(
    "init", summary: "writes a commented plan to begin with", usages: ["init [NAME]"], operands: 0...1,
    operandWord: "name", groups: [Command.Group("Other", [.help])],
    examples: [("stampede init shop", "shop.yaml: a sign-in, steps, checks, data; it runs on the demo target")],
    notes: ["Nothing is written over. Without a name it is plan.yaml."])

  public static let planShape = Command(
    "plan shape", summary: "shows the load of a plan, or of flags, over time, and sends nothing",
    usages: ["plan shape [flags] PLAN", "plan shape --rate 0..500/30s,500/5m"], operands: 0...1, operandWord: "plan",
    groups: [
      load, shape, Command.Group("Result", [.reportFormat, .shapeValues]), Command.Group("Other", [.help]),
    ],
    refusals: [Refusal("--json", "--csv", answer: "type --format json or --format csv")],
    examples: [
      ("stampede plan shape shop.yaml", "its parts, arrivals in each, and a drawing"),
      ("stampede plan shape --users 10 --pattern spike --peak 200 --duration 5m", "what flags would do"),
      ("stampede plan shape --rate 500~300@24h --duration 48h --format csv --values 48", "levels to plot elsewhere"),
    ],
    notes: [
      "Parts are level/time, from..to/time or mean~swing@period/time, one behind the other by commas, each with a name "
        + "if wanted: 'warm up=0..500/30s,500/5m'. Among parts 500/5m is 500 a second for 5 minutes."
    ])

  public static let demoTarget = Command(
    "demo-target", summary: "a small server to try things on", usages: ["demo-target [flags]"], operands: 0...0,
    operandWord: "word",
    groups: [
      Command.Group("Where", [.port, .bind]), Command.Group("What it does", [.behaviour, .demoSeed, .demoLog]),
      Command.Group("Other", [.logLevel, .logFormat, .verbose, .help]),
    ],
    examples: [
      ("stampede demo-target --port 8080", "serves http://127.0.0.1:8080/ until Ctrl-C"),
      ("curl 'http://127.0.0.1:8080/?status=503&delay=250ms&size=10KiB'", "a slow, large error"),
      ("curl 'http://127.0.0.1:8080/?jitter=20ms&stall=1s/5s&errors=2%:503'", "now and then slow, silent or wrong"),
      ("stampede demo-target --behaviour shop.yaml --log target.csv", "does as the file says, and notes what it did"),
    ],
    notes: [
      "It prints its address on standard output. /metrics counts what it was asked.",
      "A query may say status, delay, jitter, stall, errors, reset, size, chunked and slow; /login, /private, /items, "
        + "/redirect/N, /cookies, /cookies/set and /echo do what they say.",
    ])

  public static let version = Command(
    "version", summary: "versions of the program and of the C libraries it runs with", usages: ["version"],
    operands: 0...0, operandWord: "word", groups: [Command.Group("Other", [.help])])

  public static let completion = Command(
    "completion", summary: "prints a completion script", usages: ["completion bash|zsh|fish"], operands: 1...1,
    operandWord: "shell (bash, zsh or fish)", operandChoices: ["bash", "zsh", "fish"],
    groups: [Command.Group("Other", [.help])],
    examples: [
      ("source <(stampede completion bash)", "for this shell"),
      ("stampede completion fish > ~/.config/fish/completions/stampede.fish", "for all to come"),
    ])

  public static let man = Command(
    "man", summary: "prints the manual page", usages: ["man"], operands: 0...0, operandWord: "word",
    groups: [Command.Group("Other", [.help])],
    examples: [("stampede man | man -l -", "reads it")])

  public static let help = Command(
    "help", summary: "says what a command does and takes", usages: ["help [COMMAND]"], operands: 0...2,
    operandWord: "command", groups: [Command.Group("Other", [.help])])
}

extension Option {
  public static let reportFormat = Option(
    "--format", kind: .choice("FORM", ["text", "json", "csv"]), help: "Default text.")
  public static let reportOut = Option(
    "--out", "-o", kind: .path("FILE"), isRepeatable: true,
    help: "Write a file, .json or .csv by its name, in place of standard output. May be repeated.")
  public static let port = Option(
    "--port", "-p", kind: .count("PORT", 0...65_535), help: "Default 8080; 0 takes any that is free.")
  public static let behaviour = Option(
    "--behaviour", "--behavior", kind: .path("FILE"),
    help: "YAML: for each path what it does, and from when until when. A query goes over it.")
  public static let demoSeed = Option(
    "--seed", kind: .count("N", 0...Int.max), help: "Of the shares and the jitter. Default 1.")
  public static let demoLog = Option(
    "--log", kind: .path("FILE"),
    help: "Write a line of CSV for each request: when, what was planned, what happened. Replaces the file.")
  public static let bind = Option(
    "--bind", kind: .text("ADDRESS"), help: "Address to listen on. Default 127.0.0.1.")
}

extension Tables {
  /// Other names of commands.
  public static let aliases = ["start": "submit"]

  private static let place = Command.Group("The master", [.master, .caFile, .plain])
  private static let theirConnections = Command.Group(
    connection.title, connection.options.filter { $0 != .allowTarget })
  private static let clientOther = Command.Group("Other", [.jsonOutput, .help])

  public static let login = Command(
    "login", summary: "signs in at a master; the other commands use the token it gives", usages: ["login [flags]"],
    operands: 0...0, operandWord: "word",
    groups: [Command.Group("Who", [.username, .passwordFile]), place, clientOther],
    refusals: [
      Refusal(
        "--password", "-p",
        answer: "every user of the machine sees a command line (ps), and shells keep it; leave it away to be asked, or "
          + "type --password-file FILE, or set STAMPEDE_PASSWORD")
    ],
    examples: [
      ("stampede login --master https://load.example.com", "asks for admin's password"),
      ("stampede login --username anna --password-file secret.txt", "asks nothing"),
      ("pass show stampede | stampede login --password-file -", "from a password manager"),
    ],
    notes: [
      "The token is kept in $XDG_CONFIG_HOME/stampede/tokens.json (or ~/.config), which only its owner can read, and "
        + "lasts an hour.",
      "STAMPEDE_PASSWORD is read where no --password-file is given. Without either, a terminal is asked without "
        + "showing what is typed; else the first line of standard input is the password.",
      connecting,
    ])

  public static let submit = Command(
    "submit", summary: "checks a plan, targets or a URL here and has the master's workers run it",
    usages: ["submit [flags] PLAN|TARGETS|URL", "submit [flags] --targets FILE", "submit [flags] < FILE"],
    operands: 0...1, operandWord: "plan or URL",
    groups: [
      Command.Group("The fleet", [.fleetWorkers, .runName, .idempotencyKey]),
      load, shape, users, Command.Group("Plan and targets", [.plan, .targets, .targetsFormat]), request,
      theirConnections, Command.Group("Afterwards", [.follow, .threshold, .failOnErrorRate, .idAlone]),
      place, habits, clientOther,
    ],
    refusals: foreignFlags + [
      Refusal(
        "--cores", "--cpus", "--spin", "--no-spin",
        answer: "each worker says that for itself (stampede help worker); how many take part is --workers N"),
      Refusal(
        "--out", "--output", "--format", "-o",
        answer: "the result stays with the master; type: stampede results ID, or with --json > FILE"),
      Refusal(
        "--allow-target",
        answer: "what workers may connect to is the master's to say (stampede master --allow-target)"),
      Refusal(
        "--kafka-broker", "--kafka-topic", "--spool", answer: "workers publish where the master says; leave it away"),
      Refusal(
        "--samples", "--samples-bound",
        answer: "workers keep no requests one by one; that is for runs on this machine (stampede help run)"),
    ],
    examples: [
      ("stampede submit shop.yaml --follow", "runs a plan on all idle workers, shows it and its result"),
      ("stampede submit --rate 2000/s --duration 1m --workers 2 http://10.0.0.7/", "on two workers"),
      ("stampede submit --targets targets.txt --rate 500/s --name demo --quiet", "prints the test's id alone"),
    ],
    notes: [
      "start is another name of it. Where an answer is lost it is asked again with the same key, and the master makes "
        + "one test of it. What the plan holds, headers with secrets included, is stored by the master.",
      "Exit codes: 0 once it is submitted; with --follow that of the result, or 130 where Ctrl-C ended the following "
        + "(the test goes on).",
      connecting,
    ])

  public static let status = Command(
    "status", summary: "shows the master's latest tests, one of them, or one as it goes on",
    usages: ["status [flags]", "status [flags] ID", "status --follow ID"], operands: 0...1, operandWord: "test's id",
    groups: [
      Command.Group("One test", [.follow, .failOnErrorRate, .resultAlone]),
      Command.Group("The list", [.limit, .testState]), place, clientOther,
    ],
    examples: [
      ("stampede status", "the latest 20 tests"),
      ("stampede status --state running --limit 100", "all that run"),
      ("stampede status ID --follow", "a line a second, then the result"),
      ("stampede status ID --json | jq -r .state", "for scripts"),
    ],
    notes: [
      "Following goes on over broken connections and restarts of the master. Ctrl-C leaves the test running (exit code "
        + "130); stampede stop ID ends it. With --json each event is one line, and the result the last.",
      "Exit codes: with --follow that of the result; else 0 where the master answered.",
      connecting,
    ])

  public static let results = Command(
    "results", summary: "prints a test's result, and exits with its verdict", usages: ["results [flags] ID"],
    operands: 0...1, operandWord: "test's id",
    groups: [Command.Group("Verdict", [.failOnErrorRate]), place, clientOther],
    refusals: [
      Refusal("--follow", answer: "type: stampede status ID --follow"),
      Refusal("--out", "-o", "--format", answer: "type: stampede results ID --json > result.json"),
    ],
    examples: [
      ("stampede results ID", "the table, as report prints it"),
      ("stampede results ID --json | jq .totals", "the object of summary.schema.json"),
    ],
    notes: [
      "While the test goes on it is the result so far, which is never complete. The master keeps the result in "
        + "PostgreSQL (docs/sql.md).",
      connecting,
    ])

  public static let stop = Command(
    "stop", summary: "ends a test: nothing more is sent, replies are awaited", usages: ["stop [flags] ID"],
    operands: 0...1, operandWord: "test's id",
    groups: [Command.Group("How", [.now]), place, clientOther],
    examples: [
      ("stampede stop ID", "what is under way ends properly"),
      ("stampede stop ID --now", "what is under way is cut off"),
    ],
    notes: ["Operators may stop their own tests, admins all.", connecting])

  public static let workers = Command(
    "workers", summary: "lists the workers that are connected to the master", usages: ["workers [flags]"],
    operands: 0...0, operandWord: "word", groups: [place, clientOther],
    examples: [
      ("stampede workers", "who is there and what each does"),
      ("stampede workers --json | jq '.workers | length'", "how many"),
    ],
    notes: [connecting])

  private static let connecting =
    "No proxy is used, whatever http_proxy says, and no redirect is followed: a password or token goes to the master "
    + "that is named and to nobody else."
}

extension Option {
  public static let master = Option(
    "--master", kind: .text("URL"),
    help: "Where the master is. Default: where login was last, else http://127.0.0.1:8080.")
  public static let caFile = Option(
    "--ca-file", kind: .path("FILE"),
    help: "PEM file of the authorities whose certificates are trusted, in place of the system's.")
  public static let plain = Option(
    "--plain", kind: .flag,
    help: "Send password and token over http:// to another machine, where others on the way can read them.")
  public static let jsonOutput = Option(
    "--json", "-j", kind: .flag, help: "Print the master's answer as JSON.")
  public static let username = Option(
    "--username", "--user", "-u", kind: .text("NAME"), help: "Who signs in. Default admin.")
  public static let passwordFile = Option(
    "--password-file", kind: .path("FILE"), help: "File that holds the password; - is standard input.")
  public static let fleetWorkers = Option(
    "--workers", "-w", kind: .count("N", 1...5_000),
    help: "Wait until so many workers are idle and run it on them. Default: all that are idle, at least one.")
  public static let idempotencyKey = Option(
    "--idempotency-key", kind: .text("KEY"),
    help: "However often it is submitted with one key, it is one test. Default: a new key each time.")
  public static let follow = Option(
    "--follow", "-f", kind: .flag, help: "Show a line each second until the test is over, then its result.")
  public static let now = Option(
    "--now", "--force", kind: .flag, help: "Cut off what is under way; those requests count as cut off.")
  public static let idAlone = Option(
    "--quiet", "--no-tui", kind: .flag,
    help: "Print the test's id alone; with --follow no live line, only the result.")
  public static let resultAlone = Option(
    "--quiet", "--no-tui", kind: .flag, help: "No live line while following, only the result.")
  public static let limit = Option(
    "--limit", "-n", kind: .count("N", 1...100), help: "How many tests are listed. Default 20.")
  public static let testState = Option(
    "--state",
    kind: .choice(
      "STATE",
      ["queued", "preparing", "running", "paused", "draining", "finished", "stopped", "failed", "expired"]),
    help: "Only tests in this state.")
}

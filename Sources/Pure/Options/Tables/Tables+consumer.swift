extension Tables {
  public static let consumer = Command(
    "consumer", summary: "stores the results that workers publish to Kafka in PostgreSQL, each exactly once",
    usages: ["consumer --kafka-broker HOST:PORT --database-url URL [flags]"], operands: 0...0, operandWord: "word",
    groups: [
      Command.Group("Kafka", [.readBroker, .readTopic, .kafkaGroup, .kafkaInstance]),
      Command.Group("PostgreSQL", [.databaseURL, .migrate]),
      Command.Group("Other", [.metrics, .serviceLogLevel, .logFormat, .verbose, .help]),
    ],
    examples: [
      (
        "stampede consumer --kafka-broker localhost:9092 --database-url postgresql://user@localhost/stampede --migrate",
        "makes missing tables, then stores what comes until Ctrl-C"
      )
    ],
    notes: [
      "Several consumers of one group share the topic's partitions. Any of them may be killed at any moment: offsets "
        + "are kept in PostgreSQL, in the transaction that stores the records.",
      "KAFKA_BROKER, KAFKA_TOPIC, KAFKA_GROUP and DATABASE_URL are read, too. A password is better given by "
        + "DATABASE_URL than by the flag, which every user of the machine can see.",
      "What can't be stored is put aside, in the table dead_letter and then in the topic NAME.dead-letter; "
        + "'stampede dead-letters' shows it and tries it again.",
    ])

  public static let deadLetters = Command(
    "dead-letters", summary: "shows the records that a consumer could not store, or tries them again",
    usages: ["dead-letters list|replay --database-url URL [flags]"], operands: 1...1, operandWord: "list or replay",
    operandChoices: ["list", "replay"],
    groups: [
      Command.Group("Where", [.databaseURL]), Command.Group("Which", [.lettersRun, .lettersLimit]),
      Command.Group("Other", [.lettersJSON, .help]),
    ],
    examples: [
      ("stampede dead-letters list --limit 10", "place, time, size, whether the topic has it, and the reason"),
      ("stampede dead-letters replay", "stores what this version can store; consumers may go on meanwhile"),
    ],
    notes: [
      "A replay takes the records from the table dead_letter, the same way into the other tables as from Kafka; what is "
        + "stored then moves to dead_letter_settled. It ends with 3 where some are refused again."
    ])
}

extension Option {
  public static let readBroker = Option(
    "--kafka-broker", kind: .text("HOST:PORT"), plainVariable: "KAFKA_BROKER",
    help: "Where the results are; several brokers are separated by commas.")
  public static let readTopic = Option(
    "--kafka-topic", kind: .text("NAME"), plainVariable: "KAFKA_TOPIC", help: "Default stampede.results.")
  public static let kafkaGroup = Option(
    "--kafka-group", kind: .text("NAME"), plainVariable: "KAFKA_GROUP", help: "Default stampede.")
  public static let kafkaInstance = Option(
    "--kafka-instance", kind: .text("NAME"),
    help: "A name that no other consumer of the group has: after a restart within 6 s it goes on with the same "
      + "partitions at once. Without one, a killed consumer's partitions are taken over after 6 s.")
  public static let databaseURL = Option(
    "--database-url", kind: .text("URL"), plainVariable: "DATABASE_URL",
    help: "postgresql://user:password@host:5432/database, or libpq's key=value form.")
  public static let migrate = Option(
    "--migrate", kind: .flag, help: "Make the tables, or bring them up to date. Without it they are waited for.")
  public static let lettersRun = Option("--run", kind: .text("ID"), help: "Only records of this run.")
  public static let lettersLimit = Option(
    "--limit", kind: .count("N", 1...100_000), help: "How many list shows at most. Default 100.")
  public static let lettersJSON = Option(
    "--json", kind: .flag, help: "One JSON object a line in place of text.")
  public static let metrics = Option(
    "--metrics", kind: .text("ADDRESS"),
    help: "Serve /metrics, /healthz and /readyz: :9100 (on 127.0.0.1 only), 0.0.0.0:9100.")
  /// Services say what they do; runs only what is wrong.
  public static let serviceLogLevel = Option(
    "--log-level", kind: .choice("LEVEL", ["debug", "info", "warning", "error"]), help: "Default info.")
}

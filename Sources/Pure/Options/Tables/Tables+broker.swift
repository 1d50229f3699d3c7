extension Tables {
  public static let devBroker = Command(
    "dev-broker", summary: "an in-memory Kafka to try things on; everything in it is lost when it ends",
    usages: ["dev-broker [flags]"], operands: 0...0, operandWord: "word",
    groups: [
      Command.Group("Topics", [.brokerTopic, .partitions]),
      Command.Group("Where", [.portFile]),
      Command.Group("Other", [.logLevel, .logFormat, .verbose, .help]),
    ],
    refusals: [
      Refusal(
        "--port", "-p", answer: "librdkafka takes a free port of 127.0.0.1; it is printed (and: --port-file FILE)")
    ],
    examples: [
      ("stampede dev-broker", "prints 127.0.0.1:PORT, serves until Ctrl-C"),
      ("stampede dev-broker --port-file broker.txt", "a script finds the address in that file"),
    ],
    notes: [
      "It is librdkafka's mock cluster: one broker on 127.0.0.1, for development only. It keeps 5 MiB or 100,000 "
        + "batches of each partition and drops older ones without a word; what a producer sends twice is stored "
        + "twice; nothing is on disk. The topic is made at the start, with its .samples and .dead-letter: no other "
        + "can be made over the wire.",
      "For results that count, take an Apache Kafka: 'make up' starts one.",
    ])
}

extension Option {
  public static let brokerTopic = Option(
    "--kafka-topic", kind: .text("NAME"), plainVariable: "KAFKA_TOPIC",
    help: "Topic that is there from the start. Default stampede.results.")
  public static let partitions = Option(
    "--partitions", kind: .count("N", 1...1_000), help: "Partitions of each topic. Default 8.")
  public static let portFile = Option(
    "--port-file", kind: .path("FILE"),
    help: "Write 127.0.0.1:PORT into this file once it serves; the file goes with the broker.")
}

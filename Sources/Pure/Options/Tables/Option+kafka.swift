// Where records go besides the run directory.
extension Option {
  public static let kafkaBroker = Option(
    "--kafka-broker", kind: .text("HOST:PORT"), plainVariable: "KAFKA_BROKER",
    help: "Publish every second's record to Kafka as well; several brokers are separated by commas. While Kafka is "
      + "away the run goes on, and its records wait in the spool.")
  public static let kafkaTopic = Option(
    "--kafka-topic", kind: .text("NAME"), plainVariable: "KAFKA_TOPIC", help: "Default stampede.results.")
  public static let spool = Option(
    "--spool", kind: .path("DIR"),
    help: "Where records wait for Kafka. What an earlier run left there is sent, too. Default runs/.spool.")
  public static let spoolSize = Option(
    "--spool-size", kind: .count("MIB", 1...1_048_576),
    help: "How much of one run may wait; it stops before that is used up. Default 1024.")
}

extension Tables {
  public static let worker = Command(
    "worker", summary: "joins a master and sends the load that it is given",
    usages: ["worker --master-address HOST:PORT --kafka-broker HOST:PORT [flags]"], operands: 0...0,
    operandWord: "word",
    groups: [
      Command.Group(
        "Master",
        [
          .masterAddress, .workerID, .workerToken, .workerTokenFile, .workerAuthorities, .workerServerName,
          .workerPlain,
        ]),
      Command.Group("Kafka", [.workerBroker, .workerTopic, .workerSpool, .spoolSize]),
      Command.Group("This machine", [.workerCores, .spin, .workerTarget, .workerMetrics, .workerPort]),
      Command.Group("Other", [.serviceLogLevel, .logFormat, .verbose, .help]),
    ],
    examples: [
      (
        "stampede worker --join-token-file token --kafka-broker localhost:9092",
        "joins the master on this machine and waits for tests until Ctrl-C"
      ),
      (
        "stampede worker --master-address master:50051 --rpc-tls-ca ca.pem --join-token-file token "
          + "--kafka-broker kafka:9092", "on another machine, over TLS"
      ),
    ],
    notes: [
      "A worker that loses its master goes on sending until its lease ends, 5 s by default, and takes the test up again "
        + "when it finds the master. SIGTERM ends the test at hand properly; a second one cuts it off.",
      "Records that Kafka has not taken wait in the spool, whatever is killed; a worker that is started with the same "
        + "spool sends them.",
      "MASTER_ADDRESS, WORKER_ID, KAFKA_BROKER and KAFKA_TOPIC are read, too. The token is better given by "
        + "STAMPEDE_JOIN_TOKEN or a file than by the flag, which every user of the machine can see.",
    ])
}

extension Option {
  public static let masterAddress = Option(
    "--master-address", kind: .text("HOST:PORT"), plainVariable: "MASTER_ADDRESS",
    help: "Where the master takes workers. Default 127.0.0.1:50051.")
  public static let workerID = Option(
    "--worker-id", kind: .text("NAME"), plainVariable: "WORKER_ID",
    help: "What the master calls it: no two workers have the same. Default: host name and process number.")
  public static let workerToken = Option(
    "--join-token", kind: .text("TOKEN"), help: "What lets it in: the one that the master prints or was given.")
  public static let workerTokenFile = Option("--join-token-file", kind: .path("FILE"), help: "A file with it.")
  public static let workerAuthorities = Option(
    "--rpc-tls-ca", kind: .path("FILE"),
    help: "Speak TLS 1.3 with the master, whose certificate this PEM file vouches for.")
  public static let workerServerName = Option(
    "--rpc-tls-name", kind: .text("NAME"),
    help: "The name that the master's certificate must be for; speaks TLS, too. Default: the host.")
  public static let workerPlain = Option(
    "--rpc-plain", kind: .flag, help: "Send the token without TLS to a master on another machine.")
  public static let workerBroker = Option(
    "--kafka-broker", kind: .text("HOST:PORT"), plainVariable: "KAFKA_BROKER",
    help: "Where results are published; several brokers are separated by commas.")
  public static let workerTopic = Option(
    "--kafka-topic", kind: .text("NAME"), plainVariable: "KAFKA_TOPIC",
    help: "For results of which the master says nothing else. Default stampede.results.")
  public static let workerSpool = Option(
    "--spool", kind: .path("DIR"),
    help: "Where records wait for Kafka. What an earlier worker left there is sent, too. Default runs/.spool.")
  public static let workerCores = Option(
    "--cores", "--cpus", kind: .count("N", 1...1024),
    help: "Event loops at most, each on a core of its own. Default: as many as the load needs and the machine has.")
  public static let workerTarget = Option(
    "--allow-target", kind: .text("unix:PATH"), isRepeatable: true,
    help: "Let tests send to this unix socket of the machine: unix:/run/app.sock. May be repeated; which addresses may "
      + "be attacked is the master's to say.")
  public static let workerMetrics = Option(
    "--metrics", "--http", kind: .text("ADDRESS"),
    help: "Serve /metrics, /healthz and /readyz: :9100 (on 127.0.0.1 only), 0.0.0.0:9100.")
  public static let workerPort = Option(
    "--grpc-port", "--rpc-port", kind: .count("PORT", 0...65_535), plainVariable: "GRPC_PORT",
    help: "Not needed: a worker opens no port for its master.")
}

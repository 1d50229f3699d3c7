extension Tables {
  public static let master = Command(
    "master", summary: "takes tests over REST and hands them to the workers that join it",
    usages: ["master --kafka-broker HOST:PORT --database-url URL --jwt-secret-key-file FILE [flags]"], operands: 0...0,
    operandWord: "word",
    groups: [
      Command.Group("REST", [.httpBind, .httpPort, .jwtKey, .jwtKeyFile, .adminPassword]),
      Command.Group("Workers", [.rpcBind, .rpcPort, .joinToken, .joinTokenFile, .rpcCertificate, .rpcKey, .rpcPlain]),
      Command.Group("Kafka and PostgreSQL", [.masterBroker, .masterTopic, .databaseURL]),
      Command.Group("Targets", [.clusterTarget]),
      Command.Group("Other", [.serviceLogLevel, .logFormat, .verbose, .help]),
    ],
    examples: [
      (
        "stampede master --kafka-broker localhost:9092 --database-url postgresql://user@localhost/stampede "
          + "--jwt-secret-key-file key --allow-target 127.0.0.1:8000",
        "makes missing tables and topics, serves http://127.0.0.1:8080/"
      )
    ],
    notes: [
      "Users, tests and results are kept in PostgreSQL: a master may be killed at any moment, and the next one goes on. "
        + "What is away is waited for.",
      "Without --join-token a new one is made at each start and printed with the command line that starts a worker; "
        + "without --admin-password the first start makes one for the user admin and prints it once.",
      "Workers never connect to link-local, metadata and loopback addresses, nor to the ports of the master, Kafka and "
        + "PostgreSQL, unless --allow-target names them.",
      "JWT_SECRET_KEY, HTTP_PORT, GRPC_PORT, KAFKA_BROKER, KAFKA_TOPIC and DATABASE_URL are read, too. Secrets are better "
        + "given by a file or a variable than by a flag, which every user of the machine can see.",
    ])
}

extension Option {
  public static let httpBind = Option(
    "--http-bind", kind: .text("ADDRESS"), help: "Address that REST listens on. Default 127.0.0.1.")
  public static let httpPort = Option(
    "--http-port", kind: .count("PORT", 0...65_535), plainVariable: "HTTP_PORT",
    help: "Default 8080; 0 takes any that is free.")
  public static let jwtKey = Option(
    "--jwt-secret-key", kind: .text("KEY"), plainVariable: "JWT_SECRET_KEY",
    help: "Signs the tokens of users: at least 32 bytes that nobody can guess (openssl rand -hex 32). The same after "
      + "a restart, or all users must sign in again.")
  public static let jwtKeyFile = Option(
    "--jwt-secret-key-file", kind: .path("FILE"),
    help: "A file with the key. Of several lines the first signs, the others are still accepted.")
  public static let adminPassword = Option(
    "--admin-password", kind: .text("PASSWORD"),
    help: "Of the user admin, who is made where there is no user yet. Better given by STAMPEDE_ADMIN_PASSWORD.")
  public static let rpcBind = Option(
    "--rpc-bind", kind: .text("ADDRESS"), help: "Address that workers connect to. Default 127.0.0.1.")
  public static let rpcPort = Option(
    "--rpc-port", "--grpc-port", kind: .count("PORT", 0...65_535), plainVariable: "GRPC_PORT",
    help: "Default 50051; 0 takes any that is free.")
  public static let joinToken = Option(
    "--join-token", kind: .text("TOKEN"), help: "What a worker must know to join: at least 22 characters.")
  public static let joinTokenFile = Option(
    "--join-token-file", kind: .path("FILE"), help: "A file with it.")
  public static let rpcCertificate = Option(
    "--rpc-tls-cert", kind: .path("FILE"), help: "PEM file with a certificate and its chain: workers use TLS 1.3.")
  public static let rpcKey = Option("--rpc-tls-key", kind: .path("FILE"), help: "PEM file with its key.")
  public static let rpcPlain = Option(
    "--rpc-plain", kind: .flag, help: "Let workers on other machines send the join token without TLS.")
  public static let masterBroker = Option(
    "--kafka-broker", kind: .text("HOST:PORT"), plainVariable: "KAFKA_BROKER",
    help: "Where workers publish; several brokers are separated by commas.")
  public static let masterTopic = Option(
    "--kafka-topic", kind: .text("NAME"), plainVariable: "KAFKA_TOPIC",
    help: "Made where it is missing. Default stampede.results.")
  public static let clusterTarget = Option(
    "--allow-target", kind: .text("ADDRESS"), isRepeatable: true,
    help: "Let workers connect to what is denied otherwise: 127.0.0.1:8000, [::1]:8000 or 10.0.0.0/8. May be repeated.")
}

extension Tables {
  public static let health = Command(
    "health", summary: "asks a service whether it is well, for health checks of containers",
    usages: ["health [flags] URL"], operands: 1...1, operandWord: "URL",
    groups: [Command.Group("Request", [.healthTimeout]), Command.Group("Other", [.help])],
    examples: [
      ("stampede health http://127.0.0.1:8080/readyz", "whether a master can take tests"),
      ("stampede health http://127.0.0.1:9100/healthz", "whether a process that was given --metrics :9100 lives"),
    ],
    notes: ["Exit code 0: it answered with a status of 2xx in time. 1: it did not; one line says why."])
}

extension Option {
  public static let healthTimeout = Option(
    "--timeout", kind: .timeSpan("DURATION", bareUnit: .seconds(1)), help: "For the whole answer. Default 5s.")
}

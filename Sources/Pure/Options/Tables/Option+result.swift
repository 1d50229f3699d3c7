// Where the result goes, how it is judged, and what is shown meanwhile.
extension Option {
  public static let out = Option(
    "--out", kind: .path("PATH"), isRepeatable: true,
    help: "A name ending in .json or .csv: that file as well (may be repeated). Anything else: the run directory, made "
      + "here rather than in runs/TIME-NAME.")
  public static let output = Option("--output", kind: .path("DIR"), help: "The run directory, whatever its name.")
  public static let format = Option(
    "--format", kind: .text("LIST"),
    help: "Reports to find in the run directory: json, csv or both (json,csv). Both are always there.")
  public static let runName = Option(
    "--name", kind: .text("NAME"), help: "The run's name. Default: the plan's, or the target's host.")
  public static let failOnErrorRate = Option(
    "--fail-on-error-rate", kind: .percentage("PERCENT"),
    help: "Exit with 99 when more than this share of the requests failed: 1%.")
  public static let keepFailures = Option(
    "--keep-failures", kind: .count("N", 0...100),
    help: "Keep this many failing exchanges of each kind and name whole, secrets masked, in failures.jsonl; 0 keeps "
      + "none. Default 5.")
  public static let maskHeader = Option(
    "--mask-header", kind: .text("NAME"), isRepeatable: true,
    help: "A header whose value is masked there, too; Authorization, cookies, keys and tokens always are. May be "
      + "repeated.")
  public static let samples = Option(
    "--samples", kind: .text("SHARE"),
    help: "Keep requests one by one in samples.bin: all, or one in so many (1/100), drawn by their numbers. Default "
      + "off.")
  public static let samplesBound = Option(
    "--samples-bound", kind: .count("MIB", 1...1_048_576),
    help: "Most that file may take; what is left out then is counted. Default 1024.")
  public static let statusAddress = Option(
    "--http", "--prometheus", "--metrics", "--prometheus-addr", kind: .text("ADDRESS"),
    help: "Serve /status, /results, /metrics and /healthz while the run goes on: :9100 (on 127.0.0.1 only), "
      + "0.0.0.0:9100.")
  public static let quiet = Option(
    "--quiet", "--no-tui", kind: .flag, help: "No live line; the final table is still printed.")
  public static let verbose = Option(
    "--verbose", "-v", kind: .flag, help: "Log at level debug.")
  public static let logLevel = Option(
    "--log-level", kind: .choice("LEVEL", ["debug", "info", "warning", "error"]), help: "Default warning.")
  public static let logFormat = Option(
    "--log-format", kind: .choice("FORM", ["text", "json"]),
    help: "Lines of the log on standard error. Default text.")
  public static let cores = Option(
    "--cores", "--workers", "--cpus", kind: .count("N", 1...1024),
    help: "Event loops, one per core. Default: what the load needs and the machine has.")
  public static let spin = Option(
    "--spin", kind: .flag, negatives: ["--no-spin"],
    help: "Whether loops poll without sleeping shortly before a request is due. Default: where cores are to spare.")
  public static let help = Option("--help", "-h", kind: .flag, help: "Print this and exit.")
  public static let role = Option(
    "--role", kind: .choice("ROLE", ["standalone", "worker", "coordinator", "master", "consumer"]),
    help: "Without a command: standalone is what run does, worker and coordinator are the commands worker and master.")
}

import Model

// What users do between requests, what they bring, and what the result must hold.
extension Option {
  public static let loginURL = Option(
    "--login-url", kind: .text("URL"),
    help: "Each user asks this once by POST before anything else. A variable of --login-hdr is taken from the reply's "
      + "JSON: {{token}} is $.token.")
  public static let loginHeader = Option(
    "--login-hdr", kind: .text("'NAME: VALUE'"), isRepeatable: true,
    help: "A header for every request after the sign-in, such as 'Authorization: Bearer {{token}}'; without a variable "
      + "the sign-in has it, too. May be repeated.")
  public static let list = Option(
    "--list", kind: .text("NAME=FILE"), isRepeatable: true,
    help: "Values for {{pick NAME}}, one a line. May be repeated.")
  public static let feed = Option(
    "--feed", kind: .text("NAME=FILE"), isRepeatable: true,
    help: "Rows of a CSV file for {{NAME.COLUMN}}; behind a comma unique, per_user, shared or random, and stop or "
      + "recycle. Default shared. May be repeated.")
  public static let iterations = Option(
    "--iterations", "-i", kind: .count("N", 1...1_000_000_000_000),
    help: "At most this many iterations of each user; without --duration the run ends with the last one.")
  public static let usersRate = Option(
    "--rps", kind: .rate("RATE"), help: "At most this many requests a second of each user.")
  public static let maxRate = Option(
    "--max-rate", kind: .rate("RATE"), help: "At most this many requests a second of all users together.")
  public static let thinkTime = Option(
    "--think-time", kind: .text("PAUSE"),
    help: "The pause of a user after each request: 2s, 1s..3s, 'normal 2s 500ms' or 'exp 2s'.")
  public static let warmUp = Option(
    "--warmup", kind: .timeSpan("TIME", bareUnit: .seconds(1)),
    help: "The first part of the run, whose figures are kept apart.")
  public static let redirects = Option(
    "--redirects", "--redirect", "-r", kind: .text("N"),
    help: "Follow at most this many redirects for one response. Default 10; 0 takes the redirect for the reply.")
  public static let noRedirects = Option(
    "--disable-redirects", kind: .flag, help: "The same as --redirects 0.")
  public static let cookies = Option(
    "--cookies", kind: .flag, help: "Each user keeps cookies and sends them back.")
  public static let retries = Option(
    "--retries", kind: .text("N[,PAUSE]"),
    help: "Send a failed request again, up to N times, after a pause that doubles (default 100ms). Counted apart.")
  public static let breaker = Option(
    "--breaker", kind: .text("N,TIME"),
    help: "After N failures in a row send nothing to that server for so long: 5,10s.")
  public static let threshold = Option(
    "--threshold", kind: .text("LIMIT"), isRepeatable: true,
    help: "Exit with 99 unless the result holds it: 'p99<250ms', 'mean<10ms', 'errors<1%', 'rps>=500', 'checks>99%', "
      + "'Login:p95<400ms'. May be repeated.")
}

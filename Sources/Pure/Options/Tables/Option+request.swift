import Model

// What is sent, and over what connections.
extension Option {
  public static let targets = Option(
    "--targets", kind: .path("FILE"),
    help: "Vegeta targets, as text or JSON; - is standard input, which is also read when it is no terminal and no URL "
      + "is given.")
  public static let targetsFormat = Option(
    "--targets-format", "-format", kind: .choice("FORM", ["http", "json"]),
    help: "Form of the targets; by default their first line tells.")
  public static let plan = Option(
    "--plan", "--script", "--config", kind: .path("FILE"),
    help: "The plan, or a list of steps, in place of the word after run.")
  public static let method = Option(
    "--method", "-m", "-X", kind: .text("METHOD"), help: "Request method. Default GET, with a body POST.")
  public static let header = Option(
    "--header", "-H", kind: .text("'NAME: VALUE'"), isRepeatable: true,
    help: "A header for every request, in place of the plan's of that name. May be repeated.")
  public static let body = Option("--body", "-d", kind: .text("TEXT"), help: "Request body.")
  public static let bodyFile = Option(
    "--body-file", "-D", "-body", kind: .path("FILE"), help: "Request body from a file.")
  public static let contentType = Option(
    "--content-type", "-T", kind: .text("TYPE"), help: "The Content-Type header.")
  public static let accept = Option("--accept", "-A", kind: .text("TYPE"), help: "The Accept header.")
  public static let basicAuth = Option(
    "--basic-auth", "-a", kind: .text("USER:PASSWORD"), help: "Basic authentication, as an Authorization header.")
  public static let host = Option(
    "--host", kind: .text("NAME"), help: "The Host header, in place of the URL's.")
  public static let timeout = Option(
    "--timeout", "-t", kind: .timeSpan("TIME", bareUnit: .seconds(1)),
    help: "For a whole reply, from the moment its request is sent; a bare number is seconds. Default 30s.")
  public static let connectTimeout = Option(
    "--connect-timeout", kind: .timeSpan("TIME", bareUnit: .seconds(1)),
    help: "For a connection to be ready, TLS included. Default 10s.")
  public static let grace = Option(
    "--grace", kind: .timeSpan("TIME", bareUnit: .seconds(1)),
    help: "How long replies are awaited after the end. Default: the timeout.")
  public static let connections = Option(
    "--connections", "--max-connections", kind: .text("N|shared"),
    help: "At most this many connections; shared: users take any that is free rather than keep their own; 'shared 100' "
      + "is both. Default: what the machine allows, up to 10000 for each loop and origin.")
  public static let keepAlive = Option(
    "--keepalive", kind: .flag, negatives: ["--no-keepalive", "--disable-keepalive"],
    help: "Use connections again. Default true; --no-keepalive opens one for each request.")
  public static let insecure = Option(
    "--insecure", "-k", "--insecure-tls", kind: .flag, help: "Do not verify the server's certificate.")
  public static let allowTarget = Option(
    "--allow-target", kind: .text("CIDR"), isRepeatable: true,
    help: "Allow link-local or metadata addresses, which are denied otherwise: 169.254.10.0/24. May be repeated.")
  public static let noCompression = Option(
    "--disable-compression", kind: .flag, help: "Compression is not asked for, with or without this.")
  public static let latencyCorrection = Option(
    "--latency-correction", "--latency", kind: .flag,
    help: "Latency counts from the moment a request was due, and percentiles are shown, with or without this.")
  public static let vegetaOptions = Option(
    "--vegeta-options", kind: .text("JSON|FILE"), help: "Vegeta's attack options as a JSON object; flags win over it.")
}

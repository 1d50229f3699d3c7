// Which library carries requests, and what only one of them can do.
extension Option {
  public static let engine = Option(
    "--engine", kind: .choice("NAME", ["auto", "native", "curl"]),
    help: "What carries requests: native (HTTP/1.1, the cheapest by far), curl (libcurl: HTTP/2, proxies, unix "
      + "sockets), or auto, which is curl where one of those is asked for. Default auto.")
  public static let http2 = Option(
    "--http2", "-h2", kind: .flag, help: "HTTP/2 where TLS agrees on it, else HTTP/1.1. Default false.")
  public static let http2PriorKnowledge = Option(
    "--http2-prior-knowledge", "--h2c", kind: .flag, help: "HTTP/2 in plain, without asking first.")
  public static let proxy = Option(
    "--proxy", "-x", kind: .text("URL"),
    help: "Through a proxy: http://host:3128, socks5://user:password@host:1080. http_proxy and its kin are not read.")
  public static let certificate = Option(
    "--cert", kind: .path("FILE"), help: "The client's own certificate, in PEM form, with its chain.")
  public static let key = Option(
    "--key", kind: .path("FILE"), help: "That certificate's key, in PEM form; needed where it is in another file.")
  public static let authorities = Option(
    "--cacert", "--root-certs", kind: .path("FILE"),
    help: "Authorities to trust, in PEM form, in place of the system's.")
  public static let unixSocket = Option(
    "--unix-socket", kind: .path("PATH"), help: "Connect to this socket, whatever host and port the URL names.")
}

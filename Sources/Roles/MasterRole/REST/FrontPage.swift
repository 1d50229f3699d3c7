import Digests
import HTTPServer
import Model
import Plans

/// The page at `/`: version, health, and what to type. Plain HTML without any script; it needs no token and tells
/// nothing that a stranger may not know.
struct FrontPage: Sendable {
  let readiness: Readiness

  func add(to router: inout Router) {
    router.on(.get, "/") { request in
      var headers = HeaderLines("Content-Type", "text/html; charset=utf-8")
      // One inline style sheet, named by its digest, and nothing else.
      headers.add(
        "Content-Security-Policy",
        "default-src 'none'; style-src '\(Self.styleDigest)'; base-uri 'none'; form-action 'none'; "
          + "frame-ancestors 'none'")
      headers.add("X-Content-Type-Options", "nosniff")
      headers.add("Referrer-Policy", "no-referrer")
      headers.add("Cache-Control", "no-store")
      let host = (try? request.head.only("Host")) ?? nil
      return .now(Response(headers: headers, body: Array(page(host: host ?? "127.0.0.1:8080").utf8)))
    }
  }

  /// - Parameter host: as the reader's browser calls this server; it stands in the commands.
  func page(host: String) -> String {
    let away = readiness.away
    let health = away.isEmpty ? "ready" : "not ready, waiting for \(away.joined(separator: ", "))"
    let url = "http://" + (Self.isPlain(host) ? host : "127.0.0.1:8080")
    return """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>Stampede</title>
      <style>\(Self.style)</style>
      <h1>Stampede \(Product.version)</h1>
      <p>This is a master: it takes load tests and hands them to its workers. It is <b>\(health)</b>
      (<a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a>, <a href="/metrics">/metrics</a>).

      <h2>Sign in</h2>
      <pre>TOKEN=$(curl -s \(url)/auth/login -H 'Content-Type: application/json' \\
        -d '{"username":"admin","password":"…"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')</pre>
      <p>or <code>stampede login --master \(url) --username admin</code>

      <h2>Submit a test</h2>
      <pre>curl \(url)/api/test/submit -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{
        "name": "first", "durationSeconds": "10s", "ratePerSecond": 50,
        "targetsBase64": "'$(echo 'GET http://target.example/' | base64 -w 0)'"
      }'</pre>
      <p>or a plan: <code>curl \(url)/api/tests -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/yaml'
      --data-binary @plan.yaml</code>

      <h2>Follow it, and read its result</h2>
      <pre>curl -N \(url)/api/tests/ID/events -H "Authorization: Bearer $TOKEN"
      curl \(url)/api/tests/ID/results -H "Authorization: Bearer $TOKEN"</pre>

      <h2>Query PostgreSQL</h2>
      <pre>psql "$DATABASE_URL" -c 'SELECT run, name, completed, failed, p50_us, p99_us, is_complete
        FROM run_summary ORDER BY first_stored_at DESC LIMIT 10'</pre>
      </html>

      """
  }

  /// Whether a `Host` can stand in a page and in a command as it is.
  static func isPlain(_ host: String) -> Bool {
    1...255 ~= host.utf8.count
      && host.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case _: ".-:[]".utf8.contains(byte)
        }
      }
  }

  static let style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    + "pre,code{font:14px/1.4 monospace;background:#eee;color:#111}pre{padding:.7rem;overflow-x:auto}"

  /// `sha256-…` of the style sheet.
  static let styleDigest = "sha256-" + Base64.encode(SHA256.digest(style.utf8))
}

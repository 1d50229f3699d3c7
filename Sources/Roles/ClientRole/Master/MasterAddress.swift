import CommandLines
import Model
import Options

/// Which master is meant, and whether a secret may go there.
struct MasterAddress {
  static let usual = "http://127.0.0.1:8080"

  /// Scheme, host, port, and the path under which it is where a proxy puts it under one.
  let url: TargetURL
  /// What hints must add to a command so that it asks the same master: empty, or ` --master URL`.
  let hint: String
  private let mayBePlain: Bool

  /// By the flag, else by STAMPEDE_MASTER, else where somebody signed in last, else on this machine.
  init(_ line: Invocation, last: String?) throws(Failure) {
    let given = line.given(.master)
    let text = given?.text ?? last ?? MasterAddress.usual
    do throws(ValueError) { url = try TargetURL(text: text.contains("://") ? text : "http://\(text)") } catch {
      throw Failure("\(given?.place ?? "the master"): \(error)")
    }
    if url.target.contains("?") {
      throw Failure("\(given?.place ?? "the master"): found a query, expected a URL such as \(MasterAddress.usual)")
    }
    mayBePlain = line.isOn(.plain)
    var flags = ""
    if case .flag? = given?.source { flags += " --master \(text)" }
    if let file = line.given(.caFile), case .flag = file.source { flags += " --ca-file \(file.text)" }
    if case .flag? = line.given(.plain)?.source { flags += " --plain" }
    hint = flags
  }

  /// As tokens are kept and messages say it, without a slash at its end.
  var text: String { url.origin.description + path }

  private var path: String {
    var path = url.target
    while path.last == "/" { path.removeLast() }
    return path
  }

  func url(_ path: String) throws(Failure) -> TargetURL {
    do throws(ValueError) { return try TargetURL(text: text + path) } catch { throw Failure("\(error)") }
  }

  private var isHere: Bool { url.host == "localhost" || IPAddress(text: url.host)?.isLoopback == true }

  /// - Throws: where a secret would leave this machine unencrypted and nobody has said that it may.
  func checkSecret(_ what: String) throws(Failure) {
    if url.isTLS || isHere || mayBePlain { return }
    throw Failure(
      "\(text) is another machine, and http:// is not encrypted: \(what) could be read on the way. Give an https:// "
        + "address, or --plain where the network is to be trusted")
  }
}

import CommandLines
import HTTPClient
import JSONScan
import Model

/// An answer that is no success: what it says, and what somebody can do about it.
struct Denial {
  let status: Int
  /// Seconds, where the server says when to come again.
  let retryAfter: Int?
  private let address: MasterAddress
  private let detail: String?
  private let location: String?
  private let test: Identifier?

  /// - Parameter test: whose id stood in the path; nil for none.
  init(_ reply: Reply, _ address: MasterAddress, about test: Identifier? = nil) {
    status = reply.status
    self.address = address
    self.test = test
    retryAfter = reply["Retry-After"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    location = reply["Location"]
    detail = Denial.detail(reply)
  }

  /// What a problem document says; nil where there is none. At most 400 characters of it.
  private static func detail(_ reply: Reply) -> String? {
    guard reply.body.count <= 1 << 20, let root = (try? JSONReader.document(reply.body))?.root,
      let text = root["detail"]?.text ?? root["title"]?.text, !text.isEmpty
    else { return nil }
    return text.count > 400 ? text.prefix(400) + "…" : text
  }

  /// Whether asking again later may help.
  var isPassing: Bool { [429, 502, 503, 504].contains(status) }

  var failure: Failure { Failure(text, exitCode: 2) }

  var text: String {
    let said = detail.map { ": \($0)" } ?? ""
    let place = address.text
    switch status {
    case 401:
      let why = detail.map { " (\($0))" } ?? ""
      return "\(place) does not accept the token\(why); sign in again: stampede login\(address.hint)"
    case 403: return "\(place) does not allow it\(said.isEmpty ? ": the user's role is not enough" : said)"
    case 404 where test != nil && detail != nil:
      return "\(place)\(said) (stampede status\(address.hint) lists the tests)"
    case 404: return "\(place) answers 404\(said); is it a Stampede master?"
    case 400, 409, 415, 422: return "\(place) refuses it\(said.isEmpty ? " with \(status)" : said)"
    case 413: return "\(place): what was sent is too long\(said)"
    case 429: return "\(place): too many attempts\(said); try again \(again)"
    case 502, 503, 504: return "\(place) can't do it now\(said.isEmpty ? " (\(status))" : said); try again \(again)"
    case 300...399:
      let target = location.map { TargetURL.shown(Node.cut($0)) } ?? "elsewhere"
      return "\(place) leads to \(target), which is not followed: give the address itself with --master"
    case 500...599: return "\(place) failed (\(status))\(said); its log says why"
    case _: return "\(place) answers \(status)\(said); is it a Stampede master?"
    }
  }

  private var again: String {
    guard let retryAfter else { return "later" }
    return "in \(retryAfter) \(retryAfter == 1 ? "second" : "seconds")"
  }
}

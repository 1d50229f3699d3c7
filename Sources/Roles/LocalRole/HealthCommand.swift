import CommandLines
import HTTPClient
import Model
import Options

/// `health`: one request, and whether its answer was good. A container needs nothing but this binary for it.
enum HealthCommand {
  static func run(_ line: Invocation) throws(Failure) -> Int32 {
    let text = line.operands.first ?? ""
    let url: TargetURL
    do throws(ValueError) { url = try TargetURL(text: text) } catch { throw Failure("health: \(error)") }
    var settings = Client.Settings()
    let patience = line.timeSpan(.healthTimeout) ?? .seconds(5)
    (settings.connect, settings.total, settings.stall) = (patience, patience, patience)
    settings.mostBody = 1 << 20
    let reply: Reply
    do throws(ClientError) {
      reply = try Client(settings).perform(Call(.get, url))
    } catch { throw Failure("health: \(error)") }
    if reply.isSuccess { return 0 }
    throw Failure("health: \(TargetURL.shown(text)) answered \(reply.status)\(said(reply))")
  }

  /// What it gave for a reason, in one line.
  private static func said(_ reply: Reply) -> String {
    let words = String(decoding: reply.body.prefix(300), as: UTF8.self).split(whereSeparator: \.isWhitespace)
    return words.isEmpty ? "" : ": " + words.joined(separator: " ")
  }
}

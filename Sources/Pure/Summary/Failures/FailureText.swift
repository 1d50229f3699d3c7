import JSONScan
public import Measuring
public import Model

/// The lines of `failures.jsonl`, one JSON object each; `proto-free-schema/failures.schema.json` describes them.
public struct FailureText: Sendable {
  /// The version of the form.
  public static let schema = "stampede.failure/1"
  /// The file's name in the run directory.
  public static let fileName = "failures.jsonl"

  private let mask: FailureMask

  /// - Parameter plan: says what is secret.
  public init(_ plan: Plan) {
    mask = FailureMask(plan)
  }

  /// One line with its end. Whatever is secret in the exchange is masked in it.
  public func line(_ exchange: FailedExchange) -> [UInt8] {
    let exchange = mask.masked(exchange)
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("schema", FailureText.schema)
      writer.member("name", exchange.name)
      writer.member("kind", exchange.kind.word)
      writer.member("cause", exchange.cause)
      writer.member("origin", exchange.origin)
      writer.member("warmUp", exchange.isWarmUp)
      writer.member("intendedUs", exchange.intended.inMicroseconds)
      writer.member("wokeUs", exchange.woke.inMicroseconds)
      writer.member("sentUs", exchange.sent?.inMicroseconds)
      writer.member("firstByteUs", exchange.firstByte?.inMicroseconds)
      writer.member("endUs", exchange.end.inMicroseconds)
      writer.member("user", exchange.user)
      writer.member("iteration", exchange.iteration)
      writer.member("tries", exchange.tries)
      writer.member("redirects", exchange.redirects)
      writer.member("resent", exchange.isResent)
      if let verdict = exchange.verdict {
        writer.member("expected", verdict.expected)
        writer.member("found", verdict.found)
      }
      writer.key("request")
      writer.object { writer in
        writer.member("bytes", exchange.bytesOut)
        writer.member("writtenAgain", exchange.isWrittenAgain)
        FailureText.piece(&writer, exchange.request)
      }
      writer.key("reply")
      if exchange.bytesIn == 0, exchange.reply == FailedExchange.Piece() { return writer.null() }
      writer.object { writer in
        writer.member("status", exchange.status == 0 ? nil : exchange.status)
        writer.member("bytes", exchange.bytesIn)
        FailureText.piece(&writer, exchange.reply)
      }
    }
    return writer.bytes + [0x0A]
  }

  private static func piece(_ writer: inout JSONWriter, _ piece: FailedExchange.Piece) {
    writer.member("head", String(decoding: piece.head, as: UTF8.self))
    if let text = text(piece.body, isCut: piece.isBodyCut) {
      writer.member("body", text)
    } else {
      writer.member("bodyBase64", Base64.encode(piece.body))
    }
    writer.member("cut", piece.isHeadCut || piece.isBodyCut)
  }

  /// The bytes as text; nil where they are none. A character that a cut parted is left out.
  private static func text(_ bytes: [UInt8], isCut: Bool) -> String? {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    guard isCut else { return nil }
    for count in 1...3 where bytes.count > count {
      if let text = String(validating: bytes.dropLast(count), as: UTF8.self) { return text }
    }
    return nil
  }
}

import Measuring
import Model

/// Takes everything out of a failing exchange that nobody should read: what fields and headers of telling names hold,
/// credentials of URLs, values of the environment, and what was captured at sign-in, wherever it stands.
struct FailureMask {
  private let keeping: FailureKeeping
  private let fields: Set<String>
  private let hidden: Set<String>

  init(_ plan: Plan) {
    keeping = plan.options.failures
    fields = plan.secretFields
    hidden = plan.secretReplies
  }

  func masked(_ exchange: FailedExchange) -> FailedExchange {
    // First what is known by its text, whole; then what is told by a name; then the latter wherever else it stands, for
    // a target may echo it.
    let known = SecretFinder(exchange.secrets + keeping.values.map { Array($0.utf8) })
    var result = FailureMask.each(exchange) { known.masked($0, FieldMask.mask, isCut: $1) }
    if hidden.contains(exchange.name) { result.reply.body = FieldMask.mask }
    var fields = FieldMask(headers: keeping.headers, names: self.fields)
    result.request.head = fields.head(result.request.head)
    result.reply.head = fields.head(result.reply.head)
    result.request.body = fields.fields(result.request.body)
    result.reply.body = fields.fields(result.reply.body)
    result = FailureMask.texts(of: result) { fields.fields($0) }
    let found = SecretFinder(fields.found)
    result = FailureMask.each(result) { found.masked($0, FieldMask.mask, isCut: $1) }
    result.secrets = []
    return result
  }

  private static func each(
    _ exchange: FailedExchange, _ change: ([UInt8], _ isCut: Bool) -> [UInt8]
  ) -> FailedExchange {
    var result = texts(of: exchange) { change($0, false) }
    result.request.head = change(exchange.request.head, exchange.request.isHeadCut)
    result.request.body = change(exchange.request.body, exchange.request.isBodyCut)
    result.reply.head = change(exchange.reply.head, exchange.reply.isHeadCut)
    result.reply.body = change(exchange.reply.body, exchange.reply.isBodyCut)
    return result
  }

  private static func texts(of exchange: FailedExchange, _ change: ([UInt8]) -> [UInt8]) -> FailedExchange {
    func text(_ text: String) -> String { String(decoding: change(Array(text.utf8)), as: UTF8.self) }
    var result = exchange
    result.name = text(exchange.name)
    result.cause = text(exchange.cause)
    result.origin = text(exchange.origin)
    result.verdict = exchange.verdict.map {
      FailedExchange.Verdict(expected: text($0.expected), found: text($0.found))
    }
    return result
  }
}

import Model

/// Why a result can't be called complete.
public enum Incompleteness: Sendable, Hashable {
  /// Not one record of a worker that took part.
  case noRecords(Identifier)
  /// Not one record at all.
  case nothing
  /// So many records of a worker are not at hand.
  case missingRecords(Identifier, UInt64)
  /// The worker never said that it had ended: it was killed, or is still at work.
  case noFinalRecord(Identifier, unknown: UInt64)
  /// A worker was given up before its part of the run was done.
  case givenUp(Identifier)
  /// Records numbered beyond the one that called itself the last.
  case recordsBeyondFinal(Identifier)
  /// So many records belong to another run and were left out.
  case foreignRecords(UInt64)
  /// A sum that does not hold.
  case residual(Equation)
  /// As a stored result says it, in its words.
  case told(String)

  /// One sentence for a person.
  public var text: String {
    switch self {
    case .noRecords(let id): "There is no record of worker \(id)."
    case .nothing: "There is no record at all."
    case .missingRecords(let id, let count):
      "\(count) \(count == 1 ? "record" : "records") of worker \(id) \(count == 1 ? "is" : "are") missing."
    case .noFinalRecord(let id, let unknown):
      "The last record of worker \(id) is missing (it was killed or is still at work); "
        + "the outcome of \(unknown) \(unknown == 1 ? "request is" : "requests is") unknown."
    case .givenUp(let id): "Worker \(id) was lost; what it had still to send was not sent."
    case .recordsBeyondFinal(let id): "Worker \(id) has records beyond the one it called its last."
    case .foreignRecords(let count):
      "\(count) \(count == 1 ? "record belongs" : "records belong") to another run and \(count == 1 ? "was" : "were") left out."
    case .residual(let equation):
      "The sum \(equation.text) does not hold: \(equation.residual) left over."
    case .told(let text): text
    }
  }
}

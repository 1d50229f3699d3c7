import Engine
import Records

/// Why a run can't be made, or could not be carried out.
public struct RunError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A whole sentence a user can act on.
  public let message: String
  /// Whether the request for the run was wrong (exit code 1), rather than the run itself (exit code 2).
  public let isUsage: Bool

  public init(_ message: String, isUsage: Bool = false) {
    self.message = message
    self.isUsage = isUsage
  }

  init(_ error: EngineError) { self.init(error.message, isUsage: true) }
  init(_ error: RecordsError) { self.init("\(error)", isUsage: true) }

  public var description: String { message }
}

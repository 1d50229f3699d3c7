import Engine
import Measuring
import Model
import Records
import Summary

/// Writes failing exchanges into the run directory as they come, secrets masked; the file is made with the first one.
struct FailureFile {
  private let text: FailureText
  private let folder: RunDirectory
  private var file: RecordWriter?
  private var isBroken = false

  init(_ plan: Plan, in folder: RunDirectory) {
    text = FailureText(plan)
    self.folder = folder
  }

  /// Appends one line for each; what went wrong, if anything did: nothing more is written then.
  mutating func add(_ exchanges: [FailedExchange]) -> RunError? {
    if exchanges.isEmpty || isBroken { return nil }
    do throws(RecordsError) {
      if file == nil { file = try RecordWriter(path: folder.file(FailureText.fileName), isPrivate: true) }
      for exchange in exchanges { try file?.append(text.line(exchange)) }
      return nil
    } catch {
      isBroken = true
      return RunError("failing exchanges can't be kept: \(error)")
    }
  }
}

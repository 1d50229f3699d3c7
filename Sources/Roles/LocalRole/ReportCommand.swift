import CommandLines
import Options
import Records
import Reports
import Summary
import Verdicts

/// `report`: the result of a saved run, made again from its records.
enum ReportCommand {
  /// A description is a few KiB; one with thousands of targets some more.
  private static let mostDescription = 64 << 20

  static func run(_ line: Invocation, environment: [String: String]) throws(Failure) -> Int32 {
    guard let path = line.operands.first else { throw Failure(withoutDirectory) }
    var files: [ResultPlaces.File] = []
    for given in line.all(.reportOut) {
      guard let file = try ResultPlaces.file(given) else {
        throw Failure("\(given.place): found '\(given.text)', expected a file's name that ends in .json or .csv")
      }
      files.append(file)
    }
    let summary = try load(path)
    for file in files {
      do throws(RecordsError) {
        try file.write(summary)
      } catch { throw Failure("--out \(error)", exitCode: 2) }
    }
    if !files.isEmpty { return 0 }
    if let form = line.text(.reportFormat).flatMap(ResultPlaces.Form.init) {
      try Console.out(String(decoding: form.bytes(of: summary), as: UTF8.self))
    } else {
      let colour = Console.hasColour(1, environment: environment)
      try Console.out(
        TerminalReport.text(
          summary, width: Console.width(1), colour: colour, directory: path, kept: KeptFailures.digest(of: path)))
    }
    return 0
  }

  /// Vegeta's `attack | report` hands results through a pipe.
  private static var withoutDirectory: String {
    Console.isPipe(0)
      ? "report: attack prints its own report: leave '| stampede report' away (for a saved run: stampede report DIR)"
      : "report: found no run directory; type: stampede report DIR (attack and run name theirs in their last line)"
  }

  private static func load(_ path: String) throws(Failure) -> RunSummary {
    let folder: RunDirectory
    let bytes: [UInt8]
    do throws(RecordsError) {
      folder = try RunDirectory.open(path)
      bytes = try WholeFile.read(folder.file("run.json"), atMost: mostDescription)
    } catch { throw Failure(error) }
    var builder: SummaryBuilder
    do throws(DescriptionError) {
      builder = SummaryBuilder(try RunDescription(json: bytes))
    } catch { throw Failure("\(folder.file("run.json")): \(error)") }
    do throws(RecordsError) {
      var reader = try folder.recordReader()
      while let interval = try reader.next() { builder.add(interval) }
      if reader.torn > 0 {
        Console.say("\(path): the last \(reader.torn) bytes of the records are cut short and left out")
      }
    } catch { throw Failure(error) }
    return builder.judged()
  }
}

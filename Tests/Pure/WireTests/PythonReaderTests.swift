import Foundation
import Measuring
import TestSupport
import Testing

@testable import Wire

/// `scripts/read-records.py`, written from the schema alone, reads what we write as we read it.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: Places.python), "python3 is not installed"))
struct PythonReaderTests {
  @Test(arguments: Golden.all) func goldenFilesReadTheSame(_ golden: Golden) throws {
    let lines = try PythonReader.lines([PythonReader.script, "--hex", golden.path])
    #expect(lines == [golden.interval.asJSON.rendered[...]])
  }

  @Test func randomIntervalsReadTheSame() throws {
    var source = SplitMix(seed: Setting.seed)
    var intervals = (0..<60).map { _ in Interval.random(&source) }
    // A sum of times is no count, however large it is.
    intervals[0].worker.lateness.record(.max, times: 1 << 40)
    let folder = try TemporaryFolder("wire")
    _ = try folder.write("records", bytes: intervals.flatMap(IntervalCodec.encode))
    let lines = try PythonReader.lines([PythonReader.script, folder.path])
    try #require(lines.count == intervals.count, "seed \(Setting.seed)")
    for (line, interval) in zip(lines, intervals) {
      try #require(line == interval.asJSON.rendered, "seed \(Setting.seed)")
    }
  }

  /// Both readers take and refuse the same of 3,000 damaged records.
  @Test func damagedRecordsAreJudgedTheSame() throws {
    var source = SplitMix(seed: Setting.seed)
    let mutation = Mutation(&source)
    let frames = (0..<3_000).map { _ in mutation.damaged(&source) }
    let folder = try TemporaryFolder("wire")
    let hex = frames.map { $0.map { String(0x100 + Int($0), radix: 16).dropFirst() }.joined() }
    let file = try folder.write("frames", hex.joined(separator: "\n"))
    let judge = """
      import importlib.util, json, sys
      spec = importlib.util.spec_from_file_location("reader", sys.argv[1])
      reader = importlib.util.module_from_spec(spec)
      spec.loader.exec_module(reader)
      schema = reader.Schema(sys.argv[2])
      sys.stdout.reconfigure(encoding="utf-8", newline="\\n")
      for line in open(sys.argv[3]).read().split("\\n"):
          try:
              found = list(reader.records(schema, bytes.fromhex(line)))
              if len(found) != 2 or found[1] != 0:
                  raise reader.Damaged("not one whole frame")
              print(json.dumps(found[0], ensure_ascii=False, sort_keys=True, separators=(",", ":")))
          except (reader.Damaged, UnicodeDecodeError):
              print("refused")
      """
    let lines = try PythonReader.lines(["-c", judge, PythonReader.script, SchemaFile.folder + "/records.schema", file])
    try #require(lines.count == frames.count)
    var taken = 0
    for (line, frame) in zip(lines, frames) {
      let ours = try? IntervalCodec.decode(frame[...])
      if ours != nil { taken += 1 }
      try #require(line == ours?.asJSON.rendered ?? "refused", "seed \(Setting.seed): \(frame)")
    }
    #expect(taken > 10 && taken < 2_900, "seed \(Setting.seed): \(taken) taken")
  }
}

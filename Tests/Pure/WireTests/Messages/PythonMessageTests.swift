import Foundation
import TestSupport
import Testing

/// `scripts/read-records.py`, which knows nothing but the schema file, reads a master's and workers' frames as well.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: Places.python), "python3 is not installed"))
struct PythonMessageTests {
  private static let life = #""fedcba98-7654-4210-8123-456789abcdef""#
  private static let run = #""00112233-4455-4677-8899-aabbccddeeff""#
  private static let grant =
    #"{"epoch":3,"horizon":12500000000,"incarnation":\#(life),"lease":5000000000,"run":\#(run),"term":7}"#

  /// Written out by hand: they share nothing with the codec.
  static let lines: [String: String] = [
    "hello":
      #"{"cpus":16,"host":"höst","oldest":1,"process":\#(life),"protocol":2,"#
      + #""token":"0123456789abcdef0123456789abcdef","version":"0.1.0","worker":"worker-1"}"#,
    "heartbeat":
      #"{"incarnation":\#(life),"nonce":300,"published":40,"records":41,"run":\#(run),"state":"running"}"#,
    "beat": #"{"grant":\#(grant),"nonce":300,"received":86400000000123,"sent":86400000040123,"term":7}"#,
    "assign":
      #"{"allowed":["127.0.0.1:8080"],"denied":["169.254.0.0/16","[::1]:5432"],"grant":\#(grant),"name":"shop 🐂","#
      + #""plan":"{\"schema\":\"stampede.plan/1\",\"name\":\"shop 🐂\"}","share":1,"shares":2,"#
      + #""slots":[{"offset":1,"stride":4},{"offset":3,"stride":4}],"topic":"stampede.results","#
      + #""users":{"count":25,"first":1,"stride":2}}"#,
    "complete":
      #"{"completed":4711,"incarnation":\#(life),"kept":1,"problem":"the spool is full","published":30,"#
      + #""reason":"stopped","records":31,"run":\#(run)}"#,
    "refused": #"{"text":"worker-1 is connected from 10.0.0.7","why":"duplicate"}"#,
  ]

  @Test func goldenFramesReadTheSame() throws {
    for message in GoldenMessageTests.all {
      let name = message.name.lowercased()
      let read = try PythonReader.lines([
        PythonReader.script, "--schema", SchemaFile.folder + "/rpc.schema", "--hex",
        "\(SchemaFile.folder)/golden/rpc-\(name).hex",
      ])
      try #require(read.count == 1, "\(name)")
      if let line = Self.lines[name] { #expect(read[0] == line, "\(name)") }
    }
  }
}

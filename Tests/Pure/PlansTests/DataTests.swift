import JSONScan
import Model
import TestSupport
import Testing

@testable import Plans

/// Lists and feeds, and the comma-separated values they are read from.
@Suite struct DataTests {
  @Test(arguments: [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]), ("a\r1\r", [["a"], ["1"]]),
    ("\u{FEFF}a,b\n", [["a", "b"]]), ("a,\"b,\"\"c\"\"\nd\"\n", [["a", "b,\"c\"\nd"]]),
    ("a,,\n,", [["a", "", ""], ["", ""]]),
    ("\n\na\n\n", [["a"]]), (" a , b ", [[" a ", " b "]]), ("\"\",x", [["", "x"]]), ("", []),
    ("é,\"ü\"", [["é", "ü"]]),
  ])
  func tables(text: String, rows: [[String]]) throws {
    #expect(try CSVReader.rows(Array(text.utf8)) == rows)
  }

  @Test(arguments: [
    ("a\nb\"c", 2, "found a quote inside a field, expected the whole field in quotes"),
    ("a\n\"b\"c", 2, "found text behind a closing quote, expected a comma or the line's end"),
    ("a\n\"b\nc", 2, "found a quote without its end, expected a second one"),
    (String(repeating: ",", count: 300), 1, "found more than 256 fields in a row, expected fewer"),
  ])
  func noTables(text: String, line: Int, expected: String) {
    do throws(CSVReader.Problem) {
      _ = try CSVReader.rows(Array(text.utf8))
      Issue.record("accepted")
    } catch { #expect(error.line == line && error.message == expected) }
  }

  @Test func bytesThatAreNoText() {
    #expect(throws: CSVReader.Problem.self) { try CSVReader.rows([0x61, 0x0A, 0xFF]) }
  }

  /// What is written by the rules reads back, and any bytes are read or refused.
  @Test func fuzz() throws {
    let seed = Fuzz.seed(for: "DataTests")
    var source = SplitMix(seed: seed)
    let pieces = ["a", ",", "\"", "\n", "\r", " ", "é", "x"]
    for _ in 0..<Fuzz.count(5_000) {
      let columns = Int.random(in: 1...4, using: &source)
      let rows = (0..<Int.random(in: 1...5, using: &source)).map { _ in
        (0..<columns).map { _ in
          (0..<Int.random(in: 1...4, using: &source)).map { _ in pieces.randomElement(using: &source) ?? "" }.joined()
        }
      }
      func quoted(_ field: String) -> String {
        "\"" + field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
      }
      let end = Bool.random(using: &source) ? "\n" : "\r\n"
      let text = rows.map { $0.map(quoted).joined(separator: ",") + end }.joined()
      #expect(try CSVReader.rows(Array(text.utf8)) == rows, "seed \(seed)")
      let mutated = Fuzz.mutated(Array(text.utf8), tokens: pieces, &source)
      if let read = try? CSVReader.rows(mutated) { #expect(read.allSatisfy { !$0.isEmpty }, "seed \(seed)") }
    }
  }

  private func read(_ json: String) throws(PlanError) -> PlanDocument {
    let files: PlanData.Files = { (name) throws(ValueError) in
      switch name {
      case "users.csv": return Array("email, name\na@x,A\nb@x,\"B, C\"\n".utf8)
      case "movies.txt": return Array("\u{FEFF}one\r\n\n two \n".utf8)
      case "short.csv": return Array("a,b\n1\n".utf8)
      case _: throw ValueError(found: "no such file", expected: "a file that can be read")
      }
    }
    do {
      let root = try JSONReader.document(Array(json.utf8)).root
      return try PlanReader.read(
        root, format: .json, file: "plan.json", name: "plan", environment: [:], aids: PlanAids(files: files))
    } catch let error as PlanError { throw error } catch { throw PlanError(file: "json", "\(error)") }
  }

  private func message(_ fields: String) -> String {
    said { () throws(PlanError) in _ = try read(top(fields)) }
  }

  private func said(_ body: () throws(PlanError) -> Void) -> String {
    do throws(PlanError) {
      try body()
      return "accepted"
    } catch { return error.description }
  }

  @Test func fromFiles() throws {
    let plan = try read(
      top(
        #""lists": {"movies": {"file": "movies.txt"}, "n": [1, "2", true]}, "feeds": {"users": "users.csv", "again": {"file": "users.csv", "mode": "unique", "on_exhausted": "recycle"}}"#
      ))
    #expect(
      plan.lists == [
        ValueList(name: "movies", values: ["one", "two"]), ValueList(name: "n", values: ["1", "2", "true"]),
      ])
    let rows = [["a@x", "A"], ["b@x", "B, C"]]
    #expect(
      plan.feeds == [
        DataFeed(name: "users", columns: ["email", "name"], rows: rows),
        DataFeed(name: "again", mode: .unique, exhausted: .recycle, columns: ["email", "name"], rows: rows),
      ])
  }

  @Test(arguments: [
    (
      #""lists": {"a b": ["x"]}"#,
      "lists.a b: found the list's name 'a b', expected a name of letters, digits, '_' and '-' that is no template's own"
    ),
    (#""lists": {"a": []}"#, "lists.a: found no value, expected at least one"),
    (
      #""lists": {"a": {"file": "none"}}"#,
      "lists.a.file: found no such file for 'none', expected a file that can be read"
    ),
    (#""feeds": {"a": "short.csv"}"#, "feeds.a: found 1 field in row 1, expected 2 as there are columns"),
    (
      #""feeds": {"a": {"file": "users.csv", "mode": "uniqe"}}"#,
      "feeds.a.mode: found 'uniqe', expected one of unique, per_user, shared, random (did you mean 'unique'?)"
    ),
    (#""feeds": [{"file": "users.csv"}]"#, "feeds[0]: found no name, expected one such as users"),
    (
      #""feeds": {"a": {"columns": ["x", "x"], "rows": [["1", "2"]]}}"#,
      "feeds.a: found two columns 'x', expected a name for each"
    ),
    (#""feeds": {"a": {"mode": "shared"}}"#, "feeds.a: found neither file nor rows, expected 'file: users.csv'"),
  ])
  func wrong(fields: String, expected: String) {
    #expect(message(fields).hasSuffix(": " + expected), "\(message(fields))")
  }

  /// One error for one fault: what names a list or feed that could not be read is not wrong besides.
  @Test func aMissingFileIsSaidOnce() throws {
    let plan =
      #"{"scenarios": [{"url": "http://h/{{users.name}}?{{pick movies}}&{{nobody.name}}&{{pick none}}"}],"#
      + #""lists": {"movies": {"file": "nowhere.txt"}}, "feeds": {"users": "nowhere.csv"}}"#
    let said = said { () throws(PlanError) in _ = try read(plan) }
    #expect(said.contains("lists.movies") && said.contains("feeds.users"), "\(said)")
    #expect(!said.contains("users.name") && !said.contains("pick movies"), "\(said)")
    #expect(said.contains("nobody.name") || said.contains("pick none"), "\(said)")
  }

  @Test func withoutFiles() throws {
    #expect(
      try errors(top(#""feeds": {"a": "/etc/passwd"}"#))
        .hasSuffix(
          "feeds.a.file: found a file, expected its rows: a plan that is sent brings its data ('stampede submit' does so)"
        ))
  }

  @Test func flags() throws {
    #expect(try PlanData.named("a=b=c").file == "b=c")
    #expect(PlanData.mode("f,x.csv,unique,recycle").file == "f,x.csv")
    #expect(PlanData.mode("f.csv,unique,recycle").exhausted == .recycle)
    for wrong in ["", "=", "a=", "=b", "a"] { #expect(throws: ValueError.self) { try PlanData.named(wrong) } }
  }
}

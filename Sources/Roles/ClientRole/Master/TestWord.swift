import CommandLines
import Model
import Options

/// The test that a command line names.
enum TestWord {
  static func read(_ line: Invocation) throws(Failure) -> Identifier? {
    guard let word = line.operands.first else { return nil }
    guard let id = Identifier(text: word) else {
      throw Failure(
        "\(line.command.name): found '\(word)', expected a test's id of 36 characters (stampede status lists them)")
    }
    return id
  }

  static func required(_ line: Invocation) throws(Failure) -> Identifier {
    if let id = try read(line) { return id }
    throw Failure("\(line.command.name): found no test's id (stampede status lists them)")
  }
}

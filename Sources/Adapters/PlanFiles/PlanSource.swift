import JSONScan
import Model
import Plans

/// Where a plan comes from: a file, standard input, or a URL on the command line.
///
/// All calls block until the file is read.
public enum PlanSource {
  /// Loads what a command's argument names: `-` is standard input, `http://…` one target, anything else a file, whose
  /// form is told by its ending, else by its first line.
  ///
  /// - Parameters:
  ///   - environment: what `${NAME}` stands for in plans.
  ///   - input: the descriptor that `-` reads.
  /// - Throws: `PlanError` with everything that is wrong, one line each.
  public static func load(
    argument: String, environment: [String: String], input: Int32 = 0
  ) throws(PlanError) -> PlanDocument {
    if argument == "-" {
      let bytes: [UInt8]
      do throws(ValueError) { bytes = try InputFile.read(descriptor: input) } catch {
        throw PlanError(file: "stdin", error.description)
      }
      if !bytes.contains(where: { $0 > 0x20 }) {
        throw PlanError(
          file: "stdin", "found nothing in it, expected targets or a plan; or give a URL or a file's name")
      }
      return try read(bytes, file: "stdin", name: "stdin", environment: environment)
    }
    if argument.isEmpty { throw PlanError(file: "", "found nothing, expected a plan's file or a URL") }
    if let scheme = argument.firstIndex(of: ":"), argument[scheme...].hasPrefix("://") { return try url(argument) }
    if let answer = ForeignFormat.answer(to: argument) { throw PlanError(file: argument, answer) }
    let bytes: [UInt8]
    do throws(ValueError) { bytes = try InputFile.read(path: argument) } catch {
      let isHost = error.found == "no such file" && ForeignFormat.looksLikeHost(argument)
      throw PlanError(
        file: argument, isHost ? "no such file; for a URL write http://\(argument)" : error.description)
    }
    let base = argument.split(separator: "/").last.map(String.init) ?? argument
    let dot = base.lastIndex(of: ".") ?? base.endIndex
    let name = dot == base.startIndex ? base : String(base[..<dot])
    return try read(bytes, file: argument, name: name, environment: environment)
  }

  /// Reads a text that is at hand already; `file` is its name in messages and tells its form by its ending.
  public static func read(
    _ bytes: [UInt8], file: String, name: String, environment: [String: String]
  ) throws(PlanError) -> PlanDocument {
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    if !text.contains(where: { $0 > 0x20 }) { throw PlanError(file: file, "found nothing in it, expected a plan") }
    switch PlanForm.of(text, file: file) {
    case .yaml: return try yaml(text, file, name, environment)
    case .json: return try json(text, file, name, environment)
    case .jsonLines: return try VegetaJSON.read(text, file: file, name: name)
    case .targets:
      return try VegetaText.read(text, file: file, name: name) { path throws(ValueError) in
        do throws(ValueError) { return try InputFile.read(path: path) } catch {
          throw ValueError(found: "\(error.found) for the body '\(Node.cut(path))'", expected: error.expected)
        }
      }
    }
  }

  /// A flag's body: `@FILE` is the file's content, anything else the text itself.
  ///
  /// - Parameter flag: the flag's name, for messages.
  public static func body(argument: String, flag: String) throws(PlanError) -> [UInt8] {
    if !argument.hasPrefix("@") { return Array(argument.utf8) }
    do throws(ValueError) { return try InputFile.read(path: String(argument.dropFirst())) } catch {
      throw PlanError(file: "\(flag) \(Node.cut(argument))", error.description)
    }
  }

  /// Vegeta's attack options: a JSON object as the argument itself, or the name of a file that holds one.
  public static func vegetaOptions(argument: String) throws(PlanError) -> VegetaOptions {
    let flag = "--vegeta-options"
    if argument.first(where: { $0 != " " }) == "{" { return try VegetaOptions.read(Array(argument.utf8), file: flag) }
    let bytes: [UInt8]
    do throws(ValueError) { bytes = try InputFile.read(path: argument) } catch {
      throw PlanError(file: "\(flag) \(Node.cut(argument))", error.description)
    }
    return try VegetaOptions.read(bytes, file: argument)
  }

  private static func url(_ text: String) throws(PlanError) -> PlanDocument {
    do throws(ValueError) { return try URLPlan.document(text) } catch {
      throw PlanError(file: "URL", error.description)
    }
  }

  private static func yaml(
    _ bytes: [UInt8], _ file: String, _ name: String, _ environment: [String: String]
  ) throws(PlanError) -> PlanDocument {
    let root: Node?
    do throws(YAMLError) { root = try YAMLReader.document(bytes) } catch {
      throw PlanError(file: file, place: error.place, error.message)
    }
    guard let root else { throw PlanError(file: file, "found nothing in it, expected a plan") }
    return try PlanReader.read(root, format: .yaml, file: file, name: name, environment: environment)
  }

  private static func json(
    _ bytes: [UInt8], _ file: String, _ name: String, _ environment: [String: String]
  ) throws(PlanError) -> PlanDocument {
    let root: Node
    let first: Node?
    do throws(JSONError) {
      var reader = JSONReader(bytes[...])
      first = try reader.next()
    } catch {
      throw PlanError(file: file, place: error.place, "found \(error.found), expected \(error.expected)")
    }
    if let first, PlanForm.isTargets(first) { return try VegetaJSON.read(bytes, file: file, name: name) }
    do throws(JSONError) {
      root = try JSONReader.document(bytes).root
    } catch {
      throw PlanError(file: file, place: error.place, "found \(error.found), expected \(error.expected)")
    }
    return try PlanReader.read(root, format: .json, file: file, name: name, environment: environment)
  }
}

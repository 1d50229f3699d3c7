import JSONScan
import Model
import Patterns
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
  ///   - supplies: lists and feeds from elsewhere.
  ///   - input: the descriptor that `-` reads.
  /// - Throws: `PlanError` with everything that is wrong, one line each.
  public static func load(
    argument: String, environment: [String: String], supplies: PlanSupplies = PlanSupplies(), input: Int32 = 0
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
      return try read(
        bytes, file: "stdin", name: "stdin", environment: environment, supplies: supplies, files: files(beside: ""))
    }
    if argument.isEmpty { throw PlanError(file: "", "found nothing, expected a plan's file or a URL") }
    if let scheme = argument.firstIndex(of: ":"), argument[scheme...].hasPrefix("://") {
      return try url(argument, environment, supplies)
    }
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
    return try read(
      bytes, file: argument, name: name, environment: environment, supplies: supplies, files: files(beside: argument))
  }

  /// Reads files that a plan names: relative names lead from the plan's own folder.
  static func files(beside plan: String) -> PlanData.Files {
    let folder = plan.lastIndex(of: "/").map { String(plan[...$0]) } ?? ""
    return { (name) throws(ValueError) in
      try InputFile.read(path: name.hasPrefix("/") ? name : folder + name)
    }
  }

  private static func check(pattern text: String, group: Int) throws(ValueError) {
    do throws(PatternError) { try PatternSet.check(text, group: group) } catch {
      throw ValueError(
        found: "'\(Node.cut(text))' with \(error.found) at character \(error.place + 1)", expected: error.expected)
    }
  }

  /// The content of a list's or feed's file that a flag names.
  public static func data(file: String) throws(ValueError) -> [UInt8] { try InputFile.read(path: file) }

  /// Reads a text that is at hand already; `file` is its name in messages and tells its form by its ending.
  ///
  /// - Parameter files: reads what the plan names; nil where no file may be read.
  public static func read(
    _ bytes: [UInt8], file: String, name: String, environment: [String: String],
    supplies: PlanSupplies = PlanSupplies(), files: PlanData.Files? = nil
  ) throws(PlanError) -> PlanDocument {
    let reader = { (root: Node, format: PlanDocument.Format) throws(PlanError) in
      try PlanReader.read(
        root, format: format, file: file, name: name, environment: environment, supplies: supplies,
        aids: PlanAids(files: files, pattern: check(pattern:group:)))
    }
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    if !text.contains(where: { $0 > 0x20 }) { throw PlanError(file: file, "found nothing in it, expected a plan") }
    switch PlanForm.of(text, file: file) {
    case .yaml: return try yaml(text, file, reader)
    case .toml: return try toml(text, file, reader)
    case .json: return try json(text, file, name, reader)
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

  private static func url(
    _ text: String, _ environment: [String: String], _ supplies: PlanSupplies
  ) throws(PlanError) -> PlanDocument {
    do throws(ValueError) {
      return try URLPlan.document(text, environment: environment, supplies: supplies)
    } catch {
      throw PlanError(file: "URL", error.description)
    }
  }

  private typealias Reader = (Node, PlanDocument.Format) throws(PlanError) -> PlanDocument

  private static func yaml(_ bytes: [UInt8], _ file: String, _ reader: Reader) throws(PlanError) -> PlanDocument {
    let root: Node?
    do throws(YAMLError) { root = try YAMLReader.document(bytes) } catch {
      throw PlanError(file: file, place: error.place, error.message)
    }
    guard let root else { throw PlanError(file: file, "found nothing in it, expected a plan") }
    return try reader(root, .yaml)
  }

  private static func toml(_ bytes: [UInt8], _ file: String, _ reader: Reader) throws(PlanError) -> PlanDocument {
    let root: Node
    do throws(TOMLError) { root = try TOMLReader.document(bytes) } catch {
      throw PlanError(file: file, place: error.place, error.message)
    }
    return try reader(root, .toml)
  }

  private static func json(
    _ bytes: [UInt8], _ file: String, _ name: String, _ reader: Reader
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
    return try reader(root, .json)
  }
}

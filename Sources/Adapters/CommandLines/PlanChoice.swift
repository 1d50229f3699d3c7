import Model
public import Options
import PlanFiles
public import Plans

/// Which plan a command line of `attack`, `run` or `submit` means.
public struct PlanChoice {
  private let line: Invocation
  private let environment: [String: String]

  public init(_ line: Invocation, environment: [String: String]) {
    self.line = line
    self.environment = environment
  }

  /// The plan as its file, target list or URL says it.
  ///
  /// - Throws: `Failure` where none or two are named, or with everything that is wrong in it.
  public func load() throws(Failure) -> PlanDocument {
    let argument = try argument()
    let supplies = try UserFlags(line).supplies()
    let document: PlanDocument
    do throws(PlanError) {
      document = try PlanSource.load(argument: argument, environment: environment, supplies: supplies)
    } catch { throw Failure(error) }
    if let format = line.given(.targetsFormat) {
      let wanted: PlanDocument.Format = format.text == "json" ? .vegetaJSON : .vegetaText
      if document.format != wanted {
        throw Failure(
          "\(format.place) \(format.text): found \(document.format.rawValue) in \(TargetURL.shown(argument)); leave it away, the first line tells"
        )
      }
    }
    return document
  }

  private func argument() throws(Failure) -> String {
    let name = line.command.name
    // A command knows the first, the second or both.
    let named = [Option.plan, .targets].compactMap { line.given($0) }
    if named.count > 1 {
      throw Failure(
        "\(name): found \(named[0].place) \(named[0].text) and \(named[1].place) \(named[1].text), expected one of them"
      )
    }
    switch (line.operands.first, named.first) {
    case (let word?, let named?):
      throw Failure("\(name): found '\(TargetURL.shown(word))' and \(named.place) \(named.text), expected one of them")
    case (let word?, nil): return word
    case (nil, let named?): return named.text
    case (nil, nil): break
    }
    if name == "run" { throw Failure("run: found no plan and no URL; type: stampede run PLAN (or stampede help run)") }
    // `echo 'GET http://…' | stampede attack`, as Vegeta's users do.
    if !Console.isTerminal(0) {
      if !Console.hasInput(0, within: 1000) {
        Console.say("\(name): no URL is given, so targets are awaited from standard input")
      }
      return "-"
    }
    throw Failure("\(name): found no URL; type: stampede \(name) URL, or --targets FILE (or stampede help \(name))")
  }
}

public import Model

/// A plan's templates, feeds, checks, captures, conditions and pauses, compiled once into plain memory.
///
/// It owns that memory; loops work with copies of `table`, which is of pointers only. Nothing changes after it is made, so all
/// loops may read it at the same time; it must outlive them.
public final class Script: Sendable {
  public let table: ScriptTable
  /// Regular expressions of checks and captures: a `PatternMatcher` knows them by their place here.
  public let patterns: [String]

  /// - Parameters:
  ///   - userAgent: sent by targets that name none; nil or empty to send none.
  /// - Throws: `ScriptError` naming the target whose request can't be written.
  public init(_ plan: Plan, userAgent: String?) throws(ScriptError) {
    let compiler = try ScriptCompiler(plan, userAgent: userAgent)
    patterns = compiler.patterns.texts
    table = try ScriptTable(compiler)
  }

  deinit { table.free() }
}

/// Why a plan can't be compiled: where, what was found and what was expected.
public struct ScriptError: Error, Sendable, Hashable, CustomStringConvertible {
  public let place: String
  public let found: String
  public let expected: String

  public init(place: String, found: String, expected: String) {
    self.place = place
    self.found = found
    self.expected = expected
  }

  public var description: String { "\(place): found \(found), expected \(expected)" }
}

/// What a target's reply is needed for, besides its status: what a loop has to keep of it.
public struct ReplyNeeds: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The head, for checks and captures of headers, and for cookies.
  public static let head = ReplyNeeds(rawValue: 1)
  /// The body in full.
  public static let body = ReplyNeeds(rawValue: 2)
  /// There is something to be checked or captured at all.
  public static let evaluation = ReplyNeeds(rawValue: 4)
}

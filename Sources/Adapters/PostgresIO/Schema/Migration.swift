import Digests

/// One numbered step of the schema: SQL that is run once, in order, and never changed after it was released.
struct Migration: Sendable {
  let number: Int
  let title: String
  let script: String

  /// SHA-256 of the script, in hexadecimal: shows that a database was made by this very text.
  var digest: String { Hexadecimal.text(SHA256.digest(script.utf8)) }

  /// All of them, ascending from 1 without a gap.
  static let all = [
    Migration(
      number: 1, title: "results",
      script: [
        Schema.tables, Schema.partitions, Schema.histograms, Schema.percentiles, Schema.names, Schema.ledger,
        Schema.runs,
      ].joined(separator: "\n")),
    Migration(number: 2, title: "fleet", script: [Schema.fleet, Schema.fleetLedger].joined(separator: "\n")),
    Migration(number: 3, title: "users", script: Schema.users),
    Migration(number: 4, title: "dead letters", script: Schema.deadLetters),
    Migration(
      number: 5, title: "steps",
      script: [Schema.stepTables, Schema.stepNames, Schema.stepRuns].joined(separator: "\n")),
    Migration(
      number: 6, title: "verdicts",
      script: [Schema.verdictFigures, Schema.verdictRuns, Schema.verdicts].joined(separator: "\n")),
    Migration(number: 7, title: "causes", script: Schema.causes),
  ]
}

/// The texts that migrations are made of.
enum Schema {}

import CommandLines
import JSONScan
import Model
import Options
import PostgresIO
import Summary

/// `dead-letters list` and `dead-letters replay`.
public enum DeadLettersCommand {
  /// Carries it out and gives the exit code.
  public static func run(_ line: Invocation) -> Int32 {
    do {
      guard let url = line.text(.databaseURL) else {
        throw WaitingError(
          description: "--database-url: found nothing, expected postgresql://user:password@host/database "
            + "(or set DATABASE_URL)")
      }
      var run: Identifier?
      if let text = line.text(.lettersRun) {
        run = Identifier(text: text)
        if run == nil {
          throw WaitingError(description: "--run: found '\(text.harmless)', expected a run's id (a UUID)")
        }
      }
      let database = try Database(try PostgresAddress(url), application: "stampede-dead-letters")
      guard case .current = try database.schemaState() else {
        throw WaitingError(
          description: "the database lacks this version's tables; start a consumer with --migrate first")
      }
      switch line.operands.first {
      case "list": return try list(database, run, most: line.count(.lettersLimit) ?? 100, json: line.isOn(.lettersJSON))
      case "replay": return try replay(database, run)
      case let word:
        throw WaitingError(description: "dead-letters: found '\((word ?? "").harmless)', expected list or replay")
      }
    } catch {
      write("stampede: \(error)\n", to: 2)
      return 1
    }
  }

  private static func list(_ database: Database, _ run: Identifier?, most: Int, json: Bool) throws -> Int32 {
    let letters = try DeadLetters(database).list(run: run, most: most)
    for letter in letters { write((json ? object(letter) : text(letter)) + "\n", to: 1) }
    if letters.count == most { write("stampede: there may be more than these \(most); --limit shows them\n", to: 2) }
    return 0
  }

  /// `results/3@1042  2026-03-01T12:00:00.000Z  37 bytes  in the topic  REASON`
  static func text(_ letter: DeadLetter) -> String {
    let size = letter.value.map { "\($0.count) bytes" } ?? "no value"
    let sent = letter.sentAt == nil ? "not yet in the topic" : "in the topic"
    let run = letter.run.map { "  run \($0)" } ?? ""
    return "\(letter.topic)/\(letter.partition)@\(letter.offset)  \(letter.storedAt)  \(size)  \(sent)\(run)  "
      + letter.reason.harmless
  }

  static func object(_ letter: DeadLetter) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("topic", letter.topic)
      writer.member("partition", letter.partition)
      writer.member("offset", letter.offset)
      writer.member("storedAt", letter.storedAt)
      writer.member("sentAt", letter.sentAt)
      writer.member("run", letter.run)
      writer.member("sqlstate", letter.state)
      writer.member("bytes", letter.value?.count)
      writer.member("reason", letter.reason)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Tries all of them again, a hundred in a transaction; 3 where some are refused again.
  private static func replay(_ database: Database, _ run: Identifier?) throws -> Int32 {
    let letters = DeadLetters(database)
    let store = try RecordStore.forReplays(database)
    if case .held = try store.claim(0, evict: false, grace: .seconds(5)) {
      throw WaitingError(description: "another replay is at work; try again when it has ended")
    }
    var sum = RecordStore.Replay()
    var last: DeadLetter?
    while true {
      let batch = try letters.list(run: run, after: last, most: 100)
      if batch.isEmpty { break }
      last = batch.last
      let done = try store.replay(batch)
      sum.stored += done.stored
      sum.repeated += done.repeated
      sum.refused += done.refused
    }
    for (letter, reason) in sum.refused {
      write("\(letter.topic)/\(letter.partition)@\(letter.offset): \(reason.harmless)\n", to: 2)
    }
    write("\(sum.stored) stored, \(sum.repeated) were there already, \(sum.refused.count) refused again\n", to: 1)
    return sum.refused.isEmpty ? 0 : 3
  }

  private static func write(_ text: String, to descriptor: Int32) {
    _ = Console.write(text, to: descriptor)
  }
}

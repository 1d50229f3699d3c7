import JSONScan
import Model
import PostgresIO
import Summary

/// Tests as REST and its events show them.
enum TestJSON {
  /// One test on one line.
  ///
  /// - Parameter line: its last whole second, where it is running.
  static func encode(_ test: StoredTest, line: LiveLine?) -> [UInt8] {
    var writer = JSONWriter()
    write(test, line: line, to: &writer)
    return writer.bytes
  }

  static func write(_ test: StoredTest, line: LiveLine?, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("testId", test.run.description)
      writer.member("name", test.name)
      writer.member("state", test.state.rawValue)
      writer.member("reason", test.reason)
      writer.member("submittedBy", test.submittedBy)
      writer.member("submittedAt", test.submittedAt)
      writer.member("startedAt", test.startedAt)
      writer.member("endedAt", test.endedAt)
      writer.member("workersWanted", test.workersWanted)
      writer.key("workers")
      writer.array(of: test.workers) { write($1, to: &$0) }
      writer.member("isComplete", test.isComplete)
      writer.key("progress")
      guard let line, !test.state.isEnd else { return writer.null() }
      write(line, to: &writer)
    }
  }

  private static func write(_ worker: StoredTestWorker, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("worker", worker.worker)
      writer.member("incarnation", worker.incarnation.description)
      writer.member("state", worker.state.rawValue)
      writer.member("records", worker.records)
      writer.member("completed", worker.completed)
      writer.member("endedReason", worker.endedReason)
      writer.member("problem", worker.problem)
    }
  }

  private static func write(_ line: LiveLine, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("second", line.elapsed.inMicroseconds / 1_000_000)
      writer.member("rate", rounded: line.rps)
      writer.member("completed", line.completed)
      writer.member("errors", line.failed)
      writer.member("p50Us", line.response.p50?.microseconds)
      writer.member("p99Us", line.response.p99?.microseconds)
      writer.member("progress", rounded: line.progress)
    }
  }
}

import CommandLines
import JSONScan
import Model
import Options
import Reports

/// `workers`: who is connected, and what each does.
enum WorkersCommand {
  private struct Worker {
    let cells: [String]
    let test: String?
    let state: String

    init(_ node: Node) throws(AnswerError) {
      state = try node.text(of: "state")
      test = try node.optionalText(of: "testId")
      cells = [
        try node.text(of: "worker"), state, try node.text(of: "host"), "\(try node.count(of: "cpus"))",
        try node.text(of: "version"), TimeCell.text(try node.text(of: "since")),
      ]
    }
  }

  static func run(_ line: Invocation, environment: [String: String]) throws(Failure) -> Int32 {
    let master = try Master(line, environment: environment)
    let reply = try master.get("/api/workers")
    let workers = try master.read(reply) { (root) throws(AnswerError) in
      var workers: [Worker] = []
      for each in try root.list(of: "workers") { workers.append(try Worker(each)) }
      return workers
    }
    if line.isOn(.jsonOutput) {
      try Console.out(AnswerText.whole(reply))
      return 0
    }
    if workers.isEmpty {
      try Console.out("No worker is connected to \(master.address.text).\n")
      return 0
    }
    let width = Console.width(1)
    // A test's id has room on a wide terminal only.
    let isWide = width >= 120
    var table = TextTable(
      header: ["Worker", "State", "Host", "CPUs", "Version", "Since (UTC)"] + (isWide ? ["Test"] : []))
    for worker in workers { table.add((worker.cells + (isWide ? [worker.test ?? "–"] : [])).map(\.harmless)) }
    try Console.out(table.lines(width: width).joined(separator: "\n") + "\n")
    return 0
  }
}

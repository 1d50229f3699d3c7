import CommandLines
import HTTPClient
import Options

/// `stop`: ends a test of the master's.
enum StopCommand {
  static func run(_ line: Invocation, environment: [String: String]) throws(Failure) -> Int32 {
    let id = try TestWord.required(line)
    let master = try Master(line, environment: environment)
    let isNow = line.isOn(.now)
    let call = try master.call(.post, "/api/tests/\(id)/stop" + (isNow ? "?now=true" : ""))
    let reply = try master.perform(call, about: id)
    let test = try master.read(reply) { (root) throws(AnswerError) in try TestAnswer(root) }
    if line.isOn(.jsonOutput) {
      try Console.out(AnswerText.whole(reply))
      return 0
    }
    let name = test.name.harmless
    if test.state.isOver {
      try Console.out("\(name) is over: \(test.state.word.harmless).\n")
    } else if isNow {
      try Console.out("\(name) is being cut off: what is under way is not awaited.\n")
    } else {
      try Console.out(
        """
        \(name) is being stopped: nothing more is sent, replies are awaited.
        Its end:  stampede status \(id) --follow\(master.address.hint)

        """)
    }
    return 0
  }
}

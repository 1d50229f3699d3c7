import CommandLines
import HTTPClient
import Model

/// A submission that is tried again where its answer was lost: the key that goes with it lets the master make one test
/// of it however often it comes.
struct Submission {
  static let tries = 4
  /// The longest that is waited between two tries, whatever the server says.
  static let longestWait = 10

  let master: Master
  let call: Call

  func perform() throws(Failure) -> Reply {
    var backOff = BackOff(from: .milliseconds(500), to: .seconds(5))
    var source = SystemRandomNumberGenerator()
    var number = 1
    while true {
      let trouble: Trouble
      switch once() {
      case .success(let reply): return reply
      case .failure(let found): trouble = found
      }
      if !trouble.mayPass || number >= Submission.tries { throw trouble.failure }
      number += 1
      var wait = backOff.next(&source)
      if let after = trouble.after { wait = .seconds(Int64(min(after, Submission.longestWait))) }
      Console.say("\(trouble.failure); asking again (\(number) of \(Submission.tries))")
      Pause.wait(wait)
    }
  }

  private struct Trouble: Error {
    let failure: Failure
    let mayPass: Bool
    var after: Int?
  }

  /// A refused connection is no lost answer: whoever typed a wrong address is to know at once.
  private func once() -> Result<Reply, Trouble> {
    do throws(ClientError) {
      let reply = try master.client.perform(call)
      if reply.isSuccess { return .success(reply) }
      let denial = Denial(reply, master.address)
      return .failure(Trouble(failure: denial.failure, mayPass: denial.isPassing, after: denial.retryAfter))
    } catch {
      let failure = Master.failure(error, master.address)
      return .failure(Trouble(failure: failure, mayPass: error.isPassing && !error.isUnsent))
    }
  }
}

import Fleet
import JSONScan
import Model
import Plans
import PostgresIO

/// What an earlier master left in PostgreSQL, as this one goes on with it.
struct Adoption {
  var tests: [AdoptedTest] = []
  var plans: [Identifier: Plan] = [:]

  /// Reads all tests that have not ended, in the order of their submission. One whose plan can't be read any more is
  /// stored as failed.
  static func read(_ store: FleetStore, targets: TargetLists) throws -> Adoption {
    var adoption = Adoption()
    for stored in try store.open() {
      guard let text = try store.plan(of: stored.run) else { continue }
      let plan: Plan
      do throws(PlanError) { plan = try Plan(stored: text, name: stored.name) } catch {
        _ = try store.change(
          stored.run, from: [stored.state], to: .failed, reason: "its plan can't be read by this version: \(error)")
        continue
      }
      let start = try store.start(of: stored.run).map { TimeOfDay.moment(atMilliseconds: $0) }
      adoption.plans[stored.run] = plan
      adoption.tests.append(
        AdoptedTest(
          test: QueuedTest(stored, plan: plan, text: text, targets: targets), state: stored.state,
          epoch: UInt32(clamping: stored.epoch), start: start, parts: stored.workers.map { AdoptedTest.Part($0) }))
    }
    try store.endLivesOfEndedTests()
    return adoption
  }
}

/// The targets that workers may and may not connect to, as Assign bears them.
struct TargetLists: Sendable {
  var allowed: [String] = []
  var denied: [String] = []
}

extension QueuedTest {
  init(_ test: StoredTest, plan: Plan, text: String, targets: TargetLists) {
    self.init(
      run: test.run, name: test.name, plan: text, load: plan.load,
      grace: plan.options.grace ?? plan.options.timeout, workers: test.workersWanted, allowed: targets.allowed,
      denied: targets.denied)
  }
}

extension AdoptedTest.Part {
  init(_ worker: StoredTestWorker) {
    self.init(
      incarnation: worker.incarnation, worker: worker.worker, host: worker.host, share: worker.share,
      shares: worker.shares, state: worker.state)
  }
}

extension Plan {
  /// Reads a plan as it is stored: JSON, whole, with nothing left to fill in.
  init(stored text: String, name: String) throws(PlanError) {
    let root: Node
    do throws(JSONError) { root = try JSONReader.document(Array(text.utf8)).root } catch {
      throw PlanError(file: "plan", place: error.place, "found \(error.found), expected \(error.expected)")
    }
    let document = try PlanReader.read(root, format: .json, file: "plan", name: name, environment: [:])
    self = try document.resolved(with: PlanOverrides()).plan
  }
}

import Glibc
import Lifecycle
import Log
import Testing
import Threads

/// Runs until told otherwise; `stop` ends it unless it is stubborn, `abort` always does.
private final class Waiter: Service {
  enum Order { case stop, abort, finish }

  struct Failure: Error, Equatable {}

  let name: String
  let isStubborn: Bool
  let failure: Failure?
  let orders = Monitor<[Order]>([])
  let record: Monitor<[String]>

  init(_ name: String, into record: Monitor<[String]>, isStubborn: Bool = false, failure: Failure? = nil) {
    self.name = name
    self.record = record
    self.isStubborn = isStubborn
    self.failure = failure
  }

  func run() throws {
    record.change { $0.append("run \(name)") }
    _ = orders.wait { orders in
      orders.contains { order in
        switch order {
        case .stop: !isStubborn
        case .abort, .finish: true
        }
      } ? true : nil
    }
    record.change { $0.append("end \(name)") }
    if let failure { throw failure }
  }

  func stop() {
    record.change { $0.append("stop \(name)") }
    orders.change { $0.append(.stop) }
  }

  func abort() {
    record.change { $0.append("abort \(name)") }
    orders.change { $0.append(.abort) }
  }

  func finish() { orders.change { $0.append(.finish) } }
}

/// Heeds nobody; ends only when it is let go.
private final class Hanging: Service {
  let name = "hanging"
  let isLetGo = Monitor<Bool>(false)

  func run() { _ = isLetGo.wait { $0 ? true : nil } }
  func stop() {}
  func abort() {}
}

@Suite struct ServiceGroupTests {
  static let log = Logger(LogWriter(descriptor: -1, level: .error))

  /// Runs the group on a thread of its own, whose signals are all blocked; the body may then act upon it.
  static func outcome(
    of group: ServiceGroup, raising signals: [Int32] = [], _ body: () -> Void = {}
  ) -> ServiceGroup.Outcome? {
    let result = Monitor<ServiceGroup.Outcome?>(nil)
    do {
      try OwnThread(name: "group") {
        do {
          let source = try Signals()
          // To this thread alone: whoever else has them unblocked would die of them.
          for number in signals { pthread_kill(pthread_self(), number) }
          let outcome = group.run(signals: source)
          result.change { $0 = outcome }
        } catch {
          Issue.record(error)
        }
      }.detach()
    } catch {
      Issue.record(error)
    }
    body()
    return result.wait(within: .seconds(60)) { $0 }
  }

  @Test func aSignalStopsInOrderAndIsReported() throws {
    let record = Monitor<[String]>([])
    let services = ["a", "b"].map { Waiter($0, into: record) }
    let group = try ServiceGroup(services, log: Self.log)
    let outcome = try #require(Self.outcome(of: group, raising: [SIGTERM]))
    #expect(outcome.signals == [SIGTERM])
    #expect(outcome.wasStopped)
    #expect(outcome.failures.isEmpty)
    let ends = record.read { $0.filter { !$0.hasPrefix("run") } }
    #expect(ends == ["stop b", "end b", "stop a", "end a"])
  }

  @Test func twoSignalsAbort() throws {
    let record = Monitor<[String]>([])
    let services = ["a", "b"].map { Waiter($0, into: record, isStubborn: true) }
    let group = try ServiceGroup(services, log: Self.log)
    let outcome = try #require(Self.outcome(of: group, raising: [SIGINT, SIGTERM]))
    #expect(Set(outcome.signals) == [SIGINT, SIGTERM])
    #expect(record.read { $0.contains("abort a") && $0.contains("abort b") })
  }

  @Test func anEndOfItsOwnStopsTheOthersAndIsNoStop() throws {
    let record = Monitor<[String]>([])
    let server = Waiter("server", into: record)
    let run = Waiter("run", into: record)
    let group = try ServiceGroup([server, run], log: Self.log)
    let outcome = try #require(Self.outcome(of: group) { run.finish() })
    #expect(!outcome.wasStopped)
    #expect(record.read { $0.last } == "end server")
  }

  @Test func aFailureIsReportedWithItsService() throws {
    let record = Monitor<[String]>([])
    let good = Waiter("good", into: record)
    let bad = Waiter("bad", into: record, failure: Waiter.Failure())
    let group = try ServiceGroup([good, bad], log: Self.log)
    let outcome = try #require(Self.outcome(of: group) { bad.finish() })
    #expect(outcome.failures.map(\.service) == ["bad"])
    #expect(outcome.failures.first?.error as? Waiter.Failure == Waiter.Failure())
  }

  @Test func aRequestedStopIsLikeASignal() throws {
    let record = Monitor<[String]>([])
    let group = try ServiceGroup([Waiter("a", into: record, isStubborn: true)], log: Self.log)
    let outcome = try #require(
      Self.outcome(of: group) {
        group.requestStop()
        group.requestStop()
      })
    #expect(outcome.wasStopped)
    #expect(outcome.signals.isEmpty)
    #expect(record.read { $0.filter { !$0.hasPrefix("run") } } == ["stop a", "abort a", "end a"])
  }

  @Test func aThirdSignalGivesUpOnAHangingAbort() throws {
    let hanging = Hanging()
    let record = Monitor<[String]>([])
    let group = try ServiceGroup([hanging], log: Self.log) {
      record.change { $0.append("gave up") }
      hanging.isLetGo.change { $0 = true }
    }
    // It ends by giving up and in no other way, however late this thread comes with the third request.
    let outcome = Self.outcome(of: group) { for _ in 0..<3 { group.requestStop() } }
    hanging.isLetGo.change { $0 = true }
    #expect(outcome?.wasStopped == true)
    #expect(record.read { $0 } == ["gave up"])
  }
}

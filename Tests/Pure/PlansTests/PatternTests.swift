import JSONScan
import Model
import Testing

@testable import Plans

@Suite struct PatternTests {
  private func shape(
    _ change: (inout LoadChoice) -> Void, users: Int? = nil, rate: Rate? = nil
  ) throws -> (text: String, duration: TimeSpan?) {
    var flags = LoadChoice(rate: rate, users: users, duration: .seconds(60))
    change(&flags)
    let load = try LoadChoice.resolve(plan: nil, flags: flags).load
    switch load.model {
    case .arrivals(let shape): return (shape.text(of: .arrivals), load.duration)
    case .users(let shape): return (shape.text(of: .users), load.duration)
    }
  }

  @Test func namedPatternsAreShapes() throws {
    let ramp = try shape({ $0.pattern.rampTo = "500" }, users: 100)
    #expect(ramp.text == "ramp=100..500/1m" && ramp.duration == .seconds(60))
    let steps = try shape(
      {
        $0.pattern.kind = .step
        $0.pattern.stepSize = "25/s"
        $0.pattern.stepDuration = .seconds(25)
      }, rate: .perSecond(10))
    #expect(steps.text == "step 1=10/25s,step 2=35/25s,step 3=60/10s")
    let capped = try shape(
      {
        $0.pattern.stepSize = "40"
        $0.pattern.stepDuration = .seconds(20)
        $0.pattern.rampTo = "60"
      }, users: 10)
    #expect(capped.text == "step 1=10/20s,step 2=50/20s,step 3=60/20s")
    let down = try shape(
      {
        $0.pattern.stepSize = "40"
        $0.pattern.stepDuration = .seconds(20)
        $0.pattern.rampTo = "0"
      }, users: 60)
    #expect(down.text == "step 1=60/20s,step 2=20/20s,step 3=0/20s")
    let spike = try shape({ $0.pattern.peak = "1000/s" }, rate: .perSecond(50))
    #expect(spike.text == "spike=1000/6s,sustain=50/54s")
    let day = try shape(
      {
        $0.pattern.peak = "100"
        $0.pattern.period = .seconds(30)
      }, users: 25)
    #expect(day.text == "diurnal=62.5~37.5@30s/1m")
  }

  @Test func whatAPatternLacksIsSaid() {
    func message(_ change: (inout LoadChoice) -> Void) -> String {
      do {
        _ = try shape(change, users: 10)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message { $0.pattern.kind = .ramp } == "pattern ramp: found no ramp-to, expected a level such as 100")
    #expect(message { $0.pattern.stepSize = "5" } == "pattern step: found no step-duration, expected one such as 30s")
    #expect(
      message {
        $0.pattern.kind = .ramp
        $0.pattern.peak = "5"
      } == "pattern ramp: found peak, which says something to pattern spike or diurnal")
    #expect(message { $0.pattern.rampTo = "5/s" } == "ramp-to: found '5/s', expected a number of users such as 100")
    #expect(
      message {
        $0.pattern.peak = "5"
        $0.pattern.period = .seconds(1)
      } == "pattern diurnal: found a peak below the rate or users, expected one above")
    #expect(
      message {
        $0.pattern.stepSize = "0"
        $0.pattern.stepDuration = .seconds(1)
      } == "pattern step: found a step-size of 0, expected one above zero")
    #expect(message { $0.spacing = .poisson }.hasPrefix("spacing poisson is of a rate"))
  }

  /// Times that share no divisor: the mean of both levels is no number of arrivals in a time that can be written.
  @Test func levelsBeyondNumbersAreRefused() throws {
    #expect(throws: LoadChoice.Conflict(description: "pattern diurnal: the levels are beyond what can be computed")) {
      try shape(
        {
          $0.pattern.peak = "200/1000000003ns"
          $0.pattern.period = .seconds(1)
        }, rate: Rate(count: 1, per: TimeSpan(nanoseconds: 1_000_000_001)))
    }
  }

  @Test func aShapesEndIsTheRunsEnd() throws {
    func load(_ text: String, duration: TimeSpan? = nil) throws -> (TimeSpan?, [String]) {
      var flags = LoadChoice(duration: duration)
      flags.rate = try Shape(text: text, of: .arrivals)
      let made = try LoadChoice.resolve(plan: nil, flags: flags)
      return (made.load.duration, made.assumed)
    }
    #expect(try load("0..5/30s,5/1m") == (.seconds(90), []))
    #expect(try load("0..5/30s,5/1m", duration: .seconds(40)) == (.seconds(40), []))
    #expect(try load("0..5/30s,5/1m", duration: .seconds(100)) == (.seconds(90), []))
    #expect(try load("0..5/30s,5") == (.seconds(40), ["10s"]))
  }

  private func plan(_ load: String) throws -> Plan {
    let text = #"{"scenarios": [{"url": "http://h/"}], \#(load)}"#
    let root = try JSONReader.document(Array(text.utf8)).root
    return try PlanReader.read(root, format: .json, file: "p.json", name: "p", environment: [:])
      .resolved(with: PlanOverrides()).plan
  }

  @Test(arguments: [
    (#""rate": "0..500/30s,500/5m,500..0/10s""#, "0..500/30s,500/5m,500..0/10s", 340),
    (#""rate": ["warm up=0..500/30s", "500/5m"]"#, "warm up=0..500/30s,500/5m", 330),
    (#""rate": ["500/5m"]"#, "500/5m,", 300),
    (#""rate": 10, "duration": "60s", "shape": {"pattern": "ramp", "ramp_to": 100}"#, "ramp=10..100/1m", 60),
    (
      #""rate": "5/s", "stages": [{"duration": "30s", "target": 100}, {"duration": "0s", "target": 20}, {"duration": "1m", "target": 20}]"#,
      "5..100/30s,20/1m", 90
    ),
  ])
  func plansSayShapes(_ load: String, _ text: String, _ seconds: Int64) throws {
    let plan = try plan(load)
    guard case .arrivals(let shape) = plan.load.model else {
      Issue.record("not open")
      return
    }
    #expect(shape.text(of: .arrivals) == text && plan.load.duration == .seconds(seconds))
    let again = try JSONReader.document(PlanText.encode(plan)).root
    let read = try PlanReader.read(again, format: .json, file: "p.json", name: "p", environment: [:])
    #expect(try read.resolved(with: PlanOverrides()).plan.load == plan.load)
  }

  /// What is found only when the load is put together has its place in the plan all the same, and the plan's words.
  @Test(arguments: [
    (
      #""rate": 10, "duration": "1m", "shape": {"pattern": "step", "step_size": "fast", "step_duration": "1s"}"#,
      "p.json:1:111: shape.step_size: found 'fast', expected"
    ),
    (
      #""rate": 10, "duration": "1m", "shape": {"pattern": "step", "step_size": 5}"#,
      "p.json:1:90: shape.pattern: pattern step: found no step_duration, expected one such as 30s"
    ),
    (
      #""rate": 10, "duration": "1m", "shape": {"pattern": "ramp", "step_size": 5, "ramp_to": 20}"#,
      "p.json:1:111: shape.step_size: pattern ramp: found step_size, which says something to pattern step"
    ),
    (
      #""rate": 10, "requests": 5, "shape": {"ramp_to": 20}"#,
      "p.json:1:75: shape: pattern ramp: found no duration, expected one such as 5m"
    ),
    (
      #""rate": 10, "duration": "5s", "warmup": "10s""#,
      "p.json:1:79: warmup: found 10s, expected less than the run's 5s"
    ),
  ])
  func faultsOfShapesHaveTheirPlace(_ load: String, _ expected: String) throws {
    do {
      _ = try plan(load)
      Issue.record("accepted")
    } catch let error as PlanError { #expect(error.description.hasPrefix(expected), "\(error)") }
    // What a flag says has no place.
    var flags = LoadChoice(duration: .seconds(5))
    flags.limits.warmUp = .seconds(10)
    #expect(throws: LoadChoice.Conflict(description: "warmup: found 10s, expected less than the run's 5s")) {
      try LoadChoice.resolve(plan: nil, flags: flags)
    }
  }

  /// A think time that nothing comes after is said to change nothing.
  @Test func thinkTimesOfSingleRequests() throws {
    func warnings(_ plan: String, _ change: (inout PlanOverrides) -> Void = { _ in }) throws -> [String] {
      let root = try JSONReader.document(Array(plan.utf8)).root
      var flags = PlanOverrides()
      change(&flags)
      return try PlanReader.read(root, format: .json, file: "p.json", name: "p", environment: [:])
        .resolved(with: flags).warnings.map(\.description)
    }
    let plan = #"{"scenarios": [{"url": "http://h/"}], "rate": 5}"#
    #expect(try warnings(plan).isEmpty)
    let think = try ThinkText.read("1s")
    let said = try warnings(plan) { $0.think = think }
    #expect(said.count == 1 && said[0].hasPrefix("--think-time: warning: changes nothing"))
    #expect(
      try warnings(plan) {
        $0.think = think
        $0.load.users = Shape(users: 3)
      }.isEmpty)
    let own = try warnings(#"{"scenarios": [{"url": "http://h/"}], "rate": 5, "think_time": "1s"}"#)
    #expect(own.count == 1 && own[0].hasPrefix("think_time: warning: "))
    let steps =
      #"{"scenarios": [{"steps": [{"url": "http://h/"}, {"url": "http://h/b"}]}], "rate": 5, "think_time": "1s"}"#
    #expect(try warnings(steps).isEmpty)
  }

  @Test func stagesAreOfUsersUnlessThereIsARate() throws {
    let plan = try plan(
      #""stages": [{"duration": "30s", "target": 100, "name": "up"}, {"duration": "1m", "target": 100}]"#)
    #expect(plan.load.model == .users(try Shape(text: "up=0..100/30s,100/1m", of: .users)))
    let poisson = try self.plan(#""rate": 5, "spacing": "poisson""#)
    #expect(poisson.load.spacing == .poisson)
    let again = try JSONReader.document(PlanText.encode(poisson)).root
    let read = try PlanReader.read(again, format: .json, file: "p.json", name: "p", environment: [:])
    #expect(try read.resolved(with: PlanOverrides()).plan.load == poisson.load)
  }

  @Test(arguments: [
    (#""shape": {"patern": "ramp"}"#, "shape.patern: unknown field; did you mean 'pattern'?"),
    (#""shape": {"pattern": "rampp"}"#, "found 'rampp', expected one of constant, ramp, step, spike, diurnal"),
    (#""stages": [{"duration": "1s"}]"#, "stages[0]: found no target, expected both"),
    (#""rate": "0..5"#.appending("\""), "rate: found '0..5', expected how long it takes, such as 0..5/30s"),
    (#""users": ["5/1s", "x"]"#, "expected a number of users from 1 to 1000000"),
    (#""rate": 5, "stages": []"#, "stages: found an empty list, expected a list of stages such as"),
    (#""spacing": "random""#, "spacing: found 'random', expected even or poisson"),
  ])
  func whatIsWrongIsNamed(_ load: String, _ expected: String) {
    do {
      _ = try plan(load)
      Issue.record("taken: \(load)")
    } catch { #expect("\(error)".contains(expected), "\(error)") }
  }
}

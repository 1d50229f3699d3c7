/// Where one virtual user stands: set up, going through iterations of scenarios, torn down. Events in, actions out.
///
/// ```
///          ┌──────── broken ◄┐
///          ▼                 │
/// new ──► setup ──────────► ready ◄──────┐
///                            │  └──► iterating ──┐
///                            ▼           │       │
///                         teardown ◄──── leave   │
///                            ▼                   │
///                           over     ended ◄─────┘
/// ```
/// The caller sends what it is told to send and says how that ended; when anything is due is the caller's affair.
public struct Course: Sendable, Hashable {
  public enum Phase: UInt8, Sendable, Hashable {
    /// Not set up (yet, or any more).
    case new
    case setup
    /// Set up, between two iterations.
    case ready
    case iterating
    case teardown
    case over
  }

  /// How a step's response ended.
  public enum Outcome: UInt8, Sendable, Hashable {
    case accepted
    case failed
    /// What a capture looks for was not there: later steps would send nonsense.
    case broken
  }

  public enum Action: Sendable, Hashable {
    /// The request of this step is next; `ended` says what became of it.
    case send(step: Int)
    /// The step has a condition: `answer` says whether it holds.
    case decide(step: Int)
    /// The set-up was given up; asked again, it begins anew.
    case setupBroke
    /// `beginIteration` or `leave`.
    case rest
    /// The iteration has ended, having sent so many requests; none at all where no condition held.
    case iterationEnded(scenario: Int, failed: Bool, sent: Int)
    /// Nothing more to do, for good.
    case over
  }

  public private(set) var phase = Phase.new
  private var isFailed = false
  private var isBroken = false
  private var isDecided = false
  public private(set) var scenario: UInt16 = 0
  private var step: UInt32 = 0
  private var end: UInt32 = 0
  private var repetition: UInt32 = 0
  /// Requests of this iteration (or set-up, or tear-down) that have ended.
  public private(set) var sent: UInt32 = 0
  /// The number of the iteration that is under way, or of the last one; from 0.
  public private(set) var iteration: UInt64 = 0

  public init() {}

  /// The iteration that draws for the next request are made for: those of set-up and tear-down are of their own.
  public var drawIteration: UInt64 {
    switch phase {
    case .new, .setup: ScriptTable.setupIteration
    case .ready, .iterating: iteration
    case .teardown, .over: ScriptTable.teardownIteration
    }
  }

  /// What is to be done now. Asked twice without an event between, it says the same, but for what has ended.
  public mutating func next(_ steps: ScriptTable) -> Action {
    switch phase {
    case .new: begin(.setup, steps.setup)
    case .ready: return .rest
    case .over: return .over
    case .setup, .iterating, .teardown: break
    }
    if step < end {
      return !isDecided && !steps[step: Int(step)].isUnconditional ? .decide(step: Int(step)) : .send(step: Int(step))
    }
    switch phase {
    case .setup:
      phase = isBroken ? .new : .ready
      return isBroken ? .setupBroke : .rest
    case .teardown:
      phase = .over
      return .over
    case .iterating:
      phase = .ready
      return .iterationEnded(scenario: Int(scenario), failed: isFailed, sent: Int(sent))
    case .new, .ready, .over: return .rest
    }
  }

  /// Whether the condition that was asked about holds; it is asked once for all repetitions.
  public mutating func answer(_ holds: Bool) {
    if holds { isDecided = true } else { goOn() }
  }

  /// The request that was to be sent has its outcome.
  public mutating func ended(_ outcome: Outcome, _ steps: ScriptTable) {
    if step >= end { return }
    sent &+= 1
    if outcome != .accepted { isFailed = true }
    if outcome == .broken, phase != .teardown {
      isBroken = true
      step = end
      return
    }
    repetition += 1
    if repetition >= steps[step: Int(step)].repeats { goOn() }
  }

  private mutating func goOn() {
    step += 1
    repetition = 0
    isDecided = false
  }

  /// The next iteration; only where `next` said `rest`.
  public mutating func beginIteration(_ number: UInt64, scenario: Int, _ steps: ScriptTable) {
    if phase != .ready { return }
    iteration = number
    self.scenario = UInt16(truncatingIfNeeded: scenario)
    begin(.iterating, steps[scenario: scenario].steps)
  }

  /// The user is to end: who was set up is torn down, whatever it was about.
  ///
  /// - Returns: whether that cut an iteration off.
  @discardableResult
  public mutating func leave(_ steps: ScriptTable) -> Bool {
    switch phase {
    case .new, .setup:
      phase = .over
      return false
    case .ready, .iterating:
      let isCut = phase == .iterating && step < end
      begin(.teardown, steps.teardown)
      return isCut
    case .teardown, .over: return false
    }
  }

  private mutating func begin(_ phase: Phase, _ range: Range<Int>) {
    self.phase = phase
    step = UInt32(clamping: range.lowerBound)
    end = UInt32(clamping: range.upperBound)
    repetition = 0
    sent = 0
    isFailed = false
    isBroken = false
    isDecided = false
  }
}

import CLinux
import Glibc
import Measuring
import Model
import Synchronization

/// What the loops of one attack tell each other and are told from outside. Every member may be used from any thread.
final class Control: Sendable {
  /// Why the attack ends early; a later, stronger word replaces a weaker one.
  enum Command: UInt32 {
    case none = 0
    case stop = 1
    case unreachable = 2
    case abort = 3
  }

  private let command = Atomic<UInt32>(0)
  /// Whether any connection was ever accepted by a target.
  let connected = Atomic<Bool>(false)
  /// The first cause seen of each kind of failure, in words.
  private let causes = Mutex<[ErrorKind: String]>([:])
  private let causesKnown = Atomic<UInt32>(0)
  /// One eventfd per loop, to wake it.
  let wakers: [Int32]
  /// Rung at each seal, for the collector.
  let bell: Int32
  /// What of failures is kept.
  let journal: FailureJournal

  /// What a bound on the users' requests leaves to all loops; nil where there is none.
  let budget: RequestBudget?

  /// The circuit breakers of all origins.
  let breakers: BreakerTable

  /// - Parameters:
  ///   - requests: the bound on requests of users.
  ///   - origins: how many need a circuit breaker.
  ///   - failures: how many failing exchanges of a kind and name are kept.
  init(loops: Int, requests: UInt64? = nil, origins: Int = 0, failures: Int = 0) throws(EngineError) {
    breakers = BreakerTable(origins: origins)
    budget = requests.map { RequestBudget($0, loops: loops) }
    func make() -> Int32 { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) }
    journal = FailureJournal(most: failures)
    bell = make()
    wakers = (0..<loops).map { _ in make() }
    if bell < 0 || wakers.contains(where: { $0 < 0 }) {
      throw EngineError("no descriptors left for \(loops) loop\(loops == 1 ? "" : "s"); raise the limit (ulimit -n)")
    }
  }

  deinit {
    for descriptor in wakers + [bell] where descriptor >= 0 { _ = close(descriptor) }
  }

  var current: Command { Command(rawValue: command.load(ordering: .relaxed)) ?? .none }

  /// Gives a command unless a stronger one was given, and wakes every loop.
  func give(_ new: Command) {
    _ = command.max(new.rawValue, ordering: .relaxed)
    wake()
  }

  /// Makes every loop take a turn.
  func wake() {
    for waker in wakers { Control.ring(waker) }
  }

  static func ring(_ descriptor: Int32) {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  static func silence(_ descriptor: Int32) {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }

  /// Keeps the cause if it is the first of its kind; cheap when it is not.
  func note(_ kind: ErrorKind, _ cause: @autoclosure () -> String) {
    let bit = UInt32(1) << UInt32(kind.rawValue)
    if causesKnown.load(ordering: .relaxed) & bit != 0 { return }
    if causesKnown.bitwiseOr(bit, ordering: .relaxed).oldValue & bit != 0 { return }
    let text = cause()
    causes.withLock { $0[kind] = text }
  }

  var allCauses: [ErrorKind: String] { causes.withLock { $0 } }
}

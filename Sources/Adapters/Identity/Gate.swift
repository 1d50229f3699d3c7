import Digests
import Model
import Synchronization
import Threads

/// Lets users in: signs them in by name and password, and checks the tokens they come back with. Any thread.
public final class Gate: Sendable {
  /// The clocks it asks.
  public struct Clock: Sendable {
    /// Seconds since 1970.
    public let wall: @Sendable () -> Int64
    public let monotonic: @Sendable () -> Instant

    public init(wall: @escaping @Sendable () -> Int64, monotonic: @escaping @Sendable () -> Instant) {
      self.wall = wall
      self.monotonic = monotonic
    }
  }

  let accounts: any Accounts
  let clock: Clock
  let signer: TokenSigner
  let verifier: TokenVerifier
  let threads: WorkThreads
  let throttle = Mutex(LoginThrottle())
  let roster = Mutex<Roster?>(nil)
  /// What a name that nobody has is compared with, so that it takes as long as one that somebody has.
  let decoy: PasswordHash

  /// - Parameters:
  ///   - hashing: passwords looked at at a time; each takes 32 MiB and a core.
  ///   - waiting: attempts that may wait for one of those places.
  public init(
    keys: SigningKeys, accounts: any Accounts, clock: Clock, hashing: Int = 2, waiting: Int = 32,
    cost: PasswordHash.Cost = .standard
  ) throws(SystemError) {
    self.accounts = accounts
    self.clock = clock
    signer = TokenSigner(keys: keys)
    verifier = TokenVerifier(keys: keys)
    decoy = .unmatchable(cost: cost)
    threads = try WorkThreads(name: "login", threads: hashing, capacity: waiting)
  }

  /// Does work that hashes passwords or asks the store, on the gate's threads, in its turn; false where too much waits.
  public func perform(_ work: @escaping @Sendable () -> Void) -> Bool { threads.add(work) }

  /// Lets nobody sign in any more; attempts that wait get no answer.
  public func stop() { threads.stop() }

  /// Takes who may do what from now on; until the first call every token is refused as `unready`.
  public func take(_ roster: Roster) { self.roster.withLock { $0 = roster } }
}

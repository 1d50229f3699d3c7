import Model

/// How often anybody may try to sign in: per address, and per account. Pure, with memory for a bounded number of each.
///
/// An attempt counts when it begins, so that many at once count as many; a right password takes it back. Whoever tries
/// wrong passwords for somebody's account makes it wait, but not from an address at which its owner has signed in: that
/// pair has an allowance of its own. So nobody can lock another user out of the place he works at.
struct LoginThrottle: Sendable {
  /// What is counted per client address: 20 at once, then one every 6 s. IPv6 counts by /64, which is one customer.
  private var addresses: Allowances<IPAddress>
  /// What is counted per user name, whether there is such a user or not: 10 at once, then one every 30 s.
  private var accounts: Allowances<String>
  /// What is counted for an account from an address it was used from before, as for `accounts`.
  private var pairs: Allowances<Pair>
  /// Those addresses: the latest 4,096 pairs, in two halves of which the older is dropped when the younger is full.
  private var known: (young: Set<Pair>, old: Set<Pair>) = ([], [])
  private let capacity: Int

  private struct Pair: Hashable {
    let account: String
    let address: IPAddress
  }

  /// - Parameter capacity: addresses, and accounts, that are remembered; more of them push out those that would be
  ///   forgotten first. An attempt costs a hash, so pushing out 10,000 takes longer than waiting.
  init(capacity: Int = 10_000) {
    addresses = Allowances(burst: 20, interval: .seconds(6), capacity: capacity)
    accounts = Allowances(burst: 10, interval: .seconds(30), capacity: capacity)
    pairs = Allowances(burst: 10, interval: .seconds(30), capacity: capacity)
    self.capacity = capacity
  }

  /// An attempt is about to be made: nil lets it go on and counts it, else it must wait so long.
  mutating func begin(account: String, address: IPAddress, now: Instant) -> TimeSpan? {
    let address = Self.customer(address)
    let pair = Pair(account: account, address: address)
    let isKnown = known.young.contains(pair) || known.old.contains(pair)
    let wait = isKnown ? pairs.wait(pair, now: now) : accounts.wait(account, now: now)
    if let longest = [wait, addresses.wait(address, now: now)].compactMap({ $0 }).max() { return longest }
    addresses.take(address, now: now)
    if isKnown { pairs.take(pair, now: now) } else { accounts.take(account, now: now) }
    return nil
  }

  /// The password was right.
  mutating func succeeded(account: String, address: IPAddress, now: Instant) {
    let address = Self.customer(address)
    let pair = Pair(account: account, address: address)
    withdrawn(account: account, address: address, now: now)
    pairs.forget(pair)
    if known.young.count >= capacity { known = ([], known.young) }
    known.young.insert(pair)
  }

  /// Nobody could look at the password: the attempt does not count.
  mutating func withdrawn(account: String, address: IPAddress, now: Instant) {
    let address = Self.customer(address)
    let pair = Pair(account: account, address: address)
    addresses.giveBack(address, now: now)
    if known.young.contains(pair) || known.old.contains(pair) {
      pairs.giveBack(pair, now: now)
    } else {
      accounts.giveBack(account, now: now)
    }
  }

  private static func customer(_ address: IPAddress) -> IPAddress {
    switch address.unmapped {
    case .v4(let bits): .v4(bits)
    case .v6(let high, _): .v6(high, 0)
    }
  }
}

import Digests
import Model

extension Gate {
  /// Signs a user in. Returns at once; the answer comes on one of the gate's threads, or before this returns where no
  /// password needs to be looked at.
  public func login(
    name: String, password: String, address: IPAddress, addressText: String,
    then: @escaping @Sendable (LoginOutcome) -> Void
  ) {
    // Nobody can have such a name or such a password, and everybody may know that.
    guard UserName.isPossible(name), password.utf8.count <= PasswordRule.mostBytes else { return then(.refused) }
    let now = clock.monotonic()
    if let wait = throttle.withLock({ $0.begin(account: name, address: address, now: now) }) {
      return then(.throttled(seconds: max(1, (wait.nanoseconds + 999_999_999) / 1_000_000_000)))
    }
    let isQueued = threads.add { [self] in
      let outcome = decide(name: name, password: password)
      let now = clock.monotonic()
      switch outcome {
      case .granted:
        throttle.withLock { $0.succeeded(account: name, address: address, now: now) }
        accounts.record(LoginRecord(name: name, address: addressText, succeeded: true))
      case .refused: accounts.record(LoginRecord(name: name, address: addressText, succeeded: false))
      case .throttled, .busy, .unavailable:
        throttle.withLock { $0.withdrawn(account: name, address: address, now: now) }
      }
      then(outcome)
    }
    if !isQueued {
      throttle.withLock { $0.withdrawn(account: name, address: address, now: now) }
      then(.busy)
    }
  }

  /// Blocks for as long as a hash takes, whether there is such a user or not.
  private func decide(name: String, password: String) -> LoginOutcome {
    do {
      let account = try accounts.account(named: name)
      let isRight = try (account?.password ?? decoy).matches(password)
      guard let account, isRight, !account.isDisabled else { return .refused }
      guard
        let (token, expires) = signer.sign(
          subject: account.name, role: account.role, generation: account.generation, now: clock.wall())
      else { return .unavailable("libjwt has no memory for a token") }
      return .granted(token: token, expires: expires, Principal(name: account.name, role: account.role))
    } catch {
      return .unavailable("\(error)")
    }
  }
}

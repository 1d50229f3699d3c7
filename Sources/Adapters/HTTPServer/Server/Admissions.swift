import Model
import Threads

/// What the clients of a server take up, over all its loops: connections, in all and per address, and memory. Any
/// thread.
final class Admissions: Sendable {
  private let most: Int
  private let mostPerAddress: Int
  /// The bodies and the requests read ahead.
  let held: HeldBytes
  private let state = Monitor(State())

  private struct State {
    var all = 0
    var byAddress: [IPAddress: Int] = [:]
  }

  init(_ limits: Limits) {
    most = limits.connections
    mostPerAddress = limits.connectionsPerAddress
    held = HeldBytes(most: limits.heldBytes)
  }

  /// Counts a connection in, or refuses it. IPv6 clients are counted by their /64, which is one customer's.
  func admit(_ address: IPAddress) -> Bool {
    let client = Admissions.client(address)
    return state.read { state in
      let held = state.byAddress[client, default: 0]
      if state.all >= most || held >= mostPerAddress { return false }
      state.all += 1
      state.byAddress[client] = held + 1
      return true
    }
  }

  /// Counts out a connection that was admitted.
  func leave(_ address: IPAddress) {
    let client = Admissions.client(address)
    state.read { state in
      state.all -= 1
      let held = state.byAddress[client, default: 1]
      state.byAddress[client] = held > 1 ? held - 1 : nil
    }
  }

  /// Connections that are open now.
  var count: Int { state.read { $0.all } }

  private static func client(_ address: IPAddress) -> IPAddress {
    switch address.unmapped {
    case .v4(let bits): .v4(bits)
    case .v6(let high, let low): address.isLoopback ? .v6(high, low) : .v6(high, 0)
    }
  }
}

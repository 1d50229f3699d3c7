import Digests
import Wire

/// Judges a Hello: what lets a worker in, and what it is told where it is not.
struct Admission {
  let token: [UInt8]
  let protocols: ClosedRange<UInt16>

  init(token: String, protocols: ClosedRange<UInt16> = Message.protocols) {
    self.token = Array(token.utf8)
    self.protocols = protocols
  }

  /// Who has the same worker id, as far as the hub knows.
  enum Namesake: Equatable {
    case nobody
    /// An earlier connection of the same life of the same process.
    case itself
    case another(String)
  }

  enum Verdict: Equatable {
    /// Both speak this version.
    case welcome(protocol: UInt16)
    case refuse(Refused)
  }

  /// The token comes first: who does not know it learns nothing else.
  func judge(_ hello: Hello, namesake: Namesake, hasRoom: Bool) -> Verdict {
    guard ConstantTime.equal(hello.token.utf8, token) else {
      return .refuse(
        Refused(why: .token, text: "the join token is wrong: give the worker the one that the master was started with"))
    }
    let newest = min(hello.protocol, protocols.upperBound)
    guard newest >= max(hello.oldest, protocols.lowerBound) else {
      return .refuse(
        Refused(
          why: .version,
          text: "the worker speaks RPC versions \(hello.oldest) to \(hello.protocol), the master "
            + "\(protocols.lowerBound) to \(protocols.upperBound): use the same release of both"))
    }
    if case .another(let place) = namesake {
      return .refuse(
        Refused(
          why: .duplicate,
          text: "the worker id '\(hello.worker)' is in use by another process, connected from \(place): "
            + "give each worker an id of its own"))
    }
    // An earlier connection of its own makes room for it.
    if !hasRoom, namesake == .nobody {
      return .refuse(Refused(why: .busy, text: "the master has as many workers as it takes"))
    }
    return .welcome(protocol: newest)
  }
}

import Engine
import Model

/// How many loops a run gets, and whether they spin.
struct LoopChoice: Equatable {
  let loops: Int
  let spins: Bool

  /// The least of the allowed CPUs, the users or connections, and one loop for each 20,000 arrivals a second; a target
  /// on this machine keeps a CPU to itself. Spinning needs a CPU for every loop and one more, for
  /// such a target or for the rest of this process; of a quota, whole CPUs count.
  ///
  /// A share of the load gets loops for that share.
  init(
    load: Load, options: AttackOptions, share: AttackShare = .whole, cpus: Int, wholeCPUs: Int? = nil,
    targetIsHere: Bool, cores: Int?,
    spin: SpinMode
  ) {
    let wanted: Int
    // A loop without a user or a connection would have nothing to do, or open one beyond the cap.
    let most: Int
    switch load.model {
    case .arrivals(let shape):
      let parts = share.slots.stride
      wanted = Int((shape.peak.perSecond / Double(parts) / 20_000).rounded(.up))
      most = min(64, options.connections.map { $0 / parts } ?? 64, share.mostLoops)
    case .users(let shape):
      wanted = share.users?.count ?? shape.peakUsers
      most = min(64, wanted, share.mostLoops)
    }
    let spare = targetIsHere ? max(1, cpus - 1) : cpus
    let loops = max(1, min(cores ?? min(wanted, spare), most))
    self.loops = loops
    switch spin {
    case .always: spins = true
    case .never: spins = false
    case .automatic: spins = loops + 1 <= wholeCPUs ?? cpus
    }
  }
}

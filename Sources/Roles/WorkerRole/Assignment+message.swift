import Engine
import Model
import Pacing
import PlanFiles
import Plans
import RunSession
import Wire

extension Assignment {
  /// Reads what a master assigns: its plan with the master's rules for targets in place of the plan's own.
  ///
  /// - Parameter sockets: the unix sockets that this machine's admin lets tests send to; no rule of a master opens one.
  init(_ assign: Assign, sockets: Set<String> = []) throws {
    let text = Array(assign.plan.utf8)
    var plan = try PlanSource.read(text, file: "plan.json", name: assign.name, environment: [:])
      .resolved(with: PlanOverrides()).plan
    if let path = plan.options.transport.unixSocket, !sockets.contains(path) {
      throw WorkerError(
        description:
          "unix_socket \(path): this worker does not allow it; its admin may (worker --allow-target unix:\(path))"
      )
    }
    if !assign.name.isEmpty { plan.name = assign.name }
    plan.options.policy = TargetPolicy(
      allowed: try assign.allowed.map { try TargetPolicy.Block(text: $0) },
      denied: try assign.denied.map { try TargetPolicy.Block(text: $0) })
    var users: AttackShare.Users?
    if case .users = plan.load.model {
      users = AttackShare.Users(
        first: Int(assign.users.first), stride: Int(assign.users.stride), count: Int(assign.users.count))
    }
    self.init(
      run: assign.grant.run, incarnation: assign.grant.incarnation, epoch: assign.grant.epoch, plan: plan,
      slots: assign.slots.map { SlotRange(share: Int($0.offset), of: Int($0.stride)) },
      users: users, share: Int(assign.share), shares: Int(assign.shares),
      topic: assign.topic.isEmpty ? nil : assign.topic)
  }
}

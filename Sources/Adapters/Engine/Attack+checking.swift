public import Model
import Pacing

extension Attack {
  /// Looks whether a plan can be sent, as far as that can be told without this machine's limits and without looking
  /// anything up: what is beyond the engine's bounds is an error here as it is before a run.
  public static func check(_ plan: Plan) throws(EngineError) {
    _ = try CompiledPlan(plan, userAgent: "check")
    _ = try schedule(of: plan)
  }

  /// When arrivals are due; nil in the closed model.
  static func schedule(of plan: Plan) throws(EngineError) -> Schedule? {
    guard case .arrivals(let shape) = plan.load.model else { return nil }
    do {
      return try Schedule(
        shape: shape, spacing: plan.load.spacing, seed: plan.seed, duration: plan.load.duration,
        requests: plan.load.requests)
    } catch { throw EngineError("load: \(error)") }
  }
}

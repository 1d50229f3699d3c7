import Engine
public import Model

extension LocalRun {
  /// Looks whether a plan can be run, as far as that can be told without this machine's limits and without looking
  /// anything up.
  public static func check(_ plan: Plan) throws(RunError) {
    do { try Attack.check(plan) } catch { throw RunError(error) }
  }
}

public import JSONScan

/// Where a word of a plan stands, for what is found wrong with it only when flags are put over the plan.
public struct PlanSpot: Sendable, Hashable {
  /// As the user named it.
  public let file: String
  public let place: Place
  /// The field's path: `shape.step_size`.
  public let field: String
}

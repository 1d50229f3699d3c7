import Model

/// Where a user's secret values are: in variables, and in columns of feeds.
struct PlanSecrets: Sendable {
  /// A column with the values of all rows.
  struct Column: Sendable {
    let feed: Int
    let values: [String]
  }

  let variables: [Int]
  let columns: [Column]

  init(_ plan: Plan) {
    variables = plan.secretVariables
    columns = plan.secretColumns.map { place in
      Column(feed: place.feed, values: plan.feeds[place.feed].rows.map { $0[place.column] })
    }
  }
}

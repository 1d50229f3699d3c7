/// The commented plan that `init` writes: it runs against the demo target as it stands.
public enum StarterPlan {
  /// - Parameter name: a run's name (`TargetText.isRunName`).
  public static func text(name: String) -> String {
    """
    # A plan for stampede. It runs against the demo target as it stands:
    #   stampede demo-target --port 8080 &
    #   stampede plan check THIS_FILE
    #   stampede run THIS_FILE
    name: '\(name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'
    base_url: ${TARGET:-http://127.0.0.1:8080}

    # How much: users that each wait for a reply (closed model), or a rate that keeps its own pace (open model).
    users: 5
    # rate: 50/s
    duration: 5s
    think_time: 100ms..300ms

    # Sent with every request; one that names a captured variable from there on.
    defaults:
      headers:
        Accept: application/json
        Authorization: Bearer {{token}}

    # Values for templates: {{pick colours}}, {{people.email}}. A feed may also be a CSV file: 'people: people.csv'.
    lists:
      colours: [red, green, blue]
    feeds:
      people:
        mode: shared                 # or unique, per_user, random
        columns: [email, city]
        rows:
          - [ada@example.com, London]
          - [grace@example.com, New York]

    # Each user does this once, before anything else. 'setup:' and 'teardown:' take lists of steps.
    login:
      path: /login
      json_body: {user: "user {{userId}}", password: secret}
      capture:
        token: $.token

    scenarios:
      - name: browse
        weight: 4                    # four of five iterations
        steps:
          - name: list
            path: /items?page={{randInt 1 20}}
            expect_status: 200
            checks:
              - json $.items[0].id exists
              - time < 2s
            capture:
              item: $.items[0].id
          - name: item
            path: /items/{{item}}
            checks: [json $.id exists]
            if: 50%                  # every other time
      - name: order
        steps:
          - name: create
            method: POST
            path: /items
            json_body: |
              {"colour": "{{pick colours}}", "by": "{{people.email}}", "at": {{epochms}}, "id": "{{uuid}}"}
            expect_status: 201
          - name: account
            path: /private

    # What the result must hold, or the exit code is 99.
    thresholds:
      - p99<1s
      - errors<1%

    """
  }
}

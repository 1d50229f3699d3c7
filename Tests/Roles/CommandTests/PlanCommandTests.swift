import Foundation
import Processes
import TestSupport
import Testing

/// `init`, `plan check` and `run` with plans of steps, against the demo target.
@Suite struct PlanCommandTests {
  @Test func initWritesAPlanThatCanBeRun() throws {
    let folder = try TemporaryFolder("init")
    let made = try Stampede.run(["init", "my shop"], directory: folder.path)
    #expect(made.exit.isSuccess && made.text.hasPrefix("my shop.yaml: a plan to begin with"))
    let again = try Stampede.run(["init", "my shop.yaml"], directory: folder.path)
    #expect(again.errorText == "stampede: init: my shop.yaml: it exists already; give another name\n")
    let nowhere = try Stampede.run(["init", "no/where/shop"], directory: folder.path)
    let cure = "there is no folder no/where; make it first: mkdir -p no/where"
    #expect(nowhere.errorText == "stampede: init: no/where/shop.yaml: \(cure)\n")
    let wrong = try Stampede.run(["init", "a/.yaml"], directory: folder.path)
    #expect(!wrong.exit.isSuccess && wrong.errorText.split(separator: "\n").count == 1)
    let check = try Stampede.run(["plan", "check", "my shop.yaml"], directory: folder.path)
    #expect(
      check.text == """
        my shop: a plan that can be run
        load: 5 users, closed model, for 5s
        timeout: 30s
          setup
            Login: POST http://127.0.0.1:8080/login, body filled in, captures token, then a pause of 100ms..300ms
          80.0%  browse
            list: GET http://127.0.0.1:8080/items?page=:randInt, 2 checks, captures item, then a pause of 100ms..300ms
            item: GET http://127.0.0.1:8080/items/:item, 1 check, if 50%, then a pause of 100ms..300ms
          20.0%  order
            create: POST http://127.0.0.1:8080/items, body filled in, then a pause of 100ms..300ms
            account: GET http://127.0.0.1:8080/private, then a pause of 100ms..300ms
        lists: colours (3 values)
        feed: people (2 rows, shared): email, city
        thresholds: p99<1s, errors<1%

        """)
  }

  /// What only the engine refuses, refused by the check as well.
  @Test(arguments: ["run", "plan check"]) func whatTheEngineRefuses(_ command: String) throws {
    let folder = try TemporaryFolder("check")
    let part = "1/999999999ns/1s,1/999999997ns/1s,1/999999993ns/1s"
    try folder.write("times.yaml", "rate: \(part)\nscenarios: [{url: 'http://127.0.0.1:1/'}]\n")
    let words = command.split(separator: " ").map(String.init)
    let checked = try Stampede.run(words + ["times.yaml"], directory: folder.path)
    #expect(
      checked.errorText
        == "stampede: load: found levels in too many different times, expected levels in the same time, such as 500/s\n"
    )
    #expect(checked.text.isEmpty && !checked.exit.isSuccess)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/runs"))
  }

  @Test func dataByFlags() throws {
    let folder = try TemporaryFolder("data")
    try folder.write("actions.yml", "- url: http://127.0.0.1:1/{{pick movies}}/{{users.name}}\n")
    try folder.write("movies.txt", "a\nb\n")
    try folder.write("users.csv", "name\nx\ny\n")
    let check = [
      "plan", "check", "actions.yml", "--list", "movies=movies.txt", "--feed", "users=users.csv,unique,recycle",
    ]
    let shown = try Stampede.run(check, directory: folder.path)
    #expect(shown.text.contains("lists: movies (2 values)\nfeed: users (2 rows, unique, then recycle): name\n"))
    let wrong = try Stampede.run(["plan", "check", "actions.yml", "--list", "movies"], directory: folder.path)
    #expect(wrong.errorText == "stampede: --list: found 'movies', expected NAME=FILE\n")
    let none = try Stampede.run(["plan", "check", "actions.yml", "--feed", "u=none.csv"], directory: folder.path)
    #expect(none.errorText == "stampede: --feed: found no such file for 'none.csv', expected a file that can be read\n")
    let modes = "NAME=FILE, or NAME=FILE,WORD with a word of unique, per_user, shared, random, stop, recycle"
    for (given, found) in [("u=users.csv,uniq", "no such file for 'users.csv,uniq'"), ("users.csv", "'users.csv'")] {
      let wrong = try Stampede.run(["plan", "check", "actions.yml", "--feed", given], directory: folder.path)
      #expect(wrong.errorText == "stampede: --feed: found \(found), expected \(modes)\n")
    }
  }

  @Test(arguments: [
    (["--retries", "x"], "--retries: found 'x', expected a number up to 100, and perhaps a pause: 3 or 3,200ms"),
    (["--breaker", "5"], "--breaker: found '5', expected failures in a row and a rest: 5,10s"),
    (["--redirects", "many"], "--redirects: found 'many', expected a whole number from 0 to 100"),
    (
      ["--think-time", "2"],
      "--think-time: found '2', expected a pause such as 2s, 1s..3s, 'normal 2s 500ms' or 'exp 2s'"
    ),
    (["--rps", "5"], "--rps bounds users, and this run has none: type --users N as well"),
    (["--threshold", "nobody:p99<1s"], "--threshold: found 'nobody:p99<1s', expected the name of a request: GET /"),
    (
      ["--connections", "all"],
      "--connections: found 'all', expected a whole number from 1 to 1000000, shared, or both: 'shared 100'"
    ),
    (["--header", "A: {{pick x}}"], "--header: found the template '{{pick x}}', expected a list of that name"),
  ])
  func flagsThatCantBe(flags: [String], expected: String) throws {
    let result = try Stampede.run(["attack"] + flags + ["http://127.0.0.1:1/"])
    #expect(result.errorText.hasPrefix("stampede: \(expected)"), "\(result.errorText)")
    #expect(result.errorText.split(separator: "\n").count == 1)
  }

  /// A scenario's steps arrive in order and in their numbers.
  @Test func stepsInOrder() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("steps")
    let log = folder.file("out.json")
    try folder.write(
      "plan.yaml",
      """
      base_url: \(target.url)
      users: 2
      iterations: 5
      scenarios:
        - name: both
          steps:
            - {name: first, path: /, repeat: 2}
            - {name: second, path: /status/201, expect_status: 201}
      teardown:
        - {name: bye, path: /}
      """)
    let run = try Stampede.run(
      ["run", "plan.yaml", "--quiet", "--out", log, "--threshold", "errors<1%"], directory: folder.path)
    #expect(run.exit.isSuccess, "\(run.errorText)")
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: log))) as? [String: Any]
    let names = try #require(json?["names"] as? [[String: Any]])
    let completed = names.map { ($0["name"] as? String, ($0["counts"] as? [String: Any])?["completed"] as? Int) }
    for (name, count) in [("first", 20), ("second", 10), ("bye", 2)] {
      #expect(completed.contains { $0.0 == name && $0.1 == count }, "\(completed)")
    }
    let broken = try Stampede.run(
      ["run", "plan.yaml", "--quiet", "--threshold", "first:max<1us"], directory: folder.path)
    #expect(broken.exit == .code(99), "\(broken.text)\(broken.errorText)")
  }

  /// What it says of Poisson arrivals is what a run of that seed sends.
  @Test func poissonArrivalsAreCounted() throws {
    let flags = ["--rate", "0..200/2s,200/2s", "--spacing", "poisson", "--seed", "9"]
    let shape = try Stampede.run(["plan", "shape"] + flags + ["--format", "json"])
    let json = try JSONSerialization.jsonObject(with: Data(shape.text.utf8)) as? [String: Any]
    let arrivals = try #require(json?["arrivals"] as? Int)
    #expect(json?["spacing"] as? String == "poisson" && arrivals != 600 && abs(arrivals - 600) < 120)
    let text = try Stampede.run(["plan", "shape"] + flags).text
    #expect(text.contains("\(arrivals) arrivals in 4s, Poisson with seed 9 (600 on average); open model"), "\(text)")
    let target = try DemoTarget()
    let run = try Stampede.run(["run", target.url] + flags + ["--cores", "2"])
    #expect(run.text.contains("\(arrivals) planned = \(arrivals) started + 0 unsent + 0 gap: holds"), "\(run.text)")
    #expect(run.text.contains(", Poisson, open model"))
  }
}

import Options
import Testing

@Suite struct HabitsTests {
  static func answer(_ line: String) throws -> String? {
    let words = line.split(separator: " ").map(String.init)
    return Habits.answer(to: try Tables.attack.parse(words, environment: [:]))?.message
  }

  @Test(arguments: [
    (
      "-d 10s http://h/",
      "-d 10s is a body, which a GET has none of: did you mean --duration 10s (-z)?"
    ),
    (
      "-t12 -c400 -d30s http://127.0.0.1:8080/index.html",
      "-d is a body here (wrk's duration is -z); type: "
        + "stampede run --users 400 --duration 30s http://127.0.0.1:8080/index.html"
    ),
    (
      "-t2 -c4 -d1 -n 10 http://h/",
      "-d is a body here (wrk's duration is -z); type: stampede run --users 4 --duration 1s --requests 10 http://h/"
    ),
    (
      "-t2 -d 5 http://h/",
      "-d is a body here (wrk's duration is -z); type: stampede run --users 10 --duration 5s http://h/"
    ),
    (
      "-q 100 -c 50 http://h/",
      "-q with -c: hey means 5000/s in all, oha 100/s; type --rate 5000/s --connections 50 or --rate 100/s --connections 50"
    ),
    ("--rps 50 --rate 5 h", "--rps is a limit for each of --users, and --rate sends by the clock: give one of them"),
  ]) func whatMeansSomethingElseIsAnswered(_ line: String, _ expected: String) throws {
    #expect(try Self.answer(line) == expected)
  }

  @Test(arguments: [
    "-d 10s -m POST http://h/", "--body 10s http://h/", "-d text http://h/", "-d 5 http://h/", "-q 100 http://h/",
    "--rate 100 -c 5 http://h/", "-c 4 -d 1 -m POST http://h/", "-c 4 -d 1x http://h/", "--users 4 -d 1 http://h/",
    "-http2=false http://h/", "-h2 http://h/", "--http2 --proxy http://p:1 https://h/",
  ]) func whatMeansWhatItSaysIsLeft(_ line: String) throws {
    #expect(try Self.answer(line) == nil)
  }

  @Test(arguments: [
    (
      "wrk", "-t12 -c400 -d30s http://127.0.0.1:8080/index.html",
      "wrk's command is here: stampede run --users 400 --duration 30s http://127.0.0.1:8080/index.html"
    ),
    (
      "wrk2", "-t2 -c100 -d30s -R2000 http://h/",
      "wrk2's command is here: stampede run --rate 2000 --connections 100 --duration 30s http://h/"
    ),
    (
      "wrk", "-c 4 --timeout 2 -H a:b --latency http://h/",
      "wrk's command is here: stampede run --users 4 --duration 10s --timeout 2s --header a:b http://h/"
    ),
    (
      "wrk", "--connections=4 --duration=5 --timeout=2s http://h/",
      "wrk's command is here: stampede run --users 4 --duration 5s --timeout 2s http://h/"
    ),
    (
      "wrk", "-t2 -s post.lua http://h/",
      "wrk: the script 'post.lua' can't be run; write its requests as a plan (stampede help run)"
    ),
    (
      "ab", "-k -t 10 -c 5 http://h/",
      "ab's -k and -t mean something else here; type: stampede attack --duration 10s -c 5 http://h/"
    ),
    (
      "ab", "-n100 -p b.json -T a/b -C x=y -i http://h/",
      "ab's -k and -t mean something else here; type: "
        + "stampede attack -n 100 -m POST -D b.json -T a/b -H 'Cookie: x=y' -m HEAD -c 1 http://h/ --no-keepalive"
    ),
    ("hey", "-n 200 http://h/", "hey's flags go to attack; type: stampede attack -n 200 http://h/"),
    ("vegeta", "attack -rate=5", "Vegeta's commands are ours; type: stampede attack -rate=5"),
    ("k6", "run script.js", "k6's scripts can't be run; write a plan and type: stampede run plan.yaml"),
    ("coordinator", "", "coordinator: it is called master here; type: stampede master --help"),
  ]) func otherToolsNamesAreAnswered(_ tool: String, _ rest: String, _ expected: String) {
    #expect(Habits.answer(toTool: tool, rest.split(separator: " ").map(String.init))?.message == expected)
  }

  @Test func ourOwnWordsAreNoTools() {
    for command in Tables.program.commands { #expect(Habits.answer(toTool: command.name, []) == nil) }
  }

  @Test(arguments: [
    ("--pattern sine", "--pattern sine: it is called diurnal here; type --pattern diurnal"),
    (
      "--pattern constnat",
      "--pattern: found 'constnat', expected constant, ramp, step, spike or diurnal (did you mean 'constant'?)"
    ),
    ("--http-version 2", "--http-version: it is said with --http2 or --http2-prior-knowledge"),
    ("--proxy-header a:b", "--proxy-header: a proxy is told nothing more"),
    ("-laddr 127.0.0.1", "-laddr: the kernel chooses the local address; leave it away"),
    ("-dns-ttl 5s", "-dns-ttl: names are looked up again every 30 seconds; leave it away"),
    ("-resolvers 1.1.1.1", "-resolvers: names are looked up as this machine does"),
    ("--connect-to a:1:b:2", "--connect-to: not in this version; give the address in the URL"),
  ]) func whatIsMissingHasAnAnswerOfItsOwn(_ line: String, _ expected: String) {
    let message = ParserTests.message(line)
    #expect(message?.hasPrefix(expected) == true, "\(message ?? "taken")")
  }
}

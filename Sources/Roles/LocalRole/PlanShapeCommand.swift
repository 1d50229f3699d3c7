import CommandLines
import JSONScan
import Model
import Options
import PlanFiles
import Plans
import Reports
import Summary

/// `plan shape`: shows the load of a plan, or of flags, over time, and sends nothing.
enum PlanShapeCommand {
  static func run(_ line: Invocation, environment: [String: String]) throws(Failure) -> Int32 {
    let (load, seed) = try load(line, environment)
    let (shape, measure): (Shape, Shape.Measure) =
      switch load.model {
      case .arrivals(let shape): (shape, .arrivals)
      case .users(let shape): (shape, .users)
      }
    var arrivals: ShapeArrivals?
    if measure == .arrivals {
      do throws(ValueError) { arrivals = try ShapeArrivals(shape, load, seed: seed) } catch {
        throw Failure("load: \(error)")
      }
    }
    // Users that only a number of requests bounds have no end of their own: ten seconds of them say all.
    let end = arrivals?.end ?? load.duration ?? LoadChoice.defaultDuration
    if end <= .zero { throw Failure("load: found a run of no time, expected a duration") }
    switch line.text(.reportFormat) {
    case "json": try Console.out(json(shape, measure, arrivals, end, line))
    case "csv": try Console.out(csv(shape, measure, end, line))
    case _: try Console.out(text(shape, measure, arrivals, end, environment))
    }
    return 0
  }

  private static func load(_ line: Invocation, _ environment: [String: String]) throws(Failure) -> (Load, seed: UInt64)
  {
    let flags = try PlanFlags(line).overrides().overrides
    do throws(PlanError) {
      guard let plan = line.operands.first else {
        do throws(LoadChoice.Conflict) {
          return (try LoadChoice.resolve(plan: nil, flags: flags.load).load, flags.seed ?? PlanDocument.defaultSeed)
        } catch {
          throw error.error
        }
      }
      let found = try PlanSource.load(argument: plan, environment: environment).resolved(with: flags).plan
      return (found.load, found.seed)
    } catch { throw Failure(error) }
  }

  private static func text(
    _ shape: Shape, _ measure: Shape.Measure, _ arrivals: ShapeArrivals?, _ end: TimeSpan,
    _ environment: [String: String]
  ) -> String {
    let width = Console.width(1)
    var lines = [measure == .users ? "users: \(shape.text(of: .users))" : "rate: \(shape)"]
    lines.append(arrivals?.text ?? "at most \(shape.peakUsers) users in \(end); closed model")
    lines.append("")
    lines += ShapeTable.lines(shape, of: measure, until: end, width: width, arrivals: arrivals?.counter())
    lines.append("")
    let isASCII = !Console.showsUTF8(environment: environment)
    lines += ShapePlot(shape, of: measure, until: end, width: width, isASCII: isASCII).lines
    let text = lines.joined(separator: "\n") + "\n"
    return isASCII ? text.replacing("±", with: "+-") : text
  }

  private static func steps(_ end: TimeSpan, _ line: Invocation) -> TimeSpan {
    let count = Int64(line.count(.shapeValues) ?? 100)
    return TimeSpan(nanoseconds: max(1, (end.nanoseconds + count - 1) / count))
  }

  private static func csv(
    _ shape: Shape, _ measure: Shape.Measure, _ end: TimeSpan, _ line: Invocation
  ) -> String {
    var text = "seconds,part,\(measure == .users ? "users" : "per_second")\n"
    for (time, level) in shape.levels(every: steps(end, line), until: end) {
      text += "\(time.inSeconds),\(shape.part(at: time) + 1),\(level)\n"
    }
    return text
  }

  private static func json(
    _ shape: Shape, _ measure: Shape.Measure, _ arrivals: ShapeArrivals?, _ end: TimeSpan, _ line: Invocation
  ) -> String {
    var writer = JSONWriter(indented: true)
    writer.object { writer in
      writer.member(measure == .users ? "users" : "rate", shape.text(of: measure))
      writer.member("durationUs", end.inMicroseconds)
      if arrivals?.isPoisson == true { writer.member("spacing", Spacing.poisson.rawValue) }
      writer.member("arrivals", arrivals?.planned)
      writer.key("values")
      writer.array(of: Array(shape.levels(every: steps(end, line), until: end))) { writer, value in
        writer.object { writer in
          writer.member("atUs", value.time.inMicroseconds)
          writer.member("part", shape.part(at: value.time) + 1)
          writer.member("level", rounded: value.level)
        }
      }
    }
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }
}

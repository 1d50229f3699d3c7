public import JSONScan
import Measuring
import Model

extension LiveLine {
  /// The line as one JSON object on one line, without a line end: what an event stream carries once a second.
  public var json: [UInt8] {
    var writer = JSONWriter()
    write(to: &writer)
    return writer.bytes
  }

  /// Writes it as one object.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("elapsedUs", elapsed.inMicroseconds)
      writer.member("totalUs", total?.inMicroseconds)
      writer.member("progress", rounded: progress)
      switch load {
      case .arrivals(let shape):
        writer.member("rate", shape.text(of: .arrivals))
        writer.member("plannedUsers", UInt64?.none)
      case .users(let shape):
        writer.member("rate", String?.none)
        writer.member("plannedUsers", shape.peakUsers)
      }
      writer.member("users", users)
      writer.member("offered", rounded: offered)
      writer.member("rps", rounded: rps)
      writer.member("completed", completed)
      writer.member("failed", failed)
      writer.member("inFlight", inFlight)
      writer.key("response")
      SummaryJSON.write(response, to: &writer)
      writer.key("tainted")
      writer.array(of: taints) { $0.string($1.rawValue) }
    }
  }

  /// Reads what `json` wrote.
  public init(json bytes: [UInt8]) throws(DescriptionError) {
    let root: Node
    do { root = try JSONReader.document(bytes).root } catch {
      throw DescriptionError(place: error.place, field: "", found: error.found, expected: error.expected)
    }
    let fields = Fields(node: root, path: "")
    let model: Load.Model
    if let rate = fields.node["rate"], !rate.isNull {
      do { model = .arrivals(try Shape(text: try fields.text("rate"), of: .arrivals)) } catch let error as ValueError {
        throw fields.wrong("rate", error.found, error.expected)
      } catch let error as DescriptionError { throw error } catch { throw fields.wrong("rate", "\(error)", "a rate") }
    } else {
      model = .users(try fields.count("plannedUsers"))
    }
    self.init(
      elapsed: try fields.span("elapsedUs"), total: try fields.optional("totalUs", Fields.span),
      progress: try fields.optional("progress", Fields.number), load: model, users: try fields.unsigned("users"),
      rps: try fields.number("rps"), response: try SummaryJSON.figures(fields),
      completed: try fields.unsigned("completed"), failed: try fields.unsigned("failed"),
      inFlight: try fields.unsigned("inFlight"), taints: try SummaryJSON.taints(fields),
      offered: try fields.optional("offered", Fields.number))
  }
}

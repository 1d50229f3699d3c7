public import JSONScan
import Model

extension RunDescription {
  /// The version of the stored form.
  public static let schema = "stampede.run/1"

  /// The content of `run.json`: times in whole microseconds.
  public var json: [UInt8] {
    var writer = JSONWriter(indented: true)
    writer.object { writer in
      writer.member("schema", RunDescription.schema)
      writeMembers(to: &writer)
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  /// Writes its members into an object that the caller has begun.
  func writeMembers(to writer: inout JSONWriter) {
    writer.member("name", name)
    writer.member("run", run.description)
    writer.key("incarnations")
    writer.array(of: incarnations) { writer, incarnation in
      writer.object { writer in
        writer.member("id", incarnation.id.description)
        writer.member("completed", incarnation.completed)
        writer.member("lost", incarnation.lost)
        guard let publication = incarnation.publication else { return }
        writer.key("publication")
        writer.object { writer in
          writer.member("published", publication.published)
          writer.member("kept", publication.kept)
          writer.member("lost", publication.lost)
        }
      }
    }
    writer.member("startedAt", start.text)
    writer.member("startedAtSeconds", start.secondsSince1970)
    writer.member("model", modelWord)
    switch load.model {
    case .arrivals(let shape):
      writer.member("rate", shape.text(of: .arrivals))
      writer.member("users", UInt64?.none)
      if load.spacing != .even { writer.member("spacing", load.spacing.rawValue) }
    case .users(let shape):
      writer.member("rate", String?.none)
      if let count = shape.constantUsers {
        writer.member("users", count)
      } else {
        writer.member("users", shape.text(of: .users))
      }
    }
    writer.member("durationUs", load.duration?.inMicroseconds)
    writer.member("requests", load.requests)
    writer.member("warmUpUs", load.warmUp.inMicroseconds)
    writer.key("thresholds")
    writer.array(of: thresholds) { $1.write(to: &$0) }
    writer.key("targets")
    writer.array(of: targets) { writer, target in
      writer.object { writer in
        writer.member("name", target.name)
        writer.member("method", target.method)
        writer.member("url", target.url)
      }
    }
    writer.member("timeoutUs", timeout.inMicroseconds)
    writer.member("connectTimeoutUs", connectTimeout.inMicroseconds)
    writer.member("graceUs", grace.inMicroseconds)
    writer.member("keepAlive", keepAlive)
    writer.member("insecureTLS", insecureTLS)
    writer.member("engine", engine)
    writer.member("connections", connections)
    if let shortage { writer.member("shortOf", shortage.rawValue) }
    writer.member("loops", loops)
    writer.member("cpus", cpus)
    writer.member("pacing", pacing.rawValue)
    writer.member("targetIsHere", targetIsHere)
    writer.member("seed", seed)
    if let samples {
      writer.key("samples")
      writer.object { writer in
        writer.member("oneIn", samples.oneIn)
        writer.member("kept", samples.kept)
        writer.member("missed", samples.missed)
        writer.member("beyondBound", samples.beyondBound)
        writer.member("unwritten", samples.unwritten)
        if !samples.problem.isEmpty { writer.member("problem", samples.problem) }
      }
    }
    writer.member("version", version)
  }
}

extension JSONWriter {
  /// A member of an object: its key and a text, or null.
  public mutating func member(_ key: String, _ value: String?) {
    self.key(key)
    if let value { string(value) } else { null() }
  }

  /// A member with an integer, or null.
  public mutating func member(_ key: String, _ value: (some BinaryInteger)?) {
    self.key(key)
    if let value { integer(value) } else { null() }
  }

  /// A member with true or false.
  public mutating func member(_ key: String, _ value: Bool) {
    self.key(key)
    bool(value)
  }

  /// A rate or share, to six places behind the point: the digits beyond are noise.
  public mutating func member(_ key: String, rounded value: Double?) {
    self.key(key)
    guard let value, value.isFinite else { return null() }
    let scaled = (value * 1e6).rounded() / 1e6
    number(scaled.isFinite ? scaled : value)
  }
}

import Bytes

/// What travels between a master and a worker: any message of `proto-free-schema/rpc.schema`.
public enum Message: Sendable, Hashable {
  case hello(Hello)
  case welcome(Welcome)
  case refused(Refused)
  case register(Register)
  case registered(Registered)
  case heartbeat(Heartbeat)
  case beat(Beat)
  case assign(Assign)
  case ready(Ready)
  case start(Start)
  case stop(Stop)
  case progress(Progress)
  case complete(Complete)
  case completed(Completed)
  case goodbye(Goodbye)

  /// The protocol's versions that this program speaks.
  public static let protocols: ClosedRange<UInt16> = 1...1

  /// The whole frame's bytes. It decodes to the same message as long as texts keep to the schema's limits; longer ones
  /// are cut off there.
  ///
  /// - Parameter request: chosen by the side that asks, repeated by the one that answers; 0 where nothing is asked.
  public func encoded(request: UInt64 = 0) -> [UInt8] {
    switch self {
    case .hello(let message): Hello.table.frame(message, request)
    case .welcome(let message): Welcome.table.frame(message, request)
    case .refused(let message): Refused.table.frame(message, request)
    case .register(let message): Register.table.frame(message, request)
    case .registered(let message): Registered.table.frame(message, request)
    case .heartbeat(let message): Heartbeat.table.frame(message, request)
    case .beat(let message): Beat.table.frame(message, request)
    case .assign(let message): Assign.table.frame(message, request)
    case .ready(let message): Ready.table.frame(message, request)
    case .start(let message): Start.table.frame(message, request)
    case .stop(let message): Stop.table.frame(message, request)
    case .progress(let message): Progress.table.frame(message, request)
    case .complete(let message): Complete.table.frame(message, request)
    case .completed(let message): Completed.table.frame(message, request)
    case .goodbye(let message): Goodbye.table.frame(message, request)
    }
  }

  /// Reads a frame's fields; its request stands in the frame.
  ///
  /// - Throws: `WireError` for a type that is none of these and for fields that break a rule of the schema.
  public init(frame: Frame) throws(WireError) {
    switch frame.type {
    case Hello.table.type: self = .hello(try Hello.table.message(in: frame))
    case Welcome.table.type: self = .welcome(try Welcome.table.message(in: frame))
    case Refused.table.type: self = .refused(try Refused.table.message(in: frame))
    case Register.table.type: self = .register(try Register.table.message(in: frame))
    case Registered.table.type: self = .registered(try Registered.table.message(in: frame))
    case Heartbeat.table.type: self = .heartbeat(try Heartbeat.table.message(in: frame))
    case Beat.table.type: self = .beat(try Beat.table.message(in: frame))
    case Assign.table.type: self = .assign(try Assign.table.message(in: frame))
    case Ready.table.type: self = .ready(try Ready.table.message(in: frame))
    case Start.table.type: self = .start(try Start.table.message(in: frame))
    case Stop.table.type: self = .stop(try Stop.table.message(in: frame))
    case Progress.table.type: self = .progress(try Progress.table.message(in: frame))
    case Complete.table.type: self = .complete(try Complete.table.message(in: frame))
    case Completed.table.type: self = .completed(try Completed.table.message(in: frame))
    case Goodbye.table.type: self = .goodbye(try Goodbye.table.message(in: frame))
    default:
      throw WireError(
        place: "frame", found: "message type \(frame.type)",
        expected: "one of rpc.schema (sent by a newer version?)")
    }
  }

  /// The message's name in the schema, for logs.
  public var name: String {
    switch self {
    case .hello: Hello.table.name
    case .welcome: Welcome.table.name
    case .refused: Refused.table.name
    case .register: Register.table.name
    case .registered: Registered.table.name
    case .heartbeat: Heartbeat.table.name
    case .beat: Beat.table.name
    case .assign: Assign.table.name
    case .ready: Ready.table.name
    case .start: Start.table.name
    case .stop: Stop.table.name
    case .progress: Progress.table.name
    case .complete: Complete.table.name
    case .completed: Completed.table.name
    case .goodbye: Goodbye.table.name
    }
  }
}

extension Table {
  /// The message's number; 0 for a block or struct.
  fileprivate var type: UInt16 {
    if case .message(let number) = kind { number } else { 0 }
  }

  fileprivate func frame(_ root: Root, _ request: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writeFields(root, into: &writer)
    return Frame(type: type, request: request, fields: writer.bytes[...]).encoded()
  }

  fileprivate func message(in frame: Frame) throws(WireError) -> Root {
    var reader = FieldReader(frame.fields)
    do throws(WireError) { return try readFields(from: &reader) } catch { throw error.inside(name) }
  }
}

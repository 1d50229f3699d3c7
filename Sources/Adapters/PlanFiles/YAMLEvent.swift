import CYAML
import JSONScan

/// One of libyaml's events, copied out of the memory it owns.
struct Event {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case alias(String)
    case scalar(Node.Value)
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
  }

  let kind: Kind
  let place: Place
  var anchor: String?

  init(_ event: yaml_event_t) throws(YAMLError) {
    place = Place(event.start_mark)
    switch event.type {
    case YAML_STREAM_START_EVENT: kind = .streamStart
    case YAML_STREAM_END_EVENT: kind = .streamEnd
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_ALIAS_EVENT: kind = .alias(Event.text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      kind = .scalar(try Event.scalar(event))
      anchor = Event.text(event.data.scalar.anchor)
    case YAML_SEQUENCE_START_EVENT:
      try Event.check(Event.text(event.data.sequence_start.tag), ["seq"], Place(event.start_mark))
      kind = .sequenceStart
      anchor = Event.text(event.data.sequence_start.anchor)
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      try Event.check(Event.text(event.data.mapping_start.tag), ["map"], Place(event.start_mark))
      kind = .mappingStart
      anchor = Event.text(event.data.mapping_start.anchor)
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    default: throw YAMLError(place: place, message: "not YAML: the text can't be read")
    }
  }

  private static func scalar(_ event: yaml_event_t) throws(YAMLError) -> Node.Value {
    let scalar = event.data.scalar
    let text = scalar.value.map {
      String(decoding: UnsafeBufferPointer(start: $0, count: scalar.length), as: UTF8.self)
    }
    let value = text ?? ""
    let tag = Event.text(scalar.tag)
    try check(tag, ["str", "int", "float", "bool", "null"], Place(event.start_mark))
    let isText = tag.map { $0 == "!" || $0 == prefix + "str" } ?? (scalar.style != YAML_PLAIN_SCALAR_STYLE)
    if isText { return .string(value) }
    return value.isEmpty ? .null : .plain(value)
  }

  private static let prefix = "tag:yaml.org,2002:"

  private static func check(_ tag: String?, _ known: [String], _ place: Place) throws(YAMLError) {
    guard let tag, tag != "!", !known.contains(where: { tag == prefix + $0 }) else { return }
    let shown = tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
    throw YAMLError(place: place, message: "found the tag \(Node.cut(shown)), expected a plain value")
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }
}

extension Place {
  /// libyaml counts from 0.
  init(_ mark: yaml_mark_t) {
    self.init(line: Int(clamping: mark.line) &+ 1, column: Int(clamping: mark.column) &+ 1)
  }
}

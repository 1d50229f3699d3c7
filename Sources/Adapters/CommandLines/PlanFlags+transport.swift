import Model
import Options
import Plans

extension PlanFlags {
  /// What the flags say about how requests are carried.
  func transport() throws(Failure) -> TransportOverrides {
    var flags = TransportOverrides()
    if let given = line.given(.engine) { flags.engine = TransportOptions.Engine(rawValue: given.text) }
    if line.isOn(.http2), line.isOn(.http2PriorKnowledge), let one = line.given(.http2),
      let other = line.given(.http2PriorKnowledge)
    {
      throw Failure(
        "\(one.place) and \(other.place) can't be combined: the first asks TLS for HTTP/2, the second speaks it at once; "
          + "give one of them")
    }
    if let isOn = line.flag(.http2) { flags.version = isOn ? .http2 : .http1 }
    if let isOn = line.flag(.http2PriorKnowledge), isOn || flags.version == nil {
      flags.version = isOn ? .http2PriorKnowledge : .http1
    }
    if let given = line.given(.proxy) {
      flags.proxy = try value(given) { (text) throws(ValueError) in try ProxyURL(text: text) }
    }
    flags.clientCertificate = line.text(.certificate)
    flags.clientKey = line.text(.key)
    flags.authorities = line.text(.authorities)
    flags.unixSocket = line.text(.unixSocket)
    return flags
  }
}

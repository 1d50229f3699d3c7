import CurlTransport
import Engine
import Model

extension Plan {
  /// What makes the transport that the plan's options ask for; nil: the native engine carries the requests.
  var transport: TransportSettings.Maker? {
    switch options.transport.carrier {
    case .automatic, .native: nil
    case .curl: { (settings) throws(EngineError) in try CurlTransport(settings) }
    }
  }

  /// What carries the requests, with the library's version: `native 1.1`, `curl 7.88.1 h2`.
  var engineText: String {
    options.transport.carrier == .curl
      ? CurlTransport.name(options.transport.version) : options.transport.engineText
  }
}

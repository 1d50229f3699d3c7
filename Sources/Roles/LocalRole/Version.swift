import CBuild
import COpenSSL
import CYAML
import HTTPClient
import KafkaIO
import Model

/// Which program this is, and with which libraries it runs.
enum Version {
  static let product = Product.version

  /// The commit it was built from; nil where the build did not say.
  static var commit: String? {
    let text = String(cString: stampede_commit())
    return text.isEmpty ? nil : text
  }

  /// One line each: the program, OpenSSL, libyaml, librdkafka, libcurl. The libraries are asked at run time, so it is
  /// those it runs with.
  static var lines: [String] {
    let openSSL = OpenSSL_version(OPENSSL_VERSION_STRING).map { String(cString: $0) } ?? "unknown"
    let yaml = yaml_get_version_string().map { String(cString: $0) } ?? "unknown"
    return [
      "stampede \(product) (commit \(commit ?? "unknown: built without make"))", "OpenSSL \(openSSL)",
      "libyaml \(yaml)", "librdkafka \(Producer.libraryVersion)",
      "libcurl \(Client.libraryVersion)",
    ]
  }

  static let userAgent = Product.userAgent
}

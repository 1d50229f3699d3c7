import CLinux
import Glibc

/// A system call that failed: which one, on what, and the kernel's reason.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The call and what it was about: `connect to 127.0.0.1:80`.
  public let operation: String
  /// The errno value, positive.
  public let code: Int32

  public init(_ operation: String, code: Int32) {
    self.operation = operation
    self.code = code
  }

  /// The kernel's words for the code: `Connection refused`.
  public var reason: String { SystemError.text(of: code) }

  public var description: String { "\(operation): \(reason)" }

  /// The kernel's words for an errno value.
  public static func text(of code: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let base = buffer.baseAddress else { return "error \(code)" }
      base[0] = 0
      // XSI strerror_r: fills the buffer; returns non-zero for an unknown code.
      return stampede_strerror(code, base, buffer.count) == 0 ? String(cString: base) : "error \(code)"
    }
  }
}

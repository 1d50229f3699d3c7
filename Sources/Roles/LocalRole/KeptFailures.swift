import Records
import Summary

/// The failing exchanges of a run directory.
enum KeptFailures {
  /// A thousand exchanges at their longest, and then some.
  private static let mostBytes = 512 << 20

  /// How many there are and the first of each kind; none where there is no such file or it can't be read.
  static func digest(of directory: String) -> FailureDigest {
    let path = directory + "/" + FailureText.fileName
    guard let bytes = try? WholeFile.read(path, atMost: mostBytes) else { return FailureDigest() }
    return FailureDigest(bytes)
  }
}

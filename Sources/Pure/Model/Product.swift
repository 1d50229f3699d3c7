/// What this program is called by others.
public enum Product {
  public static let version = "0.1.0"
  /// The `User-Agent` of its requests.
  public static let userAgent = "stampede/\(version)"
}

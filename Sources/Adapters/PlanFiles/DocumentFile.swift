public import JSONScan
import Model
public import Plans

/// A YAML or JSON file that is no plan.
public enum DocumentFile {
  /// - Throws: `PlanError` with the file's name and the place.
  public static func read(path: String) throws(PlanError) -> Node {
    let bytes: [UInt8]
    do throws(ValueError) { bytes = try InputFile.read(path: path) } catch {
      throw PlanError(file: path, error.description)
    }
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    do throws(YAMLError) {
      if let root = try YAMLReader.document(text) { return root }
    } catch { throw PlanError(file: path, place: error.place, error.message) }
    throw PlanError(file: path, "found nothing in it, expected YAML")
  }
}

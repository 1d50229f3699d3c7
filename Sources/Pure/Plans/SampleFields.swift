import JSONScan
import Model

extension Reading {
  /// The plan's words for requests that are kept one by one.
  mutating func samples(_ fields: [String: (node: Node, field: String)], into keeping: inout SampleKeeping) {
    if let (node, field) = fields["samples"] {
      if node.bool == false {
        keeping.oneIn = 0
      } else if let text = text(node, field, expected: "all, off, or one in so many: 1/100") {
        do throws(ValueError) { keeping.oneIn = try SampleKeeping.share(text) } catch {
          wrong(node, field, found: error.found, expected: error.expected)
        }
      }
    }
    if let (node, field) = fields["samples_bound"],
      let bound = whole(node, field, from: SampleKeeping.bounds.lowerBound, to: SampleKeeping.bounds.upperBound)
    {
      keeping.bound = bound
    }
  }
}

extension String {
  /// The text with every control and format character (escape sequences, line ends, changes of writing direction,
  /// invisible joiners) as `�`, so that text from outside can't move the cursor, colour the screen, begin a line of its
  /// own or read as another text. O(length).
  public var harmless: String {
    if utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return self }
    var safe = String.UnicodeScalarView()
    for scalar in unicodeScalars { safe.append(scalar.isHarmless ? scalar : "\u{FFFD}") }
    return String(safe)
  }
}

extension Unicode.Scalar {
  fileprivate var isHarmless: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation,
      .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
      .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .spaceSeparator:
      true
    @unknown default: false
    }
  }
}

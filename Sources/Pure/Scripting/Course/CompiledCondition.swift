/// A condition of a step as a loop asks it: trivial, its texts among those of the script.
enum CompiledCondition: Sendable {
  case has(Int)
  case lacks(Int)
  case equals(Int, TextSlice)
  case differs(Int, TextSlice)
  case chance(UInt64)
}

extension ScriptTable {
  /// Whether a condition holds for a user; numbered as in `Itinerary.Step.condition`.
  ///
  /// - Parameter word: 64 random bits, for a condition that is a chance.
  public func holds(condition number: Int, memory: UserMemory?, word: UInt64) -> Bool {
    precondition(number >= 0 && number < conditionCount)
    func value(_ variable: Int) -> ByteView { memory?.value(variable) ?? .empty }
    switch unsafe conditions[number] {
    case .has(let variable): return !value(variable).isEmpty
    case .lacks(let variable): return value(variable).isEmpty
    case .equals(let variable, let text): return value(variable).equals(view(text))
    case .differs(let variable, let text): return !value(variable).equals(view(text))
    case .chance(let millionths): return word.multipliedFullWidth(by: 1_000_000).high < millionths
    }
  }
}

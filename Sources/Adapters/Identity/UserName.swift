/// The names that users can have: 1 to 64 of the letters A to Z and a to z, digits, and `. _ - @`.
public enum UserName {
  public static func isPossible(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case _: ".-_@".utf8.contains(byte)
        }
      }
  }
}

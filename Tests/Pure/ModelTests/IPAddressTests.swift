import Model
import Testing

@Suite struct IPAddressTests {
  @Test(arguments: [
    ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::1", "::1"),
    ("::", "::"),
    ("[::1]", "::1"), ("2001:DB8::7", "2001:db8::7"), ("2001:db8:0:0:0:0:0:7", "2001:db8::7"),
    ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"),
    ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"), ("1::", "1::"), ("::1:2", "::1:2"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ("::1.2.3.4", "::102:304"), ("::ffff:1.2.3.4", "::ffff:102:304"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ("0001:0:0:0:0:0:0:0", "1::"),
  ])
  func readsAndWrites(_ text: String, _ canonical: String) throws {
    let address = try #require(IPAddress(text: text))
    #expect(address.description == canonical)
    #expect(IPAddress(text: canonical) == address)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "01.2.3.4", "1.2.3.0x4", "1..2.3", "1.2.3.4 ", "127.1", ":",
    ":::", "1:2",
    "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1::", "12345::", "g::", "::1%eth0", "[::1", "::1]", "[1.2.3.4]",
    "1.2.3.4::",
    "::ffff:1.2.3", "::1.2.3.4:5", "１::", "１.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "localhost",
  ])
  func refuses(_ text: String) { #expect(IPAddress(text: text) == nil) }

  @Test func whatIsWrittenReadsBackTheSame() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var source = SplitMix(seed: seed)
    for _ in 0..<2_000 {
      // Masks make runs of zero groups.
      let mask = [UInt64.max, 0xFFFF_0000_0000_FFFF, 0, 0xFFFF, 0x0000_FFFF_FFFF_0000]
      let six = IPAddress.v6(
        source.next() & mask[Int(source.next() % 5)], source.next() & mask[Int(source.next() % 5)])
      let four = IPAddress.v4(UInt32(truncatingIfNeeded: source.next()))
      for address in [six, four] {
        try #require(IPAddress(text: address.description) == address, "seed \(seed): \(address)")
      }
    }
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.255.0.9", true), ("::1", true), ("::ffff:127.0.0.1", true), ("128.0.0.1", false),
    ("::2", false),
    ("1::1", false),
  ])
  func loopback(_ text: String, _ expected: Bool) { #expect(IPAddress(text: text)?.isLoopback == expected) }

  @Test(arguments: [
    ("169.254.0.1", true), ("169.255.0.1", false), ("fe80::1", true), ("febf::1", true), ("fec0::1", false),
    ("::ffff:169.254.1.1", true),
  ])
  func linkLocal(_ text: String, _ expected: Bool) { #expect(IPAddress(text: text)?.isLinkLocal == expected) }

  @Test(arguments: [
    ("169.254.169.254", true), ("::ffff:169.254.169.254", true), ("100.100.100.200", true), ("192.0.0.192", true),
    ("64:ff9b::a9fe:a9fe", true), ("64:ff9b::169.254.169.254", true), ("64:ff9b:1::a9fe:a9fe", false),
    ("fd00:ec2::254", true), ("fd20:ce::254", true), ("fd00:ec2::253", false), ("169.254.169.253", false),
    ("::254", false),
  ])
  func metadata(_ text: String, _ expected: Bool) { #expect(IPAddress(text: text)?.isMetadata == expected) }
}

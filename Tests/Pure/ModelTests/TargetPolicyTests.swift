import Model
import Testing

@Suite struct TargetPolicyTests {
  @Test(arguments: [
    ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.1.2.3/8", "10.9.9.9", true),
    ("0.0.0.0/0", "255.1.2.3", true), ("1.2.3.4", "1.2.3.4", true), ("1.2.3.4", "1.2.3.5", false),
    ("1.2.3.4/31", "1.2.3.5", true),
    ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false), ("::/0", "1::", true),
    ("2001:db8::/65", "2001:db8::1", true),
    ("2001:db8::/65", "2001:db8:0:0:8000::1", false), ("2001:db8::/64", "2001:db8:0:1::", false), ("::1", "::1", true),
    ("::1/128", "::2", false), ("::/0", "1.2.3.4", false), ("0.0.0.0/0", "::1", false),
    ("::ffff:10.0.0.0/104", "10.7.7.7", true), ("::ffff:10.0.0.0/104", "11.7.7.7", false),
    ("::ffff:1.2.3.4", "1.2.3.4", true),
  ])
  func blocksContain(_ block: String, _ address: String, _ expected: Bool) throws {
    let block = try TargetPolicy.Block(text: block)
    #expect(block.contains(try #require(IPAddress(text: address))) == expected)
  }

  @Test(arguments: [
    ("10.0.0.5:8080", "10.0.0.5:8080"), ("[fd00::5]:80", "[fd00::5]:80"), ("::ffff:1.2.3.4", "1.2.3.4/32"),
    ("[::ffff:1.2.3.4]:9", "1.2.3.4:9"), ("10.0.0.0/8", "10.0.0.0/8"), ("fd00::5", "fd00::5/128"),
    ("fd00::80", "fd00::80/128"),
  ])
  func blocksReadBack(_ text: String, _ expected: String) throws {
    let block = try TargetPolicy.Block(text: text)
    #expect(block.description == expected)
    #expect(try TargetPolicy.Block(text: expected) == block)
  }

  @Test func whatNamesAPortCountsBeforeWhatNamesABlock() throws {
    let policy = TargetPolicy(
      allowed: [try .init(text: "10.0.0.0/8"), try .init(text: "127.0.0.1:9000"), try .init(text: "[fd00::1]:5432")],
      denied: [
        try .init(text: "127.0.0.0/8"), try .init(text: "10.0.0.7:8080"), try .init(text: "127.0.0.1:9000"),
        try .init(text: "[fd00::1]:5432"), try .init(text: "[fd00::1]:9092"),
      ])
    #expect(try denial("127.0.0.1", policy, port: 9000) == nil)
    #expect(try denial("127.0.0.1", policy, port: 9001) == "it is inside 127.0.0.0/8")
    #expect(try denial("10.0.0.7", policy, port: 8080) == "10.0.0.7:8080 belongs to the cluster itself")
    #expect(try denial("::ffff:10.0.0.7", policy, port: 8080) == "10.0.0.7:8080 belongs to the cluster itself")
    #expect(try denial("10.0.0.7", policy, port: 8081) == nil)
    #expect(try denial("fd00::1", policy, port: 5432) == nil)
    #expect(try denial("fd00::1", policy, port: 9092) == "[fd00::1]:9092 belongs to the cluster itself")
    #expect(try denial("fd00::1", policy, port: 80) == nil)
  }

  @Test(arguments: [
    "10.0.0.1:", "10.0.0.1:0", "10.0.0.1:65536", "10.0.0.1:+1", "10.0.0.0/8:80", "[::1]:x", "[::1]80", ":80",
    "", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/8/8", "::/129", "x/8", "localhost", "/8",
  ])
  func refusesWhatIsNoBlock(_ text: String) {
    let error = #expect(throws: ValueError.self) { try TargetPolicy.Block(text: text) }
    #expect(error?.description == "found '\(text)', expected an address or a block such as 10.0.0.0/8 or fd00::/8")
  }

  private func denial(_ address: String, _ policy: TargetPolicy = TargetPolicy(), port: UInt16 = 80) throws -> String? {
    policy.denial(of: try #require(IPAddress(text: address)), port: port)?.reason
  }

  @Test func aLocalRunDeniesLinkLocalAndMetadata() throws {
    #expect(try denial("127.0.0.1") == nil)
    #expect(try denial("10.0.0.1") == nil)
    #expect(try denial("2001:db8::1") == nil)
    #expect(try denial("169.254.10.1") == "it is a link-local address")
    #expect(try denial("fe80::1") == "it is a link-local address")
    #expect(try denial("169.254.169.254") == "it is a cloud metadata address")
    #expect(try denial("::ffff:169.254.169.254") == "it is a cloud metadata address")
    #expect(try denial("::169.254.169.254") == "it is a cloud metadata address")
    #expect(try denial("::169.254.1.1") == "it is a link-local address")
    #expect(try denial("64:ff9b::169.254.169.254") == "it is a cloud metadata address")
    #expect(try denial("::") == nil && denial("::1") == nil)
    #expect(try denial("fd00:ec2::254") == "it is a cloud metadata address")
  }

  @Test func whatIsNamedIsAllowed() throws {
    let policy = TargetPolicy(allowed: [try .init(text: "169.254.10.0/24"), try .init(text: "fe80::/10")])
    #expect(try denial("169.254.10.1", policy) == nil)
    #expect(try denial("fe80::1", policy) == nil)
    #expect(try denial("169.254.11.1", policy) == "it is a link-local address")
  }

  @Test func deniedBlocksAreNamed() throws {
    let policy = TargetPolicy(
      allowed: [try .init(text: "10.0.0.5")], denied: [try .init(text: "10.0.0.0/8"), try .init(text: "::1")])
    #expect(try denial("10.0.0.4", policy) == "it is inside 10.0.0.0/8")
    #expect(try denial("::ffff:10.0.0.4", policy) == "it is inside 10.0.0.0/8")
    #expect(try denial("::1", policy) == "it is inside ::1/128")
    #expect(try denial("10.0.0.5", policy) == nil)
    #expect(try denial("11.0.0.5", policy) == nil)
  }
}

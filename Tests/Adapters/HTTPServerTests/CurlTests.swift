import Foundation
import HTTPServer
import TestSupport
import Testing

/// curl as a client that nobody here wrote.
@Suite struct CurlTests {
  /// Runs curl and gives what it printed and its exit code.
  static func curl(_ arguments: String) throws -> (output: String, code: Int32) {
    let pipe = try #require(popen("curl -sS --max-time 20 \(arguments) 2>&1", "r"))
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, pipe)
      if count == 0 { break }
      output += buffer[..<count]
    }
    let status = pclose(pipe)
    return (String(decoding: output, as: UTF8.self), status >> 8)
  }

  @Test func getHeadAndStatus() throws {
    let live = try LiveServer()
    let url = "http://127.0.0.1:\(live.port)"
    #expect(try CurlTests.curl("\(url)/") == ("hello\n", 0))
    #expect(try CurlTests.curl("-I \(url)/").output.contains("Content-Length: 6"))
    #expect(try CurlTests.curl("-o /dev/null -w '%{http_code}' \(url)/nowhere") == ("404", 0))
    #expect(try CurlTests.curl("-o /dev/null -w '%{http_code} %{num_connects}' --next \(url)/ \(url)/").code == 0)
  }

  @Test func bodiesWithLengthInChunksAndAfter100() throws {
    let live = try LiveServer()
    let url = "http://127.0.0.1:\(live.port)/echo"
    #expect(try CurlTests.curl("-d abc \(url)") == ("abc", 0))
    #expect(try CurlTests.curl("-d abc -H 'Transfer-Encoding: chunked' \(url)") == ("abc", 0))
    #expect(try CurlTests.curl("-d abc -H 'Expect: 100-continue' --expect100-timeout 15 \(url)") == ("abc", 0))
    let large = try CurlTests.curl("-T - -o /dev/null -w '%{http_code}' \(url) < /dev/zero")
    #expect(large.output.hasPrefix("413"))
  }

  @Test func largeRepliesAndPieces() throws {
    let live = try LiveServer()
    let url = "http://127.0.0.1:\(live.port)"
    #expect(try CurlTests.curl("\(url)/pieces") == ("one,two,", 0))
    #expect(try CurlTests.curl("--http1.0 \(url)/pieces") == ("one,two,", 0))
    #expect(try CurlTests.curl("-o /dev/null -w '%{size_download}' \(url)/big") == ("5000000", 0))
    #expect(try CurlTests.curl("-o /dev/null \(url)/short").code == 18 || CurlTests.curl("\(url)/short").code == 56)
  }

  @Test func tls() throws {
    let files = try ServerTests.certificates.get()
    let live = try LiveServer(tls: Server.Certificate(chain: files.certificate, key: files.key))
    let url = "https://localhost:\(live.port)"
    #expect(try CurlTests.curl("--cacert \(files.authority) \(url)/ \(url)/") == ("hello\nhello\n", 0))
    #expect(
      try CurlTests.curl("--cacert \(files.authority) -o /dev/null -w '%{size_download}' \(url)/big").output
        == "5000000")
    #expect(try CurlTests.curl("--cacert \(files.authority) -d abc \(url)/echo") == ("abc", 0))
    #expect(try CurlTests.curl("--cacert \(files.authority) --tlsv1.2 --tls-max 1.2 \(url)/") == ("hello\n", 0))
    #expect(
      try CurlTests.curl("--cacert \(files.authority) --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0 \(url)/").code == 35)
    #expect(try CurlTests.curl("\(url)/").code == 60)
    #expect(try CurlTests.curl("http://localhost:\(live.port)/").code != 0)
  }
}

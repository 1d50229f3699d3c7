import CCurl
import Glibc
import Model
import Testing

@testable import CurlTransport

@Suite struct CurlFaultTests {
  /// Every code of libcurl, before and after the request was sent: the kind that the native engine gives for it.
  static let kinds: [(code: CURLcode, unsent: ErrorKind, sent: ErrorKind)] = [
    (CURLE_UNSUPPORTED_PROTOCOL, .connect, .malformed), (CURLE_COULDNT_RESOLVE_PROXY, .dns, .dns),
    (CURLE_COULDNT_RESOLVE_HOST, .dns, .dns), (CURLE_COULDNT_CONNECT, .connect, .connect),
    (CURLE_WEIRD_SERVER_REPLY, .connect, .malformed), (CURLE_HTTP2, .malformed, .malformed),
    (CURLE_PARTIAL_FILE, .connect, .reset), (CURLE_WRITE_ERROR, .connect, .malformed),
    (CURLE_OUT_OF_MEMORY, .descriptors, .malformed), (CURLE_OPERATION_TIMEDOUT, .connectTimeout, .timeout),
    (CURLE_SSL_CONNECT_ERROR, .tls, .tls), (CURLE_TOO_MANY_REDIRECTS, .connect, .malformed),
    (CURLE_GOT_NOTHING, .connect, .reset), (CURLE_SSL_ENGINE_NOTFOUND, .tls, .tls),
    (CURLE_SSL_ENGINE_SETFAILED, .tls, .tls), (CURLE_SEND_ERROR, .connect, .reset),
    (CURLE_RECV_ERROR, .connect, .reset), (CURLE_SSL_CERTPROBLEM, .tls, .tls), (CURLE_SSL_CIPHER, .tls, .tls),
    (CURLE_PEER_FAILED_VERIFICATION, .tls, .tls), (CURLE_BAD_CONTENT_ENCODING, .connect, .malformed),
    (CURLE_FILESIZE_EXCEEDED, .connect, .malformed), (CURLE_USE_SSL_FAILED, .tls, .tls),
    (CURLE_SSL_ENGINE_INITFAILED, .tls, .tls), (CURLE_SSL_CACERT_BADFILE, .tls, .tls),
    (CURLE_SSL_SHUTDOWN_FAILED, .tls, .tls), (CURLE_SSL_CRL_BADFILE, .tls, .tls), (CURLE_SSL_ISSUER_ERROR, .tls, .tls),
    (CURLE_SSL_PINNEDPUBKEYNOTMATCH, .tls, .tls), (CURLE_SSL_INVALIDCERTSTATUS, .tls, .tls),
    (CURLE_HTTP2_STREAM, .connect, .reset), (CURLE_PROXY, .connect, .connect), (CURLE_SSL_CLIENTCERT, .tls, .tls),
    (CURLE_INTERFACE_FAILED, .connect, .connect),
  ]

  @Test func aLineWithoutEndIsNoLackOfMemory() {
    var fault = CurlFault(code: CURLE_OUT_OF_MEMORY, wasSent: true, text: "Out of memory")
    #expect(fault.cause == "a line of the reply's head is too long")
    fault.wasSent = false
    #expect(fault.cause == "Out of memory")
  }

  @Test func everyCodeHasTheNativeEnginesKind() {
    for each in Self.kinds {
      #expect(CurlFault(code: each.code, wasSent: false).kind == each.unsent, "\(each.code)")
      #expect(CurlFault(code: each.code, wasSent: true).kind == each.sent, "\(each.code)")
    }
    // Codes of other protocols, and of later versions: something, and never a crash.
    for number in UInt32(1)...150 {
      let code = CURLcode(number)
      #expect(!CurlFault(code: code, wasSent: true).cause.isEmpty)
      if Self.kinds.contains(where: { $0.code == code }) { continue }
      #expect(CurlFault(code: code, wasSent: false).kind == .connect, "\(number)")
      #expect(CurlFault(code: code, wasSent: true).kind == .malformed, "\(number)")
    }
  }

  @Test(arguments: [
    (EADDRNOTAVAIL, ErrorKind.ports), (EMFILE, .descriptors), (ENFILE, .descriptors), (ENOBUFS, .descriptors),
    (ENOMEM, .descriptors), (ETIMEDOUT, .connectTimeout), (ECONNREFUSED, .connect), (ENETUNREACH, .connect),
  ]) func theKernelsWordTellsWhoseFaultItIs(number: Int32, kind: ErrorKind) {
    var fault = CurlFault(code: CURLE_COULDNT_CONNECT, wasSent: false)
    fault.systemError = number
    #expect(fault.kind == kind)
    fault.wasDenied = true
    #expect(fault.kind == .denied)
  }

  @Test(arguments: [
    ("OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0", ErrorKind.tls),
    ("OpenSSL SSL_read: error:0A000126:SSL routines::unexpected eof while reading, errno 0", .reset),
    ("OpenSSL SSL_read: Connection reset by peer, errno 104", .reset),
    ("Recv failure: Connection reset by peer", .reset),
    ("Malformed encoding found in chunked-encoding", .malformed), ("", .reset),
  ]) func oneCodeForThreeThings(text: String, kind: ErrorKind) {
    var fault = CurlFault(code: CURLE_RECV_ERROR, wasSent: true)
    fault.text = text
    #expect(fault.kind == kind)
  }

  @Test func whatWasEndedFromThisSide() {
    var fault = CurlFault(code: CURLE_ABORTED_BY_CALLBACK, wasSent: false)
    for (ending, kind) in [
      (Exchange.Ending.late, ErrorKind.neverSent), (.lost, .reset), (.head(.longHead), .malformed),
      (.head(.longLine), .malformed),
      (.head(.manyLines), .malformed), (.head(.manyHeads), .malformed), (.head(.length), .malformed),
      (.head(.upgrade), .malformed),
    ] {
      fault.ending = ending
      #expect(fault.kind == kind && !fault.cause.isEmpty)
    }
    fault.ending = .late
    fault.wasSent = true
    #expect(fault.kind == .cutOff)
    // A connection that broke is told from framing that did.
    var broken = CurlFault(code: CURLE_HTTP2, wasSent: true)
    broken.systemError = ECONNRESET
    #expect(broken.kind == .reset)
  }
}

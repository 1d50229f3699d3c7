import CCurl
import Engine
import EventLoop
import Glibc
import Model

// What is said of an exchange that has ended.
extension CurlTransport {
  /// libcurl is done with an exchange.
  func finish(_ exchange: UnsafeMutablePointer<Exchange>, _ code: CURLcode) {
    let handle = exchange.pointee.handle
    let now = MonotonicClock.now().nanoseconds
    var event = TransportEvent(slot: exchange.pointee.slot, kind: .answered)
    // What came last in this very call of libcurl was the end: what it did since for others is not the reply's time.
    event.end = code == CURLE_OK && exchange.pointee.last >= callBegan ? exchange.pointee.last : now
    event.sent = exchange.pointee.sent
    event.firstByte = exchange.pointee.firstByte
    event.status = UInt16(clamping: stampede_curl_answer(handle, CURLINFO_RESPONSE_CODE))
    event.isHTTP2 = stampede_curl_answer(handle, CURLINFO_HTTP_VERSION) == Int(CURL_HTTP_VERSION_2_0)
    event.bytesIn =
      UInt64(clamping: stampede_curl_answer(handle, CURLINFO_HEADER_SIZE))
      &+ UInt64(clamping: stampede_curl_time(handle, CURLINFO_SIZE_DOWNLOAD_T))
    event.bytesOut =
      UInt64(clamping: stampede_curl_answer(handle, CURLINFO_REQUEST_SIZE))
      &+ UInt64(clamping: stampede_curl_time(handle, CURLINFO_SIZE_UPLOAD_T))
    if code != CURLE_OK {
      var fault = CurlFault(code: code, wasSent: exchange.pointee.sent != 0)
      fault.systemError = exchange.pointee.systemError
      if fault.systemError == 0 {
        fault.systemError = Int32(clamping: stampede_curl_answer(handle, CURLINFO_OS_ERRNO))
      }
      fault.text = exchange.pointee.denial ?? String(cString: exchange.pointee.errorText)
      if code == CURLE_COULDNT_CONNECT, let path = settings.options.transport.unixSocket {
        // libcurl names the URL's host and port, which nobody connects to.
        fault.text = "\(path): \(SystemError.text(of: fault.systemError))"
      }
      fault.wasDenied = exchange.pointee.denial != nil
      fault.ending = exchange.pointee.ending
      event.kind = .failed(fault.kind)
      exchange.pointee.cause = fault.cause
    } else if event.sent == 0 || event.firstByte == 0 {
      event.kind = .failed(.malformed)
      exchange.pointee.cause = "libcurl saw a reply to a request that was not sent"
    } else if !exchange.pointee.watch.isDone {
      event.kind = .failed(.reset)
      exchange.pointee.cause = "the connection ended within the head of the reply"
    }
    add(event, exchange)
  }

  /// An exchange that libcurl was never given.
  func fail(_ exchange: UnsafeMutablePointer<Exchange>, _ kind: ErrorKind, _ cause: String) {
    exchange.pointee.cause = cause
    var event = TransportEvent(slot: exchange.pointee.slot, kind: .failed(kind))
    event.end = MonotonicClock.now().nanoseconds
    add(event, exchange)
  }
}

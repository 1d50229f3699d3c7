#pragma once
#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo take what they take by the option: Swift calls no variadic function, so each
// type that is used has a function of its own.
typedef size_t (*stampede_curl_data)(char *, size_t, size_t, void *);
typedef int (*stampede_curl_progress)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

static inline CURLcode stampede_curl_number(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode stampede_curl_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode stampede_curl_size(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}
// Bytes that must stay where they are until the transfer is over.
static inline CURLcode stampede_curl_bytes(CURL *handle, CURLoption option, const void *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode stampede_curl_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode stampede_curl_on_data(
    CURL *handle, CURLoption function, CURLoption data, stampede_curl_data call, void *context) {
  CURLcode code = curl_easy_setopt(handle, function, call);
  return code ? code : curl_easy_setopt(handle, data, context);
}
static inline CURLcode stampede_curl_on_progress(CURL *handle, stampede_curl_progress call, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, call);
  return code ? code : curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
}
static inline long stampede_curl_answer(CURL *handle, CURLINFO what) {
  long value = 0;
  return curl_easy_getinfo(handle, what, &value) == CURLE_OK ? value : 0;
}
static inline curl_off_t stampede_curl_time(CURL *handle, CURLINFO what) {
  curl_off_t value = 0;
  return curl_easy_getinfo(handle, what, &value) == CURLE_OK ? value : 0;
}
typedef curl_socket_t (*stampede_curl_open)(void *, curlsocktype, struct curl_sockaddr *);
typedef int (*stampede_curl_close)(void *, curl_socket_t);
typedef int (*stampede_curl_ready)(void *, char *, char *, int, int);

static inline CURLcode stampede_curl_on_open(CURL *handle, stampede_curl_open call, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, call);
  return code ? code : curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
}
static inline CURLcode stampede_curl_on_close(CURL *handle, stampede_curl_close call, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, call);
  return code ? code : curl_easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, context);
}
// Called when a connection is ready, just before the request is written.
static inline CURLcode stampede_curl_on_ready(CURL *handle, stampede_curl_ready call, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, call);
  return code ? code : curl_easy_setopt(handle, CURLOPT_PREREQDATA, context);
}
static inline CURLcode stampede_curl_remember(CURL *handle, void *context) {
  return curl_easy_setopt(handle, CURLOPT_PRIVATE, context);
}
static inline void *stampede_curl_remembered(CURL *handle) {
  char *context = 0;
  return curl_easy_getinfo(handle, CURLINFO_PRIVATE, &context) == CURLE_OK ? context : 0;
}
static inline CURLcode stampede_curl_error_text(CURL *handle, char *buffer) {
  return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}
// The address that follows the fixed part; as long as addrlen says.
static inline const struct sockaddr *stampede_curl_address(const struct curl_sockaddr *address) {
  return &address->addr;
}
static inline CURLMcode stampede_multi_number(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}
// Null calls nobody any more.
static inline CURLMcode stampede_multi_on_socket(CURLM *multi, curl_socket_callback call, void *context) {
  CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, call);
  return code ? code : curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
}
static inline CURLMcode stampede_multi_on_timer(CURLM *multi, curl_multi_timer_callback call, void *context) {
  CURLMcode code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, call);
  return code ? code : curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}
static inline CURLcode stampede_multi_result(const CURLMsg *message) { return message->data.result; }
static inline CURLcode stampede_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

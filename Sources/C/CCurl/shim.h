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
static inline CURLcode stampede_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

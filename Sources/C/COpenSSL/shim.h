#pragma once
// What Swift can't see of OpenSSL 3: its function-like macros.
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static inline long stampede_ssl_ctx_set_min_version(SSL_CTX *ctx, int version) {
  return SSL_CTX_set_min_proto_version(ctx, version);
}
static inline long stampede_ssl_ctx_set_mode(SSL_CTX *ctx, long mode) { return SSL_CTX_set_mode(ctx, mode); }
static inline uint64_t stampede_ssl_ctx_set_options(SSL_CTX *ctx, uint64_t options) {
  return SSL_CTX_set_options(ctx, options);
}
static inline long stampede_ssl_set_host_name(SSL *ssl, const char *name) {
  return SSL_set_tlsext_host_name(ssl, name);
}
static inline long stampede_ssl_ctx_session_cache_mode(SSL_CTX *ctx, long mode) {
  return SSL_CTX_set_session_cache_mode(ctx, mode);
}
// PARTIAL_WRITE | MOVING_WRITE_BUFFER | RELEASE_BUFFERS: non-blocking writes from one shared buffer, little memory
// while idle.
static inline long stampede_ssl_loop_mode(void) {
  return SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS;
}
static inline void stampede_ssl_keep_buffers(SSL *ssl) { SSL_clear_mode(ssl, SSL_MODE_RELEASE_BUFFERS); }
static inline uint64_t stampede_ssl_no_ticket(void) { return SSL_OP_NO_TICKET; }
static inline uint64_t stampede_ssl_no_renegotiation(void) { return SSL_OP_NO_RENEGOTIATION; }
static inline long stampede_ssl_ctx_set_read_ahead(SSL_CTX *ctx, int on) {
  return SSL_CTX_set_read_ahead(ctx, on);
}
// The reason within an entry of the error queue: SSL_R_…, or 0 for another library's.
static inline int stampede_ssl_reason(unsigned long code) {
  return ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
}

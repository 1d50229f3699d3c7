/* A target that costs less than any tool that asks it: one epoll loop, one fixed reply, plain or by TLS 1.3. Against it
 * a tool is busy all the time and is never kept waiting, so what its requests cost depends on nobody else.
 *
 * usage: light-target CERTIFICATE KEY      prints "ports PLAIN TLS", answers until it is ended
 *
 * A request for /count is answered with the number of replies to others; every other path has the reply that nginx
 * gives to the benchmark's small request, byte for byte but for its date.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

struct connection {
  int descriptor;
  SSL *session; /* NULL: plain */
};

static const char reply[] =
    "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sat, 21 Nov 2026 12:00:00 GMT\r\nContent-Type: text/plain\r\n"
    "Content-Length: 3\r\nConnection: keep-alive\r\n\r\nok\n";
static unsigned long replies;
static int poller;
static SSL_CTX *context;
static char buffer[1 << 16];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void watch(int descriptor, void *owner) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = owner};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
}

static struct connection *listen_somewhere(int *port) {
  struct connection *listener = calloc(1, sizeof *listener);
  listener->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(listener->descriptor, (struct sockaddr *)&address, sizeof address) != 0 ||
      listen(listener->descriptor, 4096) != 0 ||
      getsockname(listener->descriptor, (struct sockaddr *)&address, &length) != 0)
    fail("listen");
  *port = ntohs(address.sin_port);
  watch(listener->descriptor, listener);
  return listener;
}

static void take_all(int listener, int is_secure) {
  int accepted, one = 1;
  while ((accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct connection *new = calloc(1, sizeof *new);
    new->descriptor = accepted;
    if (is_secure) {
      new->session = SSL_new(context);
      SSL_set_fd(new->session, accepted);
      SSL_set_accept_state(new->session);
    }
    watch(accepted, new);
  }
}

static void end(struct connection *one) {
  if (one->session) SSL_free(one->session);
  close(one->descriptor);
  free(one);
}

/* Reads until nothing is there, as an edge is told only once; a request comes in one piece or its end does. */
static void answer(struct connection *one) {
  long room = sizeof buffer, got;
  do {
    if (one->session) {
      got = SSL_read(one->session, buffer, (int)room);
      int cause = got > 0 ? SSL_ERROR_NONE : SSL_get_error(one->session, (int)got);
      if (cause == SSL_ERROR_WANT_READ || cause == SSL_ERROR_WANT_WRITE) return;
    } else {
      got = recv(one->descriptor, buffer, (size_t)room, 0);
      if (got < 0 && errno == EAGAIN) return;
    }
    if (got <= 0) return end(one);
    if (got < 4 || memcmp(buffer + got - 4, "\r\n\r\n", 4) != 0) continue;
    const char *text = reply;
    size_t length = sizeof reply - 1;
    char counted[128];
    if (got > 11 && memcmp(buffer, "GET /count ", 11) == 0) {
      char body[32];
      int digits = snprintf(body, sizeof body, "%lu", replies);
      const char *form = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s";
      length = (size_t)snprintf(counted, sizeof counted, form, digits, body);
      text = counted;
    } else {
      replies++;
    }
    long sent = one->session ? SSL_write(one->session, text, (int)length)
                             : send(one->descriptor, text, length, MSG_NOSIGNAL);
    if (sent < 0) return end(one);
  } while (got == room || (one->session && SSL_has_pending(one->session)));
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: light-target CERTIFICATE KEY\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_read_ahead(context, 1);
  if (SSL_CTX_use_certificate_chain_file(context, arguments[1]) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, arguments[2], SSL_FILETYPE_PEM) != 1) {
    fprintf(stderr, "%s or %s can't be used\n", arguments[1], arguments[2]);
    return 1;
  }
  poller = epoll_create1(0);
  int plain_port, secure_port;
  struct connection *plain = listen_somewhere(&plain_port), *secure = listen_somewhere(&secure_port);
  printf("ports %d %d\n", plain_port, secure_port);
  fflush(stdout);
  struct epoll_event events[512];
  for (;;) {
    int ready = epoll_wait(poller, events, 512, -1);
    for (int i = 0; i < ready; i++) {
      struct connection *one = events[i].data.ptr;
      if (one == plain || one == secure) {
        take_all(one->descriptor, one == secure);
      } else {
        answer(one);
      }
    }
  }
}

/* The least a load generator can cost: one epoll loop, N keep-alive connections, one fixed request, replies counted
 * by their length and neither parsed nor timed, plain or by OpenSSL. What a tool needs beyond this is its own.
 *
 * usage: bare-loop PORT CONNECTIONS SECONDS PATH [tls]        prints the replies it has read
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

struct connection {
  int descriptor;
  SSL *session; /* NULL: plain */
  long missing; /* bytes of the reply that have not come yet */
};

static char request[1024];
static size_t request_length;
static char buffer[1 << 16];
static SSL_CTX *context; /* NULL: plain */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void dial(struct connection *one, int port) {
  one->descriptor = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (one->descriptor < 0) fail("socket");
  if (connect(one->descriptor, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
  int on = 1;
  setsockopt(one->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (!context) return;
  one->session = SSL_new(context);
  SSL_set_fd(one->session, one->descriptor);
  if (SSL_connect(one->session) != 1) fail("handshake");
}

static void ask(struct connection *one) {
  long sent = one->session ? SSL_write(one->session, request, (int)request_length)
                           : send(one->descriptor, request, request_length, MSG_NOSIGNAL);
  if (sent < 0) fail("send");
}

/* What is there, 0 where nothing is; waits where the descriptor does. */
static long take(struct connection *one, char *bytes, size_t room, int flags) {
  if (one->session) {
    long got = SSL_read(one->session, bytes, (int)room);
    if (got > 0) return got;
    if (SSL_get_error(one->session, (int)got) != SSL_ERROR_WANT_READ) fail("read");
    return 0;
  }
  long got = recv(one->descriptor, bytes, room, flags);
  if (got > 0) return got;
  if (got == 0 || errno != EAGAIN) fail("recv");
  return 0;
}

/* The length of a whole reply, from one that is read to its end by its Content-Length. */
static long learn_length(int port) {
  struct connection one = {0};
  dial(&one, port);
  long got = 0, whole = -1;
  static char reply[1 << 20];
  ask(&one);
  while (whole < 0 || got < whole) {
    got += take(&one, reply + got, sizeof reply - 1 - (size_t)got, 0);
    reply[got] = 0;
    char *end = strstr(reply, "\r\n\r\n"), *length = strcasestr(reply, "content-length:");
    if (whole < 0 && end && length) whole = end + 4 - reply + atol(length + 15);
  }
  if (one.session) SSL_free(one.session);
  close(one.descriptor);
  return whole;
}

int main(int count, char **arguments) {
  if (count != 5 && (count != 6 || strcmp(arguments[5], "tls") != 0)) {
    fprintf(stderr, "usage: bare-loop PORT CONNECTIONS SECONDS PATH [tls]\n");
    return 2;
  }
  if (count == 6) {
    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_read_ahead(context, 1);
  }
  int port = atoi(arguments[1]), connections = atoi(arguments[2]);
  double seconds = atof(arguments[3]);
  request_length = (size_t)snprintf(
      request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", arguments[4], port);
  long whole = learn_length(port);
  int poller = epoll_create1(0);
  struct connection *all = calloc((size_t)connections, sizeof *all);
  for (int i = 0; i < connections; i++) {
    dial(&all[i], port);
    fcntl(all[i].descriptor, F_SETFL, O_NONBLOCK);
    all[i].missing = whole;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, all[i].descriptor, &event) != 0) fail("epoll_ctl");
    ask(&all[i]);
  }
  double begin = now(), end = begin + seconds;
  long replies = 0;
  struct epoll_event events[256];
  while (now() < end) {
    int ready = epoll_wait(poller, events, 256, 100);
    for (int i = 0; i < ready; i++) {
      struct connection *one = events[i].data.ptr;
      int flags = one->missing > 4096 ? MSG_TRUNC : 0;
      long got;
      do one->missing -= got = take(one, buffer, sizeof buffer, flags);
      while (got > 0 && one->missing > 0 && one->session && SSL_has_pending(one->session));
      if (one->missing > 0) continue;
      replies++;
      one->missing = whole;
      ask(one);
    }
  }
  printf("%ld replies in %.3f s\n", replies, now() - begin);
  return 0;
}

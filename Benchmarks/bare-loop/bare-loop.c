/* The least a load generator can cost: one epoll loop, N keep-alive connections, one fixed request, replies counted
 * by their length and neither parsed nor timed. What a tool needs beyond this is its own.
 *
 * usage: bare-loop PORT CONNECTIONS SECONDS PATH        prints the replies it has read
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

struct connection {
  int descriptor;
  long missing; /* bytes of the reply that have not come yet */
};

static char request[1024];
static size_t request_length;
static char buffer[1 << 16];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int dial(int port) {
  int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
  int one = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return descriptor;
}

/* The length of a whole reply, from one that is read to its end by its Content-Length. */
static long learn_length(int port) {
  int descriptor = dial(port);
  long got = 0, whole = -1;
  static char reply[1 << 20];
  if (send(descriptor, request, request_length, MSG_NOSIGNAL) < 0) fail("send");
  while (whole < 0 || got < whole) {
    long count = recv(descriptor, reply + got, sizeof reply - 1 - (size_t)got, 0);
    if (count <= 0) fail("recv");
    got += count;
    reply[got] = 0;
    char *end = strstr(reply, "\r\n\r\n"), *length = strcasestr(reply, "content-length:");
    if (whole < 0 && end && length) whole = end + 4 - reply + atol(length + 15);
  }
  close(descriptor);
  return whole;
}

int main(int count, char **arguments) {
  if (count != 5) {
    fprintf(stderr, "usage: bare-loop PORT CONNECTIONS SECONDS PATH\n");
    return 2;
  }
  int port = atoi(arguments[1]), connections = atoi(arguments[2]);
  double seconds = atof(arguments[3]);
  request_length = (size_t)snprintf(
      request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", arguments[4], port);
  long whole = learn_length(port);
  int poller = epoll_create1(0);
  struct connection *all = calloc((size_t)connections, sizeof *all);
  for (int i = 0; i < connections; i++) {
    all[i].descriptor = dial(port);
    all[i].missing = whole;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, all[i].descriptor, &event) != 0) fail("epoll_ctl");
    if (send(all[i].descriptor, request, request_length, MSG_NOSIGNAL) < 0) fail("send");
  }
  double begin = now(), end = begin + seconds;
  long replies = 0;
  struct epoll_event events[256];
  while (now() < end) {
    int ready = epoll_wait(poller, events, 256, 100);
    for (int i = 0; i < ready; i++) {
      struct connection *one = events[i].data.ptr;
      int flags = one->missing > 4096 ? MSG_TRUNC : 0;
      long got = recv(one->descriptor, buffer, sizeof buffer, flags | MSG_DONTWAIT);
      if (got <= 0) {
        if (got < 0 && errno == EAGAIN) continue;
        fail("recv");
      }
      one->missing -= got;
      if (one->missing > 0) continue;
      replies++;
      one->missing = whole;
      if (send(one->descriptor, request, request_length, MSG_NOSIGNAL) < 0) fail("send");
    }
  }
  printf("%ld replies in %.3f s\n", replies, now() - begin);
  return 0;
}

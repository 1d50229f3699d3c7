/* A target that stamps when requests arrive and compares that with an even grid: how exactly a tool keeps its rate,
 * seen from the other side and for every tool in the same way.
 *
 * usage: grid-target RATE SKIP-SECONDS      prints "port N", answers until TERM, then prints one JSON line
 *
 * The grid's origin is the median of (arrival i − i / rate), so that neither a tool's start nor its first request
 * matters; the deviation is the distance of each arrival from its own point. Requests that were never sent shift all
 * that follow.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define MOST (1 << 22)
#define DESCRIPTORS 65536

static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";
static double arrivals[MOST], offsets[MOST];
static unsigned char matched[DESCRIPTORS]; /* bytes of the blank line seen so far at the end of what was read */
static long total;
static volatile sig_atomic_t ended;

static void stop(int number) {
  (void)number;
  ended = 1;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double at(const double *sorted, long count, double share) {
  long index = (long)ceil(share * (double)count) - 1;
  return sorted[index < 0 ? 0 : index];
}

static void report(double rate, double skip) {
  long first = 0;
  while (first < total && arrivals[first] < arrivals[0] + skip) first++;
  long count = total - first;
  if (count < 2) {
    printf("{\"requests\": %ld}\n", total);
    return;
  }
  for (long i = 0; i < count; i++) offsets[i] = arrivals[first + i] - (double)i / rate;
  qsort(offsets, (size_t)count, sizeof *offsets, ascending);
  double origin = at(offsets, count, 0.5);
  for (long i = 0; i < count; i++) offsets[i] = fabs(offsets[i] - origin);
  qsort(offsets, (size_t)count, sizeof *offsets, ascending);
  printf(
      "{\"requests\": %ld, \"counted\": %ld, \"rate\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f}\n",
      total, count, (double)(count - 1) / (arrivals[total - 1] - arrivals[first]), 1e6 * at(offsets, count, 0.5),
      1e6 * at(offsets, count, 0.99), 1e6 * offsets[count - 1]);
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: grid-target RATE SKIP-SECONDS\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  struct sigaction action = {.sa_handler = stop};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  prctl(PR_SET_TIMERSLACK, 1UL);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poller = epoll_create1(0);
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4096) != 0 ||
      getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
    perror("listen");
    return 1;
  }
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  struct epoll_event events[256], event = {.events = EPOLLIN, .data.fd = listener};
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  static char buffer[1 << 16];
  while (!ended) {
    int ready = epoll_wait(poller, events, 256, 200);
    for (int i = 0; i < ready; i++) {
      int descriptor = events[i].data.fd;
      if (descriptor == listener) {
        int accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (accepted < 0) continue;
        if (accepted >= DESCRIPTORS) {
          close(accepted);
          continue;
        }
        int one = 1;
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        matched[accepted] = 0;
        event.data.fd = accepted;
        epoll_ctl(poller, EPOLL_CTL_ADD, accepted, &event);
        continue;
      }
      long got = recv(descriptor, buffer, sizeof buffer, 0);
      if (got <= 0) {
        if (got < 0 && errno == EAGAIN) continue;
        close(descriptor);
        continue;
      }
      double stamp = now();
      for (long j = 0; j < got; j++) {
        unsigned char wanted = matched[descriptor] % 2 ? '\n' : '\r';
        matched[descriptor] = buffer[j] == wanted ? matched[descriptor] + 1 : buffer[j] == '\r';
        if (matched[descriptor] < 4) continue;
        matched[descriptor] = 0;
        if (total < MOST) arrivals[total++] = stamp;
        if (send(descriptor, reply, sizeof reply - 1, MSG_NOSIGNAL) < 0) break;
      }
    }
  }
  report(atof(arguments[1]), atof(arguments[2]));
  return 0;
}

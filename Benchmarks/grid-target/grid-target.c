/* A target that stamps when requests arrive and compares that with an even grid: how exactly a tool keeps its rate,
 * seen from the other side and for every tool in the same way.
 *
 * usage: grid-target RATE SKIP-SECONDS      prints "port N", answers until TERM, then prints one JSON line
 *
 * The grid's origin is the median of (arrival i − i / rate), so that neither a tool's start nor its first request
 * matters; the deviation is the distance of each arrival from its own point. Requests that were never sent shift all
 * that follow.
 *
 * An arrival's stamp is the kernel's, of the packet, taken before this process is woken: how long that takes is this
 * machine's matter and no tool's. "read_p99_us" is the same by the clock after the read, for comparison. Where the
 * kernel gave no stamp (its first packets), that clock is used, and "unstamped" says how often.
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
static double arrivals[MOST], reads[MOST], offsets[MOST];
static long unstamped;
static unsigned char matched[DESCRIPTORS]; /* bytes of the blank line seen so far at the end of what was read */
static long total;
static volatile sig_atomic_t ended;

static void stop(int number) {
  (void)number;
  ended = 1;
}

static double seconds(struct timespec t) { return (double)t.tv_sec + (double)t.tv_nsec / 1e9; }

/* The wall clock, for that is what the kernel stamps with. Seconds since this process began, lest digits be lost. */
static struct timespec began;

static double since(struct timespec t) {
  t.tv_sec -= began.tv_sec;
  return seconds(t);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return since(t);
}

/* How far the wall clock is ahead of the steady one: changes only when it is set. */
static double ahead(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return now() - seconds(t);
}

/* Reads what is there, and when it came. */
static long receive(int descriptor, char *buffer, size_t room, double *stamp, double *read) {
  char control[256];
  struct iovec part = {buffer, room};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  long got = recvmsg(descriptor, &message, 0);
  *stamp = *read = now();
  if (got <= 0) return got;
  for (struct cmsghdr *m = CMSG_FIRSTHDR(&message); m; m = CMSG_NXTHDR(&message, m)) {
    if (m->cmsg_level != SOL_SOCKET || m->cmsg_type != SO_TIMESTAMPNS) continue;
    struct timespec packet;
    memcpy(&packet, CMSG_DATA(m), sizeof packet);
    *stamp = since(packet);
    return got;
  }
  unstamped++;
  return got;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double at(const double *sorted, long count, double share) {
  long index = (long)ceil(share * (double)count) - 1;
  return sorted[index < 0 ? 0 : index];
}

/* Fills `offsets` with the sorted distances of so many stamps from the even grid. */
static void compare(double *stamps, long count, double rate) {
  /* Packets of two connections may have been read in another order than they came. */
  qsort(stamps, (size_t)count, sizeof *stamps, ascending);
  for (long i = 0; i < count; i++) offsets[i] = stamps[i] - (double)i / rate;
  qsort(offsets, (size_t)count, sizeof *offsets, ascending);
  double origin = at(offsets, count, 0.5);
  for (long i = 0; i < count; i++) offsets[i] = fabs(offsets[i] - origin);
  qsort(offsets, (size_t)count, sizeof *offsets, ascending);
}

static void report(double rate, double skip) {
  long first = 0;
  while (first < total && arrivals[first] < arrivals[0] + skip) first++;
  long count = total - first;
  if (count < 2) {
    printf("{\"requests\": %ld}\n", total);
    return;
  }
  compare(reads + first, count, rate);
  double read = at(offsets, count, 0.99);
  compare(arrivals + first, count, rate);
  printf(
      "{\"requests\": %ld, \"counted\": %ld, \"unstamped\": %ld, \"rate\": %.1f, \"p50_us\": %.1f, "
      "\"p99_us\": %.1f, \"max_us\": %.1f, \"read_p99_us\": %.1f}\n",
      total, count, unstamped, (double)(count - 1) / (arrivals[total - 1] - arrivals[first]),
      1e6 * at(offsets, count, 0.5), 1e6 * at(offsets, count, 0.99), 1e6 * offsets[count - 1], 1e6 * read);
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
  clock_gettime(CLOCK_REALTIME, &began);
  double first_ahead = ahead();
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poller = epoll_create1(0);
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  int on = 1;
  /* Already here, so that the kernel has begun to stamp when the first request comes. */
  setsockopt(listener, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
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
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(accepted, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
        matched[accepted] = 0;
        event.data.fd = accepted;
        epoll_ctl(poller, EPOLL_CTL_ADD, accepted, &event);
        continue;
      }
      double stamp, read;
      long got = receive(descriptor, buffer, sizeof buffer, &stamp, &read);
      if (got <= 0) {
        if (got < 0 && errno == EAGAIN) continue;
        close(descriptor);
        continue;
      }
      for (long j = 0; j < got; j++) {
        unsigned char wanted = matched[descriptor] % 2 ? '\n' : '\r';
        matched[descriptor] = buffer[j] == wanted ? matched[descriptor] + 1 : buffer[j] == '\r';
        if (matched[descriptor] < 4) continue;
        matched[descriptor] = 0;
        if (total < MOST) {
          arrivals[total] = stamp;
          reads[total++] = read;
        }
        if (send(descriptor, reply, sizeof reply - 1, MSG_NOSIGNAL) < 0) break;
      }
    }
  }
  if (fabs(ahead() - first_ahead) > 1e-4) {
    fprintf(stderr, "the wall clock was set meanwhile: these stamps are worth nothing\n");
    return 1;
  }
  report(atof(arguments[1]), atof(arguments[2]));
  return 0;
}

/* A target whose delays are known, and that notes what it really did. HTTP/1.1 with keep-alive, plain or TLS, one
 * thread, epoll. It has nothing in common with the product's code.
 *
 *   target --delays FILE --log FILE [--port N] [--spacing NS] [--stall NS] [--every NS] [--first NS] [--refuse N]
 *          [--tls CERT KEY]
 *
 * FILE holds delays in nanoseconds, 8 bytes each in this machine's order. The n-th request to arrive, on whatever
 * connection, is due
 *
 *     due(n) = max(received(n) + delay[n mod count], due(n - 1) + spacing)     (the second only where spacing > 0)
 *
 * and where that falls into a stall, at the stall's end. Stalls are [first + k * every, first + k * every + stall)
 * since the first request. With --refuse N every N-th request takes no delay: it is answered with status 503 at once,
 * due(n) = received(n). `received` is the kernel's own stamp of the packet where it gives one, so that a target
 * that is woken late does not count its delay from there.
 *
 * The first line on standard output is "port N". On SIGTERM it writes for each request three numbers of 8 bytes,
 * received, due and sent (CLOCK_MONOTONIC, ns), to the log and ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 65536, MOST_REQUESTS = 4000000, HEAD = 8192 };

/* Sleeping ends so long before what is due, and the rest is waited for with open eyes. */
static const int64_t AWAKE = 200000;
static const char REPLY[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";
static const char REFUSAL[] = "HTTP/1.1 503 Busy\r\nContent-Length: 3\r\n\r\nno\n";

struct row { int64_t received, due, sent; };
struct connection { SSL *tls; BIO *in, *out; uint32_t generation; uint32_t length; char *head; };
struct item { int64_t due; uint64_t number; int descriptor; uint32_t generation; };

static struct connection connections[MOST_CONNECTIONS];
static struct row *rows;
static struct item *heap;
static size_t heaped, requests, refused, refuse;
static int64_t *delays;
static size_t delay_count;
static int64_t spacing, stall, every, first, origin = -1, last_due = INT64_MIN / 2;
static int poller;
static SSL_CTX *tls;
static volatile sig_atomic_t ending;

static void fail(const char *what) { perror(what); exit(1); }
static void end(int number) { (void)number; ending = 1; }

static int64_t now_of(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int64_t now(void) { return now_of(CLOCK_MONOTONIC); }

static int before(const struct item *a, const struct item *b) {
  return a->due != b->due ? a->due < b->due : a->number < b->number;
}

static void push(struct item item) {
  size_t place = heaped++;
  while (place > 0 && before(&item, &heap[(place - 1) / 2])) {
    heap[place] = heap[(place - 1) / 2];
    place = (place - 1) / 2;
  }
  heap[place] = item;
}

static struct item pop(void) {
  struct item top = heap[0], last = heap[--heaped];
  size_t place = 0;
  for (;;) {
    size_t child = 2 * place + 1;
    if (child >= heaped) break;
    if (child + 1 < heaped && before(&heap[child + 1], &heap[child])) child++;
    if (before(&last, &heap[child])) break;
    heap[place] = heap[child];
    place = child;
  }
  heap[place] = last;
  return top;
}

static void leave(int descriptor) {
  struct connection *c = &connections[descriptor];
  c->generation++;
  c->length = 0;
  if (c->tls) SSL_free(c->tls);
  c->tls = NULL;
  close(descriptor);
}

/* A complete request: when it is due. */
static void take(int descriptor, int64_t received) {
  if (requests >= MOST_REQUESTS) return;
  if (origin < 0) origin = received;
  int refuses = refuse > 0 && (requests + 1) % refuse == 0;
  int64_t due = refuses ? received : received + delays[(requests - refused) % delay_count];
  refused += refuses;
  if (spacing > 0 && due < last_due + spacing) due = last_due + spacing;
  if (stall > 0) {
    int64_t since = due - origin - first;
    if (since >= 0 && since % every < stall) due += stall - since % every;
  }
  if (due > last_due) last_due = due;
  rows[requests] = (struct row){received, due, 0};
  push((struct item){due, requests, descriptor, connections[descriptor].generation});
  requests++;
}

static void flush(int descriptor) {
  struct connection *c = &connections[descriptor];
  char buffer[16384];
  int count;
  while ((count = BIO_read(c->out, buffer, sizeof buffer)) > 0)
    if (send(descriptor, buffer, count, MSG_NOSIGNAL) != count) break;
}

static void answer(struct item item) {
  struct connection *c = &connections[item.descriptor];
  if (c->generation != item.generation) return;
  rows[item.number].sent = now();
  int refuses = refuse > 0 && (item.number + 1) % refuse == 0;
  const char *reply = refuses ? REFUSAL : REPLY;
  size_t size = refuses ? sizeof REFUSAL - 1 : sizeof REPLY - 1;
  if (c->tls) {
    SSL_write(c->tls, reply, size);
    flush(item.descriptor);
  } else if (send(item.descriptor, reply, size, MSG_NOSIGNAL) < 0) {
    rows[item.number].sent = 0;
  }
}

/* Whole requests out of the bytes that came; only such without a body are understood. */
static void parse(int descriptor, const char *bytes, size_t count, int64_t received) {
  struct connection *c = &connections[descriptor];
  if (c->length + count >= HEAD) return leave(descriptor);
  memcpy(c->head + c->length, bytes, count);
  c->length += count;
  for (;;) {
    char *found = memmem(c->head, c->length, "\r\n\r\n", 4);
    if (!found) return;
    size_t used = found + 4 - c->head;
    take(descriptor, received);
    c->length -= used;
    memmove(c->head, c->head + used, c->length);
  }
}

/* Reads what is there; when it came, by the kernel's stamp of its last packet. */
static void receive(int descriptor) {
  struct connection *c = &connections[descriptor];
  char buffer[16384], control[256];
  for (;;) {
    struct iovec part = {buffer, sizeof buffer};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t count = recvmsg(descriptor, &message, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return leave(descriptor);
    int64_t received = now();
    for (struct cmsghdr *m = CMSG_FIRSTHDR(&message); m; m = CMSG_NXTHDR(&message, m)) {
      if (m->cmsg_level != SOL_SOCKET || m->cmsg_type != SO_TIMESTAMPNS) continue;
      struct timespec stamp;
      memcpy(&stamp, CMSG_DATA(m), sizeof stamp);
      int64_t age = now_of(CLOCK_REALTIME) - (stamp.tv_sec * 1000000000LL + stamp.tv_nsec);
      /* A wall clock that was set in between gives nonsense. */
      if (age > 0 && age < 1000000000LL) received -= age;
    }
    if (!c->tls) {
      parse(descriptor, buffer, count, received);
    } else {
      BIO_write(c->in, buffer, count);
      char clear[16384];
      int got;
      while ((got = SSL_read(c->tls, clear, sizeof clear)) > 0) {
        parse(descriptor, clear, got, received);
        if (!c->tls) return;
      }
      int error = SSL_get_error(c->tls, got);
      flush(descriptor);
      if (error != SSL_ERROR_WANT_READ) return leave(descriptor);
    }
    if (count < (ssize_t)sizeof buffer) return;
  }
}

static void welcome(int listener) {
  for (;;) {
    int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return;
    if (descriptor >= MOST_CONNECTIONS) { close(descriptor); continue; }
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    struct connection *c = &connections[descriptor];
    if (!c->head) c->head = malloc(HEAD);
    c->length = 0;
    if (tls) {
      c->tls = SSL_new(tls);
      c->in = BIO_new(BIO_s_mem());
      c->out = BIO_new(BIO_s_mem());
      SSL_set_bio(c->tls, c->in, c->out);
      SSL_set_accept_state(c->tls);
    }
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event);
  }
}

static void load(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  delays = malloc(sizeof *delays * MOST_REQUESTS);
  delay_count = fread(delays, sizeof *delays, MOST_REQUESTS, file);
  fclose(file);
  if (delay_count == 0) { fprintf(stderr, "%s: no delays\n", path); exit(1); }
}

int main(int count, char **words) {
  const char *log = NULL, *certificate = NULL, *key = NULL;
  int port = 0;
  for (int i = 1; i + 1 < count; i += 2) {
    const char *word = words[i], *value = words[i + 1];
    if (!strcmp(word, "--delays")) load(value);
    else if (!strcmp(word, "--log")) log = value;
    else if (!strcmp(word, "--port")) port = atoi(value);
    else if (!strcmp(word, "--spacing")) spacing = atoll(value);
    else if (!strcmp(word, "--stall")) stall = atoll(value);
    else if (!strcmp(word, "--every")) every = atoll(value);
    else if (!strcmp(word, "--first")) first = atoll(value);
    else if (!strcmp(word, "--refuse")) refuse = atoll(value);
    else if (!strcmp(word, "--tls") && i + 2 < count) { certificate = value; key = words[++i + 1]; }
    else { fprintf(stderr, "target: %s?\n", word); return 2; }
  }
  if (!log || !delays || (stall > 0 && every <= stall)) { fprintf(stderr, "target: see the source\n"); return 2; }
  rows = mmap(NULL, sizeof *rows * MOST_REQUESTS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  heap = mmap(NULL, sizeof *heap * MOST_REQUESTS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (rows == MAP_FAILED || heap == MAP_FAILED) fail("mmap");
  if (certificate) {
    tls = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(tls, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1) {
      ERR_print_errors_fp(stderr);
      return 1;
    }
  }
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  prctl(PR_SET_TIMERSLACK, 1);
  struct sigaction action = {.sa_handler = end};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(listener, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 65535)) fail("listen");
  socklen_t length = sizeof address;
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  poller = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  while (!ending) {
    int64_t wait = heaped ? heap[0].due - now() - AWAKE : 500000000;
    if (wait < 0) wait = 0;
    struct timespec span = {wait / 1000000000, wait % 1000000000};
    int ready = epoll_pwait2(poller, events, 256, &span, NULL);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd == listener) welcome(listener);
      else receive(events[i].data.fd);
    }
    while (heaped && heap[0].due <= now()) answer(pop());
  }
  FILE *file = fopen(log, "wb");
  if (!file || fwrite(rows, sizeof *rows, requests, file) != requests || fclose(file)) fail(log);
  return 0;
}

/* How late this machine wakes somebody who has nothing else to do: the reason for wrong figures which is neither the
 * target's nor the tool's. On each CPU a thread sleeps until the next half millisecond, and notes when it woke.
 *
 * On SIGTERM it prints the lateness in ns of the CPU that was worst, at p50, p90, p95, p99 and p99.9, and ends.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { BINS = 20000, MOST_CPUS = 64, PERCENTS = 5 };

static const int64_t STEP = 500000, BIN = 1000;
static const double percents[PERCENTS] = {50, 90, 95, 99, 99.9};
/* Of each CPU how often it was late by so many µs, the last one for all that is later. */
static uint32_t late[MOST_CPUS][BINS];

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void *watch(void *own) {
  uint32_t *bins = own;
  prctl(PR_SET_TIMERSLACK, 1);
  for (int64_t due = now() + STEP;; due += STEP) {
    struct timespec until = {due / 1000000000, due % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0) continue;
    int64_t bin = (now() - due) / BIN;
    bins[bin < BINS - 1 ? bin : BINS - 1]++;
  }
  return NULL;
}

static int64_t percentile(const uint32_t *bins, double percent) {
  double total = 0, below = 0;
  for (int i = 0; i < BINS; i++) total += bins[i];
  for (int i = 0; i < BINS; i++) {
    below += bins[i];
    if (total > 0 && below >= total * percent / 100) return (i + 1) * BIN;
  }
  return 0;
}

int main(void) {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  sigprocmask(SIG_BLOCK, &ending, NULL);
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) { perror("sched_getaffinity"); return 1; }
  int watched = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && watched < MOST_CPUS; cpu++) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setaffinity_np(&attributes, sizeof one, &one);
    if (pthread_create(&thread, &attributes, watch, late[watched++]) != 0) { perror("pthread_create"); return 1; }
  }
  int number;
  sigwait(&ending, &number);
  for (int i = 0; i < PERCENTS; i++) {
    int64_t worst = 0;
    for (int cpu = 0; cpu < watched; cpu++) {
      int64_t value = percentile(late[cpu], percents[i]);
      if (value > worst) worst = value;
    }
    printf("%lld%c", (long long)worst, i < PERCENTS - 1 ? ' ' : '\n');
  }
  return 0;
}

#pragma once
// What the Glibc module lacks. GNU prototypes are declared again by hand: defining _GNU_SOURCE here would make
// this module's types differ from Glibc's.
#include <stdint.h>
#include <time.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <pthread.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>

extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int pipe2(int[2], int);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
extern int pthread_setname_np(pthread_t, const char *);
extern int sched_getaffinity(pid_t, size_t, cpu_set_t *);
extern int sched_setaffinity(pid_t, size_t, const cpu_set_t *);
extern int epoll_pwait2(int, struct epoll_event *, int, const struct timespec *, const sigset_t *);

static inline int stampede_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }
static inline char **stampede_environment(void) {
  extern char **environ;
  return environ;
}
// sa_handler is a union's member; Swift can't compare it.
static inline int stampede_is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, 0, &action) == 0 && action.sa_handler == SIG_IGN;
}
// A terminal's columns; 0 where the descriptor is none.
static inline int stampede_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
static inline pid_t stampede_gettid(void) { return (pid_t)syscall(SYS_gettid); }

// epoll_data is a union; Swift code uses its 64-bit member only.
static inline int stampede_epoll_ctl(int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
  struct epoll_event event;
  event.events = events;
  event.data.u64 = token;
  return epoll_ctl(epoll, operation, descriptor, &event);
}
// Socket calls without the cancellation points of libc's own, which cost as much again on the way in: nobody here
// cancels threads. The count, or −1 with errno set.
static inline long stampede_send(int descriptor, const void *bytes, size_t count) {
  return syscall(SYS_sendto, descriptor, bytes, count, MSG_NOSIGNAL, (void *)0, 0);
}
static inline long stampede_recv(int descriptor, void *bytes, size_t count, int flags) {
  return syscall(SYS_recvfrom, descriptor, bytes, count, flags, (void *)0, (void *)0);
}

// struct epoll_event is packed on x86-64.
static inline uint64_t stampede_event_token(const struct epoll_event *event) { return event->data.u64; }

static inline uint32_t stampede_event_bits(const struct epoll_event *event) { return event->events; }

// The XSI form, whatever feature macros are set: 0 and the text in the buffer.
extern int __xpg_strerror_r(int, char *, size_t);
static inline int stampede_strerror(int code, char *buffer, size_t size) {
  return __xpg_strerror_r(code, buffer, size);
}

static inline int64_t stampede_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
static inline int stampede_set_line_buffered(void) { return setvbuf(stdout, NULL, _IOLBF, 0); }
static inline int stampede_wifexited(int status) { return WIFEXITED(status); }
static inline int stampede_wexitstatus(int status) { return WEXITSTATUS(status); }
static inline int stampede_wtermsig(int status) { return WTERMSIG(status); }
static inline int stampede_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }
static inline int stampede_prctl(int option, unsigned long value) { return prctl(option, value, 0, 0, 0); }
// On Linux niceness belongs to a thread.
static inline void stampede_set_thread_niceness(int niceness) {
  setpriority(PRIO_PROCESS, (id_t)stampede_gettid(), niceness);
}
static inline int stampede_getrlimit_files(struct rlimit *limit) { return getrlimit(RLIMIT_NOFILE, limit); }
static inline int stampede_setrlimit_files(const struct rlimit *limit) { return setrlimit(RLIMIT_NOFILE, limit); }

// CPUs in this process's affinity mask; 0 where it can't be asked.
extern int __sched_cpucount(size_t, const cpu_set_t *);
static inline int stampede_cpu_count(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? __sched_cpucount(sizeof set, &set) : 0;
}

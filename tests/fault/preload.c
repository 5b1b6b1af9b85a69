// Loaded into a program by LD_PRELOAD: makes what it asks of the system fail, take long, or tell another time, as the
// page of orders says that the file named by FAULTS holds. Its layout is that of Faults::Order in faults.cpp.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct orders {
  _Atomic long write_error;      // errno of every write to a file; 0: none
  _Atomic long tables_only;      // of those that are PostgreSQL's tables and indexes
  _Atomic long sync_delay_us;    // before every fsync
  _Atomic long clock_offset_s;   // added to the time of day
  _Atomic long allocation_fails_every;  // so many; 0: none
  _Atomic long allocations;      // counted while they fail, from anywhere
  _Atomic long thread_error;     // of every new thread
};

static struct orders none;
static struct orders* orders = &none;

__attribute__((constructor)) static void read_orders(void) {
  const char* name = getenv("FAULTS");
  const int file = name == NULL ? -1 : open(name, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void* page = mmap(NULL, sizeof none, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (page != MAP_FAILED) orders = page;
}

static int is_table(int file) {
  char name[64];
  char path[512];
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  const ssize_t size = readlink(name, path, sizeof path - 1);
  path[size > 0 ? size : 0] = 0;
  return strstr(path, "/base/") != NULL;
}

static int fails(int file) {
  const long error = atomic_load(&orders->write_error);
  if (error == 0 || (atomic_load(&orders->tables_only) && !is_table(file))) return 0;
  errno = (int)error;
  return 1;
}

ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) {
  return fails(file) ? -1 : syscall(SYS_pwrite64, file, data, size, at);
}
ssize_t pwrite(int file, const void* data, size_t size, off_t at) { return pwrite64(file, data, size, at); }
ssize_t pwritev64(int file, const struct iovec* parts, int count, off64_t at) {
  return fails(file) ? -1 : syscall(SYS_pwritev, file, parts, count, at, 0);
}
ssize_t pwritev(int file, const struct iovec* parts, int count, off_t at) { return pwritev64(file, parts, count, at); }

int ftruncate64(int file, off64_t size) { return fails(file) ? -1 : (int)syscall(SYS_ftruncate, file, size); }
int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

static int sync_by(long number, int file) {
  const long delay = atomic_load(&orders->sync_delay_us);
  if (delay > 0) usleep((useconds_t)delay);
  return fails(file) ? -1 : (int)syscall(number, file);
}
int fsync(int file) { return sync_by(SYS_fsync, file); }
int fdatasync(int file) { return sync_by(SYS_fdatasync, file); }

int clock_gettime(clockid_t clock, struct timespec* time) {
  const int code = (int)syscall(SYS_clock_gettime, clock, time);
  if (code == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    time->tv_sec += atomic_load(&orders->clock_offset_s);
  }
  return code;
}
int gettimeofday(struct timeval* time, void* zone) {
  (void)zone;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}
time_t time(time_t* out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != NULL) *out = now.tv_sec;
  return now.tv_sec;
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*), void* argument) {
  static int (*_Atomic real)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  const long error = atomic_load(&orders->thread_error);
  if (error != 0) return (int)error;
  if (real == NULL) real = (int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*))dlsym(RTLD_NEXT, "pthread_create");
  return real(thread, attributes, run, argument);
}

// glibc's own names of these.
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* former, size_t size);

/// Numbers that follow each other are spread, so that which ones it meets is another each time.
static int is_refused(void) {
  const long every = atomic_load(&orders->allocation_fails_every);
  if (every == 0) return 0;
  unsigned long number = (unsigned long)atomic_fetch_add(&orders->allocations, 1);
  number = (number ^ (number >> 33)) * 0xff51afd7ed558ccdUL;
  number = (number ^ (number >> 33)) * 0xc4ceb9fe1a85ec53UL;
  if ((number ^ (number >> 33)) % (unsigned long)every != 0) return 0;
  errno = ENOMEM;
  return 1;
}
void* malloc(size_t size) { return is_refused() ? NULL : __libc_malloc(size); }
void* calloc(size_t count, size_t size) { return is_refused() ? NULL : __libc_calloc(count, size); }
void* realloc(void* former, size_t size) {
  return size > 0 && is_refused() ? NULL : __libc_realloc(former, size);
}

/*
 * Preloaded into a server: writes down, in their order, all calls that change files below one directory. A sync takes a while, as on a disk, and is
 * noted at its begin and at its end. The order is that of a lock, so that the record is exactly what the kernel has seen.
 *
 * RECORDER_ROOT: the directory. RECORDER_LOG: the file of the record; once there is another of that name and .stop, the process dies before its next
 * call, as by kill -9, but never between a call and its record. RECORDER_SYNC_MICROSECONDS: how long a sync takes at most.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind {
  OPENED = 1, CLOSED, WRITTEN, TRUNCATED, SYNC_BEGUN, SYNC_ENDED, LINKED, RENAMED, UNLINKED, MADE, REMOVED, MODE_SET, BEGUN
};

struct __attribute__((packed)) head {
  uint32_t length; /* Of all that follows this field. */
  uint8_t kind;
  int32_t fd;
  int64_t one, two;
  uint16_t path_length, other_length;
};

#define MOST_DESCRIPTORS 65536
static char followed[MOST_DESCRIPTORS];
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;
static char root[PATH_MAX];
static size_t root_length;
static char stop[PATH_MAX];
static int log_fd = -1;
static long sync_microseconds;
static int64_t syncs;

/* A record that has a gap says nothing. */
static void fail(const char *why) {
  dprintf(2, "recorder: %s: %s\n", why, strerror(errno));
  abort();
}

static void note(enum kind kind, int fd, int64_t one, int64_t two, const char *path, const char *other, const void *data, size_t size) {
  size_t a = path ? strlen(path) : 0, b = other ? strlen(other) : 0;
  struct head head = {(uint32_t)(sizeof(struct head) - 4 + a + b + size), (uint8_t)kind, fd, one, two, (uint16_t)a, (uint16_t)b};
  struct iovec parts[4] = {{&head, sizeof head}, {(void *)path, a}, {(void *)other, b}, {(void *)data, size}};
  ssize_t whole = (ssize_t)(sizeof head + a + b + size);
  if (syscall(SYS_writev, log_fd, parts, 4) != whole) fail("the record can't be written");
}

static void prepare(void) {
  const char *given = getenv("RECORDER_ROOT"), *log = getenv("RECORDER_LOG");
  const char *takes = getenv("RECORDER_SYNC_MICROSECONDS");
  if (!given || !log || strlen(given) >= sizeof root) return;
  if (snprintf(stop, sizeof stop, "%s.stop", log) >= (int)sizeof stop) return;
  strcpy(root, given);
  root_length = strlen(root);
  sync_microseconds = takes ? atol(takes) : 0;
  log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_fd < 0) fail("the record can't be opened");
  note(BEGUN, -1, getpid(), 0, NULL, NULL, NULL, 0);
}

static void enter(void) {
  pthread_once(&prepared, prepare);
  pthread_mutex_lock(&turn);
  if (log_fd >= 0 && syscall(SYS_faccessat, AT_FDCWD, stop, F_OK) == 0) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
}

static void leave(void) {
  int kept = errno;
  pthread_mutex_unlock(&turn);
  errno = kept;
}

/* Whether it lies below the root; absolute then, in `out`. */
static int below(int at, const char *path, char *out) {
  char directory[PATH_MAX];
  if (log_fd < 0 || !path) return 0;
  if (path[0] == '/') {
    if (strlen(path) >= PATH_MAX) return 0;
    strcpy(out, path);
  } else {
    if (at == AT_FDCWD) {
      if (!getcwd(directory, sizeof directory)) return 0;
    } else {
      char link[64];
      snprintf(link, sizeof link, "/proc/self/fd/%d", at);
      ssize_t length = readlink(link, directory, sizeof directory - 1);
      if (length < 0) return 0;
      directory[length] = 0;
    }
    if (snprintf(out, PATH_MAX, "%s/%s", directory, path) >= PATH_MAX) return 0;
  }
  return strncmp(out, root, root_length) == 0 && (out[root_length] == '/' || out[root_length] == 0);
}

static int is_followed(int fd) {
  struct stat found;
  if (log_fd < 0 || fd < 0 || fd >= MOST_DESCRIPTORS || !followed[fd]) return 0;
  /* The number may have become another's. */
  return fstat(fd, &found) == 0 && (S_ISREG(found.st_mode) || S_ISDIR(found.st_mode));
}

static int open_at(int at, const char *path, int flags, mode_t mode) {
  char whole[PATH_MAX];
  enter();
  int fd = (int)syscall(SYS_openat, at, path, flags, mode);
  if (fd >= MOST_DESCRIPTORS) fail("too many descriptors");
  if (fd >= 0) {
    followed[fd] = (char)below(at, path, whole);
    if (followed[fd]) note(OPENED, fd, flags, mode, whole, NULL, NULL, 0);
  }
  leave();
  return fd;
}

#define MODE(flags)                          \
  mode_t mode = 0;                           \
  if ((flags) & (O_CREAT | O_TMPFILE)) {     \
    va_list rest;                            \
    va_start(rest, flags);                   \
    mode = (mode_t)va_arg(rest, int);        \
    va_end(rest);                            \
  }

int open(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return open_at(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return open_at(at, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

int close(int fd) {
  if (fd < 0 || fd >= MOST_DESCRIPTORS || !followed[fd]) return (int)syscall(SYS_close, fd);
  enter();
  followed[fd] = 0;
  note(CLOSED, fd, 0, 0, NULL, NULL, NULL, 0);
  int answer = (int)syscall(SYS_close, fd);
  leave();
  return answer;
}

static void note_written(int fd, int64_t at, const struct iovec *parts, int count, ssize_t size) {
  for (int index = 0; index < count && size > 0; index++) {
    size_t here = parts[index].iov_len < (size_t)size ? parts[index].iov_len : (size_t)size;
    if (here > 0) note(WRITTEN, fd, at, 0, NULL, NULL, parts[index].iov_base, here);
    at += (int64_t)here;
    size -= (ssize_t)here;
  }
}

/* At the place of the descriptor, which may be the end. */
static ssize_t write_parts(int fd, const struct iovec *parts, int count) {
  if (fd < 0 || fd >= MOST_DESCRIPTORS || !followed[fd]) return syscall(SYS_writev, fd, parts, count);
  enter();
  ssize_t size = syscall(SYS_writev, fd, parts, count);
  if (size > 0 && is_followed(fd)) note_written(fd, lseek(fd, 0, SEEK_CUR) - size, parts, count, size);
  leave();
  return size;
}

static ssize_t write_at(int fd, const struct iovec *parts, int count, off_t at) {
  if (fd < 0 || fd >= MOST_DESCRIPTORS || !followed[fd]) return syscall(SYS_pwritev, fd, parts, count, at, 0);
  enter();
  ssize_t size = syscall(SYS_pwritev, fd, parts, count, at, 0);
  if (size > 0 && is_followed(fd)) note_written(fd, at, parts, count, size);
  leave();
  return size;
}

ssize_t write(int fd, const void *data, size_t size) {
  if (fd < 0 || fd >= MOST_DESCRIPTORS || !followed[fd]) return syscall(SYS_write, fd, data, size);
  struct iovec part = {(void *)data, size};
  return write_parts(fd, &part, 1);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  struct iovec part = {(void *)data, size};
  return write_at(fd, &part, 1, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off_t at) { return pwrite(fd, data, size, at); }
ssize_t writev(int fd, const struct iovec *parts, int count) { return write_parts(fd, parts, count); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return write_at(fd, parts, count, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at) { return write_at(fd, parts, count, at); }

int ftruncate(int fd, off_t size) {
  enter();
  int answer = (int)syscall(SYS_ftruncate, fd, size);
  if (answer == 0 && is_followed(fd)) note(TRUNCATED, fd, size, 0, NULL, NULL, NULL, 0);
  leave();
  return answer;
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

int truncate(const char *path, off_t size) {
  char whole[PATH_MAX];
  enter();
  int answer = (int)syscall(SYS_truncate, path, size);
  if (answer == 0 && below(AT_FDCWD, path, whole)) note(TRUNCATED, -1, size, 0, whole, NULL, NULL, 0);
  leave();
  return answer;
}
int truncate64(const char *path, off_t size) { return truncate(path, size); }

int fallocate(int fd, int mode, off_t at, off_t size) {
  struct stat found;
  enter();
  int answer = (int)syscall(SYS_fallocate, fd, mode, at, size);
  if (answer == 0 && is_followed(fd) && fstat(fd, &found) == 0) note(TRUNCATED, fd, found.st_size, 0, NULL, NULL, NULL, 0);
  leave();
  return answer;
}
int fallocate64(int fd, int mode, off_t at, off_t size) { return fallocate(fd, mode, at, size); }
int posix_fallocate(int fd, off_t at, off_t size) { return fallocate(fd, 0, at, size) == 0 ? 0 : errno; }
int posix_fallocate64(int fd, off_t at, off_t size) { return posix_fallocate(fd, at, size); }

/* What is written while it runs may be durable afterwards or not. */
static int sync_file(int fd, long number) {
  enter();
  int is_ours = is_followed(fd);
  int64_t mine = is_ours ? ++syncs : 0;
  if (is_ours) note(SYNC_BEGUN, fd, mine, 0, NULL, NULL, NULL, 0);
  leave();
  if (is_ours && sync_microseconds > 0) {
    long takes = (long)((mine * 7919) % sync_microseconds);
    struct timespec pause = {0, takes * 1000};
    nanosleep(&pause, NULL);
  }
  int answer = (int)syscall(number, fd);
  enter();
  if (is_ours && answer == 0) note(SYNC_ENDED, fd, mine, 0, NULL, NULL, NULL, 0);
  leave();
  return answer;
}
int fsync(int fd) { return sync_file(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_file(fd, SYS_fdatasync); }

static int two_paths(enum kind kind, int at, const char *from, int to_at, const char *to, unsigned flags) {
  char one[PATH_MAX], other[PATH_MAX];
  enter();
  int answer = kind == LINKED ? (int)syscall(SYS_linkat, at, from, to_at, to, flags) : (int)syscall(SYS_renameat2, at, from, to_at, to, flags);
  if (answer == 0) {
    int is_from = below(at, from, one), is_to = below(to_at, to, other);
    if (is_from != is_to) fail("a name has crossed the root");
    if (is_from) note(kind, -1, flags, 0, one, other, NULL, 0);
  }
  leave();
  return answer;
}
int link(const char *from, const char *to) { return two_paths(LINKED, AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int at, const char *from, int to_at, const char *to, int flags) { return two_paths(LINKED, at, from, to_at, to, (unsigned)flags); }
int rename(const char *from, const char *to) { return two_paths(RENAMED, AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int at, const char *from, int to_at, const char *to) { return two_paths(RENAMED, at, from, to_at, to, 0); }
int renameat2(int at, const char *from, int to_at, const char *to, unsigned flags) { return two_paths(RENAMED, at, from, to_at, to, flags); }

static int unlink_at(int at, const char *path, int flags) {
  char whole[PATH_MAX];
  enter();
  int answer = (int)syscall(SYS_unlinkat, at, path, flags);
  if (answer == 0 && below(at, path, whole)) note(flags & AT_REMOVEDIR ? REMOVED : UNLINKED, -1, 0, 0, whole, NULL, NULL, 0);
  leave();
  return answer;
}
int unlink(const char *path) { return unlink_at(AT_FDCWD, path, 0); }
int unlinkat(int at, const char *path, int flags) { return unlink_at(at, path, flags); }
int rmdir(const char *path) { return unlink_at(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
  int answer = unlink_at(AT_FDCWD, path, 0);
  return answer != 0 && errno == EISDIR ? unlink_at(AT_FDCWD, path, AT_REMOVEDIR) : answer;
}

static int make_at(int at, const char *path, mode_t mode) {
  char whole[PATH_MAX];
  enter();
  int answer = (int)syscall(SYS_mkdirat, at, path, mode);
  if (answer == 0 && below(at, path, whole)) note(MADE, -1, mode, 0, whole, NULL, NULL, 0);
  leave();
  return answer;
}
int mkdir(const char *path, mode_t mode) { return make_at(AT_FDCWD, path, mode); }
int mkdirat(int at, const char *path, mode_t mode) { return make_at(at, path, mode); }

int chmod(const char *path, mode_t mode) {
  char whole[PATH_MAX];
  enter();
  int answer = (int)syscall(SYS_fchmodat, AT_FDCWD, path, mode);
  if (answer == 0 && below(AT_FDCWD, path, whole)) note(MODE_SET, -1, mode, 0, whole, NULL, NULL, 0);
  leave();
  return answer;
}
int fchmod(int fd, mode_t mode) {
  enter();
  int answer = (int)syscall(SYS_fchmod, fd, mode);
  if (answer == 0 && is_followed(fd)) note(MODE_SET, fd, mode, 0, NULL, NULL, NULL, 0);
  leave();
  return answer;
}

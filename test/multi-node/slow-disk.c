/* Preloaded into a server: as long as the file is there that SLOW_SYNC_WHILE names, each sync takes SLOW_SYNC_MICROSECONDS longer. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int sync_slowly(int fd, long number) {
  const char *file = getenv("SLOW_SYNC_WHILE"), *takes = getenv("SLOW_SYNC_MICROSECONDS");
  if (file && takes && access(file, F_OK) == 0) usleep((useconds_t)atol(takes));
  return (int)syscall(number, fd);
}

int fsync(int fd) { return sync_slowly(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_slowly(fd, SYS_fdatasync); }

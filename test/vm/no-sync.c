/* Preloaded into a server whose syncs shall do nothing: what it has answered must be missing after a power cut. */
int fsync(int fd) {
  (void)fd;
  return 0;
}

int fdatasync(int fd) {
  (void)fd;
  return 0;
}

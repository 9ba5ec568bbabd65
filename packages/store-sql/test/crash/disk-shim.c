// Stands between a process and the files of one folder, through LD_PRELOAD.
//
// SHIM_FOLDER  the folder; its -shm files are left out, since SQLite makes them anew after a power cut.
// SHIM_LOG     a file that gets every write, truncation, removal and fsync that was done, in order.
// SHIM_FAULTS  a file with four 64-bit numbers that the process itself may change at any time: how many calls are
//              still to be let through, how many to fail then, with which errno, and how many have failed.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(result, name, ...) static result (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, name)

struct faults { int64_t until, count, error, failed; };

static int is_ours(const char *path) {
  const char *folder = getenv("SHIM_FOLDER");
  if (!folder || strncmp(path, folder, strlen(folder)) != 0) return 0;
  size_t length = strlen(path);
  return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

// Whether the descriptor is of a file of ours, and its path.
static int path_of(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return is_ours(path);
}

static struct faults *faults(void) {
  static struct faults *shared;
  const char *path = getenv("SHIM_FAULTS");
  if (!path || shared) return shared;
  int fd = open(path, O_RDWR);
  if (fd < 0) return NULL;
  void *map = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map != MAP_FAILED) shared = map;
  return shared;
}

// Whether this call is to fail. Reading takes no room, and so never wants for it.
static int is_due(int is_read) {
  struct faults *now = faults();
  if (!now || now->count == 0 || (is_read && now->error == ENOSPC)) return 0;
  if (now->until > 0) { now->until--; return 0; }
  now->count--;
  now->failed++;
  errno = (int)now->error;
  return 1;
}

// One record: kind, length of the path, offset, length of the data; path; data.
static void record(char kind, const char *path, int64_t offset, const void *data, uint32_t length) {
  static int log_fd = -1;
  const char *log_path = getenv("SHIM_LOG");
  if (!log_path) return;
  if (log_fd < 0) log_fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0644);
  uint32_t path_length = strlen(path);
  char head[17];
  head[0] = kind;
  memcpy(head + 1, &path_length, 4);
  memcpy(head + 5, &offset, 8);
  memcpy(head + 13, &length, 4);
  struct iovec parts[] = {{head, 17}, {(void *)path, path_length}, {(void *)data, data ? length : 0}};
  if (writev(log_fd, parts, 3) != (ssize_t)(17 + path_length + (data ? length : 0))) abort();
}

#define READ(name) ssize_t name(int fd, void *data, size_t size, off_t offset) { \
  REAL(ssize_t, #name, int, void *, size_t, off_t); \
  char path[PATH_MAX]; \
  if (path_of(fd, path) && is_due(1)) return -1; \
  return real(fd, data, size, offset); }
READ(pread)
READ(pread64)

// A write that fails has left its first half behind.
#define WRITE(name) ssize_t name(int fd, const void *data, size_t size, off_t offset) { \
  REAL(ssize_t, #name, int, const void *, size_t, off_t); \
  char path[PATH_MAX]; \
  int ours = path_of(fd, path); \
  if (ours && is_due(0)) { int error = errno; real(fd, data, size / 2, offset); errno = error; return -1; } \
  ssize_t done = real(fd, data, size, offset); \
  if (ours && done > 0) record('W', path, offset, data, done); \
  return done; }
WRITE(pwrite)
WRITE(pwrite64)

// What the process says about itself in the same folder, by plain writes; its place in the order is what counts.
ssize_t write(int fd, const void *data, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  char path[PATH_MAX];
  int ours = path_of(fd, path);
  ssize_t done = real(fd, data, size);
  if (ours && done > 0) record('A', path, 0, data, done);
  return done;
}

#define TRUNCATE(name) int name(int fd, off_t size) { \
  REAL(int, #name, int, off_t); \
  char path[PATH_MAX]; \
  int ours = path_of(fd, path); \
  if (ours && is_due(0)) return -1; \
  int result = real(fd, size); \
  if (ours && result == 0) record('T', path, size, NULL, 0); \
  return result; }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

#define SYNC(name) int name(int fd) { \
  REAL(int, #name, int); \
  char path[PATH_MAX]; \
  int ours = path_of(fd, path); \
  if (ours && is_due(0)) return -1; \
  int result = real(fd); \
  if (ours && result == 0) record('S', path, 0, NULL, 0); \
  return result; }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  int ours = is_ours(path);
  if (ours && is_due(0)) return -1;
  int result = real(path);
  if (ours && result == 0) record('U', path, 0, NULL, 0);
  return result;
}

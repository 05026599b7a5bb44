/*
 * A file system that loses what was not synced, put before a program by LD_PRELOAD.
 *
 * Below one directory it keeps a shadow that holds exactly what a power cut would leave at worst: of each file the bytes
 * that were synced, and names as of the last sync of their directory or of the file itself. It counts syncs, and can be
 * told at any time to be full or to fail at syncing.
 *
 *   UNSYNCED_WATCH    the directory, absolute, without a slash at its end
 *   UNSYNCED_SHADOW   a directory for the shadow; left out: only counts and faults
 *                     files/   what a power cut leaves
 *                     inodes/  synced bytes by inode number; files/ has hard links into it
 *   UNSYNCED_CONTROL  a file of CONTROL_BYTES bytes, mapped and shared with the test
 *
 * Not seen: memory maps (SQLite's -shm, which is rebuilt and left out here), hard links, renamed directories.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define CONTROL_BYTES 56
#define RANGES_MAX 64
#define INODES_MAX 65536

struct control {
  uint64_t fsyncs;
  uint64_t fdatasyncs;
  /* Writes and syncs that were failed on purpose. */
  uint64_t refusals;
  /* Bytes by which files may still grow; -1: no limit. */
  int64_t room;
  /* Not 0: syncs fail with EIO, and what they would have synced is lost. */
  uint64_t fails_syncs;
  /* Bytes that were written. */
  uint64_t written;
  /* Not 0: nothing is opened for writing, made, removed or renamed. */
  uint64_t is_read_only;
};

struct range {
  off_t from, to;
};

/* What is known of a file in use; the number of its inode is never 0. */
struct inode {
  ino_t ino;
  int is_all_dirty;
  int count;
  struct range ranges[RANGES_MAX];
};

static char watch[PATH_MAX], shadow[PATH_MAX];
static size_t watch_length;
static struct control nowhere = {.room = -1}, *control = &nowhere;
static struct inode *inodes[INODES_MAX];
/* For the table of inodes and the room, held briefly; for the shadow, held while syncing; for writes at an end. */
static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER, syncing = PTHREAD_MUTEX_INITIALIZER,
                       appending = PTHREAD_MUTEX_INITIALIZER;

/* The function of that name that would be called without this library. */
#define REAL(name)                                            \
  ({                                                          \
    static __typeof__(&name) found;                           \
    if (found == NULL) found = dlsym(RTLD_NEXT, #name);       \
    found;                                                    \
  })

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("UNSYNCED_WATCH"), *to = getenv("UNSYNCED_SHADOW"), *shared = getenv("UNSYNCED_CONTROL");
  if (path == NULL || realpath(path, watch) == NULL) return;
  watch_length = strlen(watch);
  if (to != NULL) snprintf(shadow, sizeof shadow, "%s", to);
  int fd = shared == NULL ? -1 : REAL(open)(shared, O_RDWR);
  if (fd < 0) return;
  void *map = mmap(NULL, CONTROL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map != MAP_FAILED) control = map;
  REAL(close)(fd);
}

/* The part of a path below the watched directory, beginning with a slash or empty; NULL for any other. */
static const char *below(const char *path) {
  if (watch_length == 0 || strncmp(path, watch, watch_length) != 0) return NULL;
  const char *rest = path + watch_length;
  size_t length = strlen(rest);
  if (*rest != '\0' && *rest != '/') return NULL;
  return length > 4 && strcmp(rest + length - 4, "-shm") == 0 ? NULL : rest;
}

/* Where an open file is now, below the watched directory; NULL for what is elsewhere or has no name any more. */
static const char *place_of(int fd, char buffer[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, buffer, PATH_MAX - 1);
  if (length <= 0) return NULL;
  buffer[length] = '\0';
  struct stat found;
  return fstat(fd, &found) == 0 && found.st_nlink > 0 ? below(buffer) : NULL;
}

static struct inode *slot_of(ino_t ino, int adds) {
  for (size_t step = 0, at = ino % INODES_MAX; step < INODES_MAX; step++, at = (at + 1) % INODES_MAX) {
    if (inodes[at] == NULL) {
      if (!adds) return NULL;
      inodes[at] = calloc(1, sizeof(struct inode));
      inodes[at]->ino = ino;
      inodes[at]->is_all_dirty = 1;
    }
    if (inodes[at]->ino == ino) return inodes[at];
  }
  abort();
}

/* The inode behind a file that is open below the watched directory; NULL for any other. The table is locked. */
static struct inode *inode_of(int fd, const struct stat *found) {
  char buffer[PATH_MAX];
  if (!S_ISREG(found->st_mode)) return NULL;
  struct inode *known = slot_of(found->st_ino, 0);
  if (known != NULL && known->count > 0) return known;
  return place_of(fd, buffer) == NULL ? NULL : slot_of(found->st_ino, 1);
}

static void add_range(struct inode *inode, off_t from, off_t to) {
  struct range *last = inode->count == 0 ? NULL : &inode->ranges[inode->count - 1];
  if (last != NULL && from <= last->to && to >= last->from) {
    if (from < last->from) last->from = from;
    if (to > last->to) last->to = to;
  } else if (inode->count < RANGES_MAX) {
    inode->ranges[inode->count++] = (struct range){from, to};
  } else {
    inode->is_all_dirty = 1;
  }
}

static void path_of_inode(char path[PATH_MAX], ino_t ino) {
  snprintf(path, PATH_MAX, "%s/inodes/%llu", shadow, (unsigned long long)ino);
}

/* A number may serve another file from now on; the name that a power cut would leave keeps its bytes. */
static void forget(ino_t ino) {
  char path[PATH_MAX];
  pthread_mutex_lock(&table);
  struct inode *known = slot_of(ino, 0);
  if (known != NULL) {
    known->is_all_dirty = 1;
    known->count = 0;
  }
  pthread_mutex_unlock(&table);
  if (shadow[0] == '\0') return;
  path_of_inode(path, ino);
  REAL(unlink)(path);
}

/* ── the shadow ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void make_parents(char *path) {
  for (char *at = strchr(path + strlen(shadow) + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
    *at = '\0';
    REAL(mkdir)(path, 0700);
    *at = '/';
  }
}

/* Closing another descriptor of a file would drop the locks that SQLite has on it: so only where there is no other way. */
static int readable(int fd) {
  char link[64];
  if ((fcntl(fd, F_GETFL) & O_ACCMODE) != O_WRONLY) return fd;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  return REAL(open)(link, O_RDONLY);
}

static void copy_range(int from, int to, struct range range) {
  static char buffer[1 << 16];
  for (off_t at = range.from; at < range.to;) {
    size_t wanted = range.to - at < (off_t)sizeof buffer ? (size_t)(range.to - at) : sizeof buffer;
    ssize_t got = pread(from, buffer, wanted, at);
    if (got <= 0 || REAL(pwrite)(to, buffer, got, at) != got) return;
    at += got;
  }
}

static void copy_bytes(int fd, const struct inode *dirty, const struct stat *found) {
  char path[PATH_MAX];
  path_of_inode(path, found->st_ino);
  int store = REAL(open)(path, O_RDWR | O_CREAT, 0600), source = readable(fd);
  if (store >= 0 && source >= 0) {
    if (dirty->is_all_dirty) copy_range(source, store, (struct range){0, found->st_size});
    else
      for (int each = 0; each < dirty->count; each++) copy_range(source, store, dirty->ranges[each]);
    if (REAL(ftruncate)(store, found->st_size) != 0) abort();
  }
  if (store >= 0) REAL(close)(store);
  if (source >= 0 && source != fd) REAL(close)(source);
}

static int is_dots(const char *name) { return strcmp(name, ".") == 0 || strcmp(name, "..") == 0; }

/* Removes the names of a file in one folder of the shadow, except one. */
static void drop_names(const char *folder, ino_t stored, const char *kept) {
  char path[PATH_MAX];
  DIR *listing = opendir(folder);
  if (listing == NULL) return;
  for (struct dirent *each; (each = readdir(listing)) != NULL;) {
    if (is_dots(each->d_name)) continue;
    snprintf(path, sizeof path, "%s/%s", folder, each->d_name);
    if (each->d_type == DT_DIR) drop_names(path, stored, kept);
    else if (each->d_ino == stored && strcmp(path, kept) != 0) REAL(unlink)(path);
  }
  closedir(listing);
}

/* Makes a name in the shadow lead to the synced bytes of an inode; bytes that were never synced are none. */
static void give_name(const char *place, ino_t ino) {
  char name[PATH_MAX], store[PATH_MAX], draft[PATH_MAX];
  struct stat stored, named;
  snprintf(name, sizeof name, "%s/files%s", shadow, place);
  path_of_inode(store, ino);
  int fd = REAL(open)(store, O_RDWR | O_CREAT, 0600);
  if (fd >= 0) REAL(close)(fd);
  if (stat(store, &stored) != 0) return;
  if (stat(name, &named) == 0 && named.st_ino == stored.st_ino) return;
  make_parents(name);
  snprintf(draft, sizeof draft, "%s/inodes/draft", shadow);
  REAL(unlink)(draft);
  if (link(store, draft) == 0) REAL(rename)(draft, name);
}

/* A synced file has its name of now and no former one. */
static void sync_file(int fd, const char *place, const struct inode *dirty) {
  char name[PATH_MAX], store[PATH_MAX], files[PATH_MAX];
  struct stat found, stored;
  if (fstat(fd, &found) != 0 || place == NULL) return;
  copy_bytes(fd, dirty, &found);
  give_name(place, found.st_ino);
  path_of_inode(store, found.st_ino);
  if (stat(store, &stored) != 0 || stored.st_nlink <= 2) return;
  snprintf(name, sizeof name, "%s/files%s", shadow, place);
  snprintf(files, sizeof files, "%s/files", shadow);
  drop_names(files, stored.st_ino, name);
}

static void remove_vanished(const char *real_folder, const char *folder) {
  char path[PATH_MAX], there[PATH_MAX];
  struct stat found;
  DIR *listing = opendir(folder);
  if (listing == NULL) return;
  for (struct dirent *each; (each = readdir(listing)) != NULL;) {
    if (is_dots(each->d_name)) continue;
    snprintf(path, sizeof path, "%s/%s", folder, each->d_name);
    snprintf(there, sizeof there, "%s/%s", real_folder, each->d_name);
    if (lstat(there, &found) == 0) continue;
    if (each->d_type == DT_DIR) {
      remove_vanished(there, path);
      rmdir(path);
    } else {
      REAL(unlink)(path);
    }
  }
  closedir(listing);
}

/* A synced directory has the names of now. */
static void sync_folder(const char *place) {
  char folder[PATH_MAX], path[PATH_MAX], there[PATH_MAX];
  struct stat found;
  snprintf(folder, sizeof folder, "%s%s", watch, place);
  snprintf(path, sizeof path, "%s/files%s/", shadow, place);
  make_parents(path);
  path[strlen(path) - 1] = '\0';
  DIR *listing = opendir(folder);
  if (listing == NULL) return;
  for (struct dirent *each; (each = readdir(listing)) != NULL;) {
    if (is_dots(each->d_name)) continue;
    snprintf(there, sizeof there, "%s/%s", folder, each->d_name);
    const char *inner = below(there);
    if (inner == NULL || lstat(there, &found) != 0) continue;
    if (S_ISREG(found.st_mode)) {
      give_name(inner, found.st_ino);
    } else if (S_ISDIR(found.st_mode)) {
      snprintf(there, sizeof there, "%s/%s", path, each->d_name);
      REAL(mkdir)(there, 0700);
    }
  }
  closedir(listing);
  remove_vanished(folder, path);
}

static int synced(int fd, int (*sync)(int), uint64_t *count) {
  char buffer[PATH_MAX];
  struct stat found;
  struct inode dirty = {.is_all_dirty = 1};
  const char *place = watch_length == 0 ? NULL : place_of(fd, buffer);
  if (place == NULL || fstat(fd, &found) != 0) return sync(fd);
  pthread_mutex_lock(&syncing);
  __atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST);
  pthread_mutex_lock(&table);
  struct inode *known = S_ISREG(found.st_mode) ? slot_of(found.st_ino, 1) : NULL;
  if (known != NULL) {
    dirty = *known;
    known->is_all_dirty = 0;
    known->count = 0;
  }
  pthread_mutex_unlock(&table);
  int fails = __atomic_load_n(&control->fails_syncs, __ATOMIC_SEQ_CST) != 0;
  int result = fails ? -1 : sync(fd);
  if (fails) __atomic_add_fetch(&control->refusals, 1, __ATOMIC_SEQ_CST);
  if (result == 0 && shadow[0] != '\0') {
    if (S_ISDIR(found.st_mode)) sync_folder(place);
    else if (S_ISREG(found.st_mode)) sync_file(fd, place, &dirty);
  }
  pthread_mutex_unlock(&syncing);
  if (fails) errno = EIO;
  return result;
}

/* ── writes ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* How much of a write there is room for: all of one that does not make its file longer. */
static size_t room_for(int fd, size_t bytes, off_t at) {
  struct stat found;
  char buffer[PATH_MAX];
  if (watch_length == 0 || __atomic_load_n(&control->room, __ATOMIC_SEQ_CST) < 0) return bytes;
  if (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode) || place_of(fd, buffer) == NULL) return bytes;
  off_t from = at >= 0 ? at : (fcntl(fd, F_GETFL) & O_APPEND) ? found.st_size : lseek(fd, 0, SEEK_CUR);
  int64_t growth = from + (off_t)bytes - found.st_size;
  if (growth <= 0) return bytes;
  pthread_mutex_lock(&table);
  int64_t given = growth < control->room ? growth : control->room;
  control->room -= given;
  if (given < growth) control->refusals += 1;
  pthread_mutex_unlock(&table);
  int64_t allowed = (int64_t)bytes - growth + given;
  return allowed > 0 ? (size_t)allowed : 0;
}

/* Notes what was written; `at` is -1 for a write at the file's own position. */
static ssize_t noted(int fd, ssize_t bytes, off_t at) {
  struct stat found;
  if (bytes <= 0 || watch_length == 0 || fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) return bytes;
  int before = errno;
  int flags = fcntl(fd, F_GETFL);
  off_t to = at >= 0 ? at + bytes : (flags & O_APPEND) ? found.st_size : lseek(fd, 0, SEEK_CUR);
  pthread_mutex_lock(&table);
  struct inode *inode = inode_of(fd, &found);
  if (inode != NULL) add_range(inode, to - bytes, to);
  if (inode != NULL) control->written += bytes;
  pthread_mutex_unlock(&table);
  if (inode != NULL && (flags & (O_SYNC | O_DSYNC))) synced(fd, REAL(fdatasync), &control->fdatasyncs);
  errno = before;
  return bytes;
}

/* One at a time where the place is the end of the file: so that the end is known to be this write's. */
#define APPENDING(fd, call)                                                     \
  int is_appending = watch_length != 0 && (fcntl(fd, F_GETFL) & O_APPEND) != 0; \
  if (is_appending) pthread_mutex_lock(&appending);                             \
  ssize_t result = call;                                                        \
  if (is_appending) pthread_mutex_unlock(&appending);                           \
  return result;

static ssize_t full(void) {
  errno = ENOSPC;
  return -1;
}

ssize_t write(int fd, const void *from, size_t bytes) {
  size_t room = room_for(fd, bytes, -1);
  if (room == 0 && bytes > 0) return full();
  APPENDING(fd, noted(fd, REAL(write)(fd, from, room), -1))
}

ssize_t pwrite(int fd, const void *from, size_t bytes, off_t at) {
  size_t room = room_for(fd, bytes, at);
  return room == 0 && bytes > 0 ? full() : noted(fd, REAL(pwrite)(fd, from, room, at), at);
}
ssize_t pwrite64(int fd, const void *from, size_t bytes, off64_t at) { return pwrite(fd, from, bytes, at); }

static size_t bytes_in(const struct iovec *parts, int count) {
  size_t bytes = 0;
  for (int each = 0; each < count; each++) bytes += parts[each].iov_len;
  return bytes;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  size_t bytes = bytes_in(parts, count), room = room_for(fd, bytes, -1);
  if (room == 0 && bytes > 0) return full();
  if (room < bytes) return write(fd, parts[0].iov_base, parts[0].iov_len < room ? parts[0].iov_len : room);
  APPENDING(fd, noted(fd, REAL(writev)(fd, parts, count), -1))
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  size_t bytes = bytes_in(parts, count), room = room_for(fd, bytes, at);
  if (room == bytes) return noted(fd, REAL(pwritev)(fd, parts, count, at), at);
  return room == 0 ? full() : pwrite(fd, parts[0].iov_base, parts[0].iov_len < room ? parts[0].iov_len : room, at);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { return pwritev(fd, parts, count, at); }

static void all_dirty(int fd) {
  struct stat found;
  char buffer[PATH_MAX];
  if (watch_length == 0 || fstat(fd, &found) != 0 || place_of(fd, buffer) == NULL) return;
  pthread_mutex_lock(&table);
  slot_of(found.st_ino, 1)->is_all_dirty = 1;
  pthread_mutex_unlock(&table);
}

/* Growth by truncation is a hole and takes no room; SQLite fills it before it relies on it. */
int ftruncate(int fd, off_t length) {
  int result = REAL(ftruncate)(fd, length);
  if (result == 0) all_dirty(fd);
  return result;
}
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

static int no_room(int fd, off_t at, off_t length) {
  if (room_for(fd, (size_t)length, at) == (size_t)length) return 0;
  errno = ENOSPC;
  return 1;
}

int fallocate(int fd, int mode, off_t at, off_t length) {
  return no_room(fd, at, length) ? -1 : REAL(fallocate)(fd, mode, at, length);
}
int fallocate64(int fd, int mode, off64_t at, off64_t length) { return fallocate(fd, mode, at, length); }
int posix_fallocate(int fd, off_t at, off_t length) {
  return no_room(fd, at, length) ? ENOSPC : REAL(posix_fallocate)(fd, at, length);
}
int posix_fallocate64(int fd, off64_t at, off64_t length) { return posix_fallocate(fd, at, length); }

int fsync(int fd) { return synced(fd, REAL(fsync), &control->fsyncs); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync), &control->fdatasyncs); }

/* ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Whether a change is refused because the disk is read-only; paths that are not absolute are taken as elsewhere. */
static int is_refused(const char *path) {
  if (__atomic_load_n(&control->is_read_only, __ATOMIC_SEQ_CST) == 0 || below(path) == NULL) return 0;
  __atomic_add_fetch(&control->refusals, 1, __ATOMIC_SEQ_CST);
  errno = EROFS;
  return 1;
}

/* A file that is there can be opened with O_CREAT all the same, if nothing is to be written. */
static int changes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC); }

static int opened(int fd, int flags) {
  int before = errno;
  if (fd >= 0 && (flags & O_TRUNC)) all_dirty(fd);
  errno = before;
  return fd;
}

static mode_t mode_in(int flags, va_list rest) {
  return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name)                                   \
  int name(const char *path, int flags, ...) {       \
    va_list rest;                                    \
    va_start(rest, flags);                           \
    mode_t mode = mode_in(flags, rest);              \
    va_end(rest);                                    \
    if (changes(flags) && is_refused(path)) return -1; \
    return opened(REAL(name)(path, flags, mode), flags); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                        \
  int name(int folder, const char *path, int flags, ...) {  \
    va_list rest;                                           \
    va_start(rest, flags);                                  \
    mode_t mode = mode_in(flags, rest);                     \
    va_end(rest);                                           \
    if (changes(flags) && is_refused(path)) return -1;      \
    return opened(REAL(name)(folder, path, flags, mode), flags); \
  }
OPENAT(openat)
OPENAT(openat64)

int creat(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

/* The inode that a call is about to leave without a name; 0 where it leaves none. */
static ino_t last_name(int folder, const char *path) {
  struct stat found;
  if (watch_length == 0 || fstatat(folder, path, &found, AT_SYMLINK_NOFOLLOW) != 0) return 0;
  return S_ISREG(found.st_mode) && found.st_nlink == 1 ? found.st_ino : 0;
}

/* Under the lock of the shadow: a sync in another thread sees all of a change of names, or nothing of it. */
#define CHANGING(path, doomed, call)       \
  if (is_refused(path)) return -1;         \
  ino_t gone = doomed;                     \
  if (gone == 0) return call;              \
  pthread_mutex_lock(&syncing);            \
  int result = call, after = errno;        \
  if (result == 0) forget(gone);           \
  pthread_mutex_unlock(&syncing);          \
  errno = after;                           \
  return result;

int unlink(const char *path) { CHANGING(path, last_name(AT_FDCWD, path), REAL(unlink)(path)) }
int unlinkat(int folder, const char *path, int flags) {
  CHANGING(path, last_name(folder, path), REAL(unlinkat)(folder, path, flags))
}
int remove(const char *path) { CHANGING(path, last_name(AT_FDCWD, path), REAL(remove)(path)) }
int rename(const char *from, const char *to) { CHANGING(to, last_name(AT_FDCWD, to), REAL(rename)(from, to)) }
int renameat(int a, const char *from, int b, const char *to) {
  CHANGING(to, last_name(b, to), REAL(renameat)(a, from, b, to))
}

int mkdir(const char *path, mode_t mode) { return is_refused(path) ? -1 : REAL(mkdir)(path, mode); }

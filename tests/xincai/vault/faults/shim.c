/* A disk that fails on command, for LD_PRELOAD.
 *
 * Counts the system calls that change files below a watched folder. At the Nth it kills the process, writes half
 * and kills, or fails once or for ever with an errno. fsync is answered without waiting: a killed process loses
 * nothing that the kernel has. An errno that only some calls know (EMFILE: opening; EACCES: what names files)
 * is given by those alone.
 *
 * Or it writes all of them down into a file, so that what a power cut may leave can be made of it: a line of
 * letter, inode, place, size and path, then so many bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { OFF, KILL, HALF, ONCE, STICKY, RECORD };
enum { DATA, NAMES, OPENS };

static char watched[4096];
static long seen, at;
static unsigned char kinds[1 << 14];
static int mode, failure, fired, tape = -1;

void shim_arm(const char *folder, long nth, int how, int error)
{
    strncpy(watched, folder, sizeof watched - 1);
    seen = 0;
    at = nth;
    mode = how;
    failure = error;
    fired = 0;
}

/* Write down from now on, into an open file that is not below the folder. */
void shim_record(const char *folder, int into)
{
    shim_arm(folder, 0, RECORD, 0);
    tape = into;
}

int shim_fired(void) { return fired; }

long shim_seen(void) { return seen; }

/* What kind of call the Nth was, of those since the shim was armed. */
int shim_kind(long nth) { return kinds[nth % (long)sizeof kinds]; }

static int below(const char *path) { return mode != OFF && strncmp(path, watched, strlen(watched)) == 0; }

static int file(int fd)
{
    char name[64], path[4096];
    if (mode == OFF)
        return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(name, path, sizeof path - 1);
    if (size < 0)
        return 0;
    path[size] = 0;
    return below(path);
}

/* 0: go on. 1: fail with errno set. 2: do half of it, then die. */
static int turn(int kind)
{
    seen++;
    kinds[seen % (long)sizeof kinds] = kind;
    if (mode == RECORD || seen < at || (seen > at && mode != STICKY))
        return 0;
    if ((failure == EMFILE && kind != OPENS) || (failure == EACCES && kind == DATA))
        return 0;
    fired = 1;
    if (mode == KILL)
        raise(SIGKILL);
    if (mode == HALF)
        return 2;
    errno = failure;
    return 1;
}

static void note(char letter, ino_t inode, long place, size_t size, const char *path, const void *data)
{
    char line[9000];
    ssize_t (*put)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    int length = snprintf(line, sizeof line, "%c %lu %ld %zu %s\n", letter, (unsigned long)inode, place, size, path);
    if (put(tape, line, length) < 0 || (size && put(tape, data, size) < 0))
        raise(SIGABRT);
}

static ino_t inode(int fd)
{
    struct stat told;
    return fstat(fd, &told) == 0 ? told.st_ino : 0;
}

static ino_t inode_at(const char *path)
{
    struct stat told;
    return lstat(path, &told) == 0 ? told.st_ino : 0;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = dlsym(RTLD_NEXT, name)

#define WRITER(symbol, name, params, args, half) \
    ssize_t symbol params \
    { \
        REAL(ssize_t, name, int, const void *, size_t, off_t); \
        if (file(fd)) { \
            int how = turn(DATA); \
            if (how == 1) return -1; \
            if (how == 2) { real half; raise(SIGKILL); } \
            if (mode == RECORD) note('w', inode(fd), place, size, "", data); \
        } \
        return real args; \
    }

WRITER(pwrite, "pwrite", (int fd, const void *data, size_t size, off_t place), (fd, data, size, place),
       (fd, data, size / 2, place))
WRITER(pwrite64, "pwrite64", (int fd, const void *data, size_t size, off_t place), (fd, data, size, place),
       (fd, data, size / 2, place))

ssize_t write(int fd, const void *data, size_t size)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    if (file(fd)) {
        int how = turn(DATA);
        if (how == 1) return -1;
        if (how == 2) { real(fd, data, size / 2); raise(SIGKILL); }
        if (mode == RECORD) note('w', inode(fd), lseek(fd, 0, SEEK_CUR), size, "", data);
    }
    return real(fd, data, size);
}

#define OTHER(symbol, name, params, args, here, types, kind, told) \
    int symbol params \
    { \
        REAL(int, name, types); \
        if (here) { \
            int how = turn(kind); \
            if (how == 1) return -1; \
            if (how == 2) { real args; raise(SIGKILL); } \
            if (mode == RECORD) { told; } \
        } \
        return real args; \
    }
#define LIST(...) __VA_ARGS__

static int renamed(const char *from, const char *to)
{
    char both[8200];
    snprintf(both, sizeof both, "%s\t%s", from, to);
    note('r', inode_at(from), 0, 0, both, 0);
    return 0;
}

OTHER(ftruncate, "ftruncate", (int fd, off_t size), (fd, size), file(fd), LIST(int, off_t), DATA,
      note('t', inode(fd), size, 0, "", 0))
OTHER(ftruncate64, "ftruncate64", (int fd, off_t size), (fd, size), file(fd), LIST(int, off_t), DATA,
      note('t', inode(fd), size, 0, "", 0))
OTHER(unlink, "unlink", (const char *path), (path), below(path), const char *, NAMES,
      if (inode_at(path)) note('u', inode_at(path), 0, 0, path, 0))
OTHER(rmdir, "rmdir", (const char *path), (path), below(path), const char *, NAMES, note('d', 0, 0, 0, path, 0))
OTHER(mkdir, "mkdir", (const char *path, mode_t bits), (path, bits), below(path), LIST(const char *, mode_t), NAMES,
      note('m', 0, 0, 0, path, 0))
OTHER(rename, "rename", (const char *from, const char *to), (from, to), below(from) || below(to),
      LIST(const char *, const char *), NAMES, renamed(from, to))

static int sync_fd(int fd)
{
    if (file(fd)) {
        int how = turn(DATA);
        if (how == 1) return -1;
        if (how == 2) raise(SIGKILL);
        if (mode == RECORD) {
            char name[64], path[4096] = "";
            snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
            if (readlink(name, path, sizeof path - 1) > 0)
                note('s', inode(fd), 0, 0, path, 0);
        }
    }
    return 0;
}

int fsync(int fd) { return sync_fd(fd); }
int fdatasync(int fd) { return sync_fd(fd); }

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t bits)
{
    int changes = flags & (O_CREAT | O_TRUNC);
    if (!changes || !below(path))
        return real(path, flags, bits);
    int how = turn(OPENS);
    if (how == 1)
        return -1;
    if (how == 2) {
        real(path, flags, bits);
        raise(SIGKILL);
    }
    int there = mode == RECORD && inode_at(path) != 0, fd = real(path, flags, bits);
    if (mode == RECORD && fd >= 0 && (!there || flags & O_TRUNC))
        note(there ? 't' : 'c', inode(fd), 0, 0, path, 0);
    return fd;
}

#define OPENER(symbol, name) \
    int symbol(const char *path, int flags, ...) \
    { \
        REAL(int, name, const char *, int, ...); \
        mode_t bits = 0; \
        if (flags & O_CREAT) { \
            va_list more; \
            va_start(more, flags); \
            bits = va_arg(more, mode_t); \
            va_end(more); \
        } \
        return opened(real, path, flags, bits); \
    }

OPENER(open, "open")
OPENER(open64, "open64")

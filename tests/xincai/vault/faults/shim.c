/* A disk that fails on command, for LD_PRELOAD.
 *
 * Counts the system calls that change files below a watched folder. At the Nth it kills the process, writes half
 * and kills, or fails once or for ever with an errno. fsync is answered without waiting: a killed process loses
 * nothing that the kernel has.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { OFF, KILL, HALF, ONCE, STICKY };

static char watched[4096];
static long seen, at;
static int mode, failure;

void shim_arm(const char *folder, long nth, int how, int error)
{
    strncpy(watched, folder, sizeof watched - 1);
    seen = 0;
    at = nth;
    mode = how;
    failure = error;
}

long shim_seen(void) { return seen; }

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
static int turn(void)
{
    seen++;
    if (seen < at || (seen > at && mode != STICKY))
        return 0;
    if (mode == KILL)
        raise(SIGKILL);
    if (mode == HALF)
        return 2;
    errno = failure;
    return 1;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = dlsym(RTLD_NEXT, name)

#define WRITER(symbol, name, params, args, half) \
    ssize_t symbol params \
    { \
        REAL(ssize_t, name, int, const void *, size_t, off_t); \
        if (file(fd)) { \
            int how = turn(); \
            if (how == 1) return -1; \
            if (how == 2) { real half; raise(SIGKILL); } \
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
        int how = turn();
        if (how == 1) return -1;
        if (how == 2) { real(fd, data, size / 2); raise(SIGKILL); }
    }
    return real(fd, data, size);
}

#define OTHER(symbol, name, params, args, here, types) \
    int symbol params \
    { \
        REAL(int, name, types); \
        if (here) { \
            int how = turn(); \
            if (how == 1) return -1; \
            if (how == 2) { real args; raise(SIGKILL); } \
        } \
        return real args; \
    }
#define PAIR(a, b) a, b

OTHER(ftruncate, "ftruncate", (int fd, off_t size), (fd, size), file(fd), PAIR(int, off_t))
OTHER(ftruncate64, "ftruncate64", (int fd, off_t size), (fd, size), file(fd), PAIR(int, off_t))
OTHER(unlink, "unlink", (const char *path), (path), below(path), const char *)
OTHER(rename, "rename", (const char *from, const char *to), (from, to), below(from), PAIR(const char *, const char *))

static int sync_fd(int fd)
{
    if (file(fd)) {
        int how = turn();
        if (how == 1) return -1;
        if (how == 2) raise(SIGKILL);
    }
    return 0;
}

int fsync(int fd) { return sync_fd(fd); }
int fdatasync(int fd) { return sync_fd(fd); }

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
        if ((flags & O_CREAT) && below(path)) { \
            int how = turn(); \
            if (how == 1) return -1; \
            if (how == 2) { real(path, flags, bits); raise(SIGKILL); } \
        } \
        return real(path, flags, bits); \
    }

OPENER(open, "open")
OPENER(open64, "open64")

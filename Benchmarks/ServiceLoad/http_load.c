// An HTTP/1.1 client that costs next to nothing: some connections, the same request over and over on each.
//
//   http-load PORT CONNECTIONS REQUESTS RETRIES < request      sends it REQUESTS times in all, reads every answer
//   http-load PORT CONNECTIONS idle < request                  sends it once on each connection, then keeps them open until
//                                                              standard input, reopened as /dev/fd/3, ends
//
// An answer must have a Content-Length. A 503 is sent again after a quarter of a second, up to RETRIES times on each
// connection; any other answer over 299 ends the program. Prints one JSON object.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_BYTES = 64 * 1024 };

static uint16_t port;
static char *request;
static size_t request_bytes;
static atomic_long requests_left, retried;
static long retries_max;
static atomic_long slowest_us;

static void fail(const char *what) {
    fprintf(stderr, "http-load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static long now_us(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000L + time.tv_nsec / 1000;
}

static int open_connection(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) fail("socket");
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
    return fd;
}

static int send_request(int fd) {
    size_t sent = 0;
    while (sent < request_bytes) {
        ssize_t part = send(fd, request + sent, request_bytes - sent, MSG_NOSIGNAL);
        if (part <= 0) return 0;  // refused in the middle: the answer is there
        sent += (size_t)part;
    }
    return 1;
}

// Reads one answer whole; its status, 0 where the connection ended. Sets *keeps where another request may follow.
static int read_answer(int fd, int *keeps) {
    static _Thread_local char buffer[ANSWER_BYTES + 1];
    size_t have = 0;
    char *end = NULL;
    while (end == NULL) {
        if (have == ANSWER_BYTES) fail("an answer's header is too long");
        ssize_t part = recv(fd, buffer + have, ANSWER_BYTES - have, 0);
        if (part <= 0) return 0;
        have += (size_t)part;
        buffer[have] = 0;
        end = strstr(buffer, "\r\n\r\n");
    }
    int status = atoi(buffer + 9);
    char *length = strcasestr(buffer, "\r\ncontent-length:");
    if (length == NULL || length > end) fail("an answer without Content-Length");
    *keeps = strcasestr(buffer, "\r\nconnection: close") == NULL;
    long left = atol(length + 17) - (long)(have - (size_t)(end + 4 - buffer));
    while (left > 0) {
        ssize_t part = recv(fd, buffer, left < ANSWER_BYTES ? (size_t)left : ANSWER_BYTES, 0);
        if (part <= 0) return 0;
        left -= part;
    }
    return status;
}

static void *run_connection(void *unused) {
    (void)unused;
    int fd = open_connection();
    long retries = 0;
    while (atomic_fetch_sub(&requests_left, 1) > 0) {
        long start = now_us();
        for (;;) {
            int keeps = 1;
            int was_sent = send_request(fd);
            int status = read_answer(fd, &keeps);
            if (!was_sent || !keeps || status == 0) {
                close(fd);
                fd = open_connection();
            }
            if (status >= 200 && status < 300) break;
            if ((status != 503 && status != 0) || retries++ >= retries_max) {
                fprintf(stderr, "http-load: status %d\n", status);
                exit(1);
            }
            atomic_fetch_add(&retried, 1);
            usleep(250000);
        }
        long took = now_us() - start;
        long before = atomic_load(&slowest_us);
        while (took > before && !atomic_compare_exchange_weak(&slowest_us, &before, took)) {
        }
    }
    close(fd);
    return NULL;
}

static void read_request(void) {
    size_t capacity = 1 << 20;
    request = malloc(capacity);
    for (;;) {
        if (request == NULL) fail("memory");
        ssize_t part = read(STDIN_FILENO, request + request_bytes, capacity - request_bytes);
        if (part < 0) fail("read");
        if (part == 0) return;
        request_bytes += (size_t)part;
        if (request_bytes == capacity) request = realloc(request, capacity *= 2);
    }
}

static int keep_idle(long connections) {
    for (long i = 0; i < connections; i++) {
        int keeps = 0;
        int fd = open_connection();
        if (!send_request(fd) || read_answer(fd, &keeps) != 200 || !keeps) fail("a connection that does not stay");
    }
    printf("{\"connections\": %ld}\n", connections);
    fflush(stdout);
    char byte;
    while (read(3, &byte, 1) > 0) {
    }
    return 0;
}

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "usage: http-load PORT CONNECTIONS REQUESTS|idle [RETRIES] < request\n");
        return 64;
    }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    port = (uint16_t)atoi(arguments[1]);
    long connections = atol(arguments[2]);
    read_request();
    if (strcmp(arguments[3], "idle") == 0) return keep_idle(connections);
    long requests = atol(arguments[3]);
    atomic_store(&requests_left, requests);
    retries_max = count > 4 ? atol(arguments[4]) : 0;
    pthread_t *threads = calloc((size_t)connections, sizeof *threads);
    if (threads == NULL) fail("memory");
    long start = now_us();
    for (long i = 0; i < connections; i++)
        if (pthread_create(&threads[i], NULL, run_connection, NULL) != 0) fail("thread");
    for (long i = 0; i < connections; i++) pthread_join(threads[i], NULL);
    double seconds = (double)(now_us() - start) / 1e6;
    printf(
        "{\"requests\": %ld, \"seconds\": %.6f, \"retried\": %ld, \"slowest_seconds\": %.6f}\n", requests, seconds,
        atomic_load(&retried), (double)atomic_load(&slowest_us) / 1e6);
    return 0;
}

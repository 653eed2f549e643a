// Waiting for the hub and for the other threads.
#define _GNU_SOURCE  // pthread_setname_np
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "connection.h"

int crmq_wakeup_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void crmq_wakeup_signal(int descriptor) {
    uint64_t one = 1;
    ssize_t written;
    // EAGAIN, a full counter, is as good as a wake-up.
    do written = write(descriptor, &one, sizeof one);
    while (written < 0 && errno == EINTR);
}

void crmq_wakeup_close(int descriptor) { close(descriptor); }

void crmq_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

int64_t crmq_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int crmq_wait(crmq_connection *connection, int wakeup, int timeout_ms) {
    int socket = amqp_get_sockfd(connection->state);
    if (socket < 0) return CRMQ_CLOSED;
    struct pollfd polled[2] = {
        {.fd = socket, .events = POLLIN | (connection->out_count > 0 ? POLLOUT : 0)},
        {.fd = wakeup, .events = POLLIN},
    };
    int ready = poll(polled, 2, timeout_ms);
    if (ready < 0) return errno == EINTR ? 0 : CRMQ_CLOSED;
    int events = 0;
    // An error or hang-up shows itself at the next read.
    if (polled[0].revents & (POLLIN | POLLERR | POLLHUP | POLLNVAL)) events |= CRMQ_READABLE;
    if (polled[0].revents & POLLOUT) events |= CRMQ_WRITABLE;
    if (polled[1].revents & POLLIN) {
        uint64_t count;
        ssize_t taken = read(wakeup, &count, sizeof count);
        (void)taken;
        events |= CRMQ_WOKEN;
    }
    return events;
}

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "loads.h"
#include "peer.h"

static int compare(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

void load_cycles(int port, long cycles) {
    double *times = calloc((size_t)cycles, sizeof *times);
    if (times == NULL) fail("no memory for the times");
    for (long cycle = 0; cycle < cycles; cycle++) {
        double began = seconds_now();
        amqp_connection_state_t connection = connection_open(port);
        amqp_channel_close(connection, 1, AMQP_REPLY_SUCCESS);
        amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
        amqp_destroy_connection(connection);
        times[cycle] = seconds_now() - began;
    }
    qsort(times, (size_t)cycles, sizeof *times, compare);
    printf("{\"p50_ms\": %.3f, \"p99_ms\": %.3f}\n", times[cycles / 2] * 1e3, times[cycles * 99 / 100] * 1e3);
    free(times);
}

static void raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

// Sends one message through a queue and gets it back.
static void pass_message(amqp_connection_state_t connection, const char *queue) {
    static char body[body_size];
    amqp_bytes_t bytes = {.len = sizeof body, .bytes = body};
    amqp_bytes_t key = amqp_cstring_bytes(queue);
    int status = amqp_basic_publish(connection, 1, amqp_empty_bytes, key, 0, 0, NULL, bytes);
    if (status != AMQP_STATUS_OK) fail("basic.publish: %s", amqp_error_string2(status));
    amqp_rpc_reply_t reply = amqp_basic_get(connection, 1, key, 1);
    if (reply.reply_type != AMQP_RESPONSE_NORMAL || reply.reply.id != AMQP_BASIC_GET_OK_METHOD) {
        fail("queue %s does not give back its message", queue);
    }
    amqp_message_t message;
    amqp_read_message(connection, 1, &message, 0);
    if (message.body.len != sizeof body) fail("queue %s gives back something else", queue);
    amqp_destroy_message(&message);
    amqp_maybe_release_buffers(connection);
}

void load_crowd(int port, int connections, int queues) {
    raise_descriptor_limit();
    amqp_connection_state_t *all = calloc((size_t)connections, sizeof *all);
    if (all == NULL) fail("no memory for the connections");
    double began = seconds_now();
    for (int index = 0; index < connections; index++) all[index] = connection_open(port);
    char name[64];
    for (int index = 0; index < queues; index++) {
        snprintf(name, sizeof name, "bench.crowd.%d.%d", (int)getpid(), index);
        queue_declare(all[index % connections], name);
    }
    for (int index = 0; index < queues; index++) {
        snprintf(name, sizeof name, "bench.crowd.%d.%d", (int)getpid(), index);
        pass_message(all[index % connections], name);
    }
    printf("{\"seconds\": %.2f}\n", seconds_now() - began);
    fflush(stdout);
    char line[8];
    if (fgets(line, sizeof line, stdin) == NULL) fail("nobody said when to close");
    for (int index = 0; index < connections; index++) {
        amqp_connection_close(all[index], AMQP_REPLY_SUCCESS);
        amqp_destroy_connection(all[index]);
    }
    free(all);
}

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loads.h"
#include "peer.h"

enum {
    in_flight_max = 256,
    // Correlation ids are numbers of so many digits.
    id_size = 8,
};
static const char id_none[] = "--------";

typedef struct {
    peer peer;
    // A message as it goes out, and where in it the correlation id is.
    uint8_t message[publish_size_max];
    size_t message_size;
    uint8_t *id;
    // Messages that go out together.
    uint8_t out[in_flight_max * publish_size_max];
    size_t out_size;
} side;

typedef struct {
    long requests;
    side requester, responder;
    char request_queue[64], reply_queue[64];
} exchange;

static void prepare(side *side, const char *queue, const char *reply_to) {
    side->message_size = encode_publish(side->message, queue, id_none, reply_to);
    side->id = memmem(side->message, side->message_size, id_none, id_size);
    side->out_size = 0;
    peer_take_socket(&side->peer);
}

static void say(side *side, const uint8_t *id) {
    memcpy(side->id, id, id_size);
    memcpy(side->out + side->out_size, side->message, side->message_size);
    side->out_size += side->message_size;
}

static void flush(side *side) {
    peer_write(&side->peer, side->out, side->out_size);
    side->out_size = 0;
}

// Waits for a message; copies its correlation id, which comes behind flags and content type.
static void hear(side *side, uint8_t id[id_size]) {
    for (;;) {
        frame frame = peer_next(&side->peer);
        if (frame.type == AMQP_FRAME_HEADER) {
            const uint8_t *content_type = frame.payload + 14;
            const uint8_t *correlation_id = content_type + 1 + *content_type;
            if (*correlation_id != id_size) fail("a message without its correlation id came");
            memcpy(id, correlation_id + 1, id_size);
        }
        if (frame.type == AMQP_FRAME_BODY) return;
    }
}

static void *respond(void *argument) {
    exchange *exchange = argument;
    uint8_t id[id_size];
    for (long answered = 0; answered < exchange->requests; answered++) {
        hear(&exchange->responder, id);
        say(&exchange->responder, id);
        if (!peer_has_frame(&exchange->responder.peer)) flush(&exchange->responder);
    }
    flush(&exchange->responder);
    return NULL;
}

static int compare(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void request(side *side, long number, double *times) {
    char id[32];
    snprintf(id, sizeof id, "%0*ld", id_size, number);
    times[number] = seconds_now();
    say(side, (const uint8_t *)id);
}

void load_requests(int port, long requests, int in_flight) {
    if (in_flight > in_flight_max || requests < in_flight || requests > 99999999) fail("too many or too few requests");
    exchange *exchange = calloc(1, sizeof *exchange);
    double *times = calloc((size_t)requests, sizeof *times);
    if (exchange == NULL || times == NULL) fail("no memory for the requests");
    exchange->requests = requests;
    side *side = &exchange->requester;
    snprintf(exchange->request_queue, sizeof exchange->request_queue, "bench.requests.%d", (int)getpid());
    snprintf(exchange->reply_queue, sizeof exchange->reply_queue, "bench.replies.%d", (int)getpid());
    peer_open(&side->peer, port);
    peer_open(&exchange->responder.peer, port);
    queue_declare(side->peer.connection, exchange->reply_queue);
    peer_consume(&side->peer, exchange->reply_queue, false, 0);
    queue_declare(exchange->responder.peer.connection, exchange->request_queue);
    peer_consume(&exchange->responder.peer, exchange->request_queue, false, 0);
    prepare(side, exchange->request_queue, exchange->reply_queue);
    prepare(&exchange->responder, exchange->reply_queue, NULL);

    pthread_t responder;
    if (pthread_create(&responder, NULL, respond, exchange) != 0) fail("no thread for the responder");
    double began = seconds_now();
    long sent = 0;
    while (sent < in_flight) request(side, sent++, times);
    flush(side);
    for (long answered = 0; answered < requests; answered++) {
        uint8_t id[id_size + 1] = {0};
        hear(side, id);
        long number = strtol((const char *)id, NULL, 10);
        times[number] = seconds_now() - times[number];
        if (sent < requests) request(side, sent++, times);
        if (side->out_size > 0 && !peer_has_frame(&side->peer)) flush(side);
    }
    double took = seconds_now() - began;
    pthread_join(responder, NULL);
    qsort(times, (size_t)requests, sizeof *times, compare);
    printf(
        "{\"per_second\": %.0f, \"p50_us\": %.1f, \"p99_us\": %.1f}\n", (double)requests / took,
        times[requests / 2] * 1e6, times[requests * 99 / 100] * 1e6);
    peer_close(&side->peer);
    peer_close(&exchange->responder.peer);
    free(times);
    free(exchange);
}

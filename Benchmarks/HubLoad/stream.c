#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "loads.h"
#include "peer.h"

enum {
    // Messages in one write.
    batch_count = 32,
    // Publishes that may wait for their confirm, and deliveries for their acknowledgement.
    window = 1024,
    prefetch = 1024,
    ack_size = 21,
};

typedef struct {
    int port;
    long messages;
    bool is_confirmed;
    char queue[64];
    peer consumer;
    double ended;
} stream;

static void *consume(void *argument) {
    stream *stream = argument;
    static uint8_t acks[512 * ack_size];
    size_t acks_size = 0;
    uint64_t tag = 0;
    for (long received = 0; received < stream->messages;) {
        if (acks_size > 0 && (acks_size == sizeof acks || !peer_has_frame(&stream->consumer))) {
            peer_write(&stream->consumer, acks, acks_size);
            acks_size = 0;
        }
        frame frame = peer_next(&stream->consumer);
        if (frame.type == AMQP_FRAME_METHOD) {
            if (method_of(&frame) != AMQP_BASIC_DELIVER_METHOD) fail("something else than a delivery came");
            tag = delivery_tag_of(&frame);
        } else if (frame.type == AMQP_FRAME_BODY) {
            if (frame.size != body_size) fail("a message of %zu bytes came", frame.size);
            received++;
            if (stream->is_confirmed) acks_size += encode_ack(acks + acks_size, tag);
        }
    }
    if (acks_size > 0) peer_write(&stream->consumer, acks, acks_size);
    stream->ended = seconds_now();
    return NULL;
}

// Takes one confirm; returns the number up to which all are confirmed.
static uint64_t take_confirm(peer *publisher, bool *confirmed, uint64_t low) {
    frame frame = peer_next(publisher);
    if (method_of(&frame) != AMQP_BASIC_ACK_METHOD) fail("something else than a confirm came");
    uint64_t tag = load_64(frame.payload + 4);
    if (tag <= low || tag > low + window) fail("a confirm of what is not open came");
    bool is_multiple = frame.payload[12] & 1;
    for (uint64_t each = is_multiple ? low + 1 : tag; each <= tag; each++) confirmed[each % window] = true;
    while (confirmed[(low + 1) % window]) confirmed[++low % window] = false;
    return low;
}

static void publish(const stream *stream, peer *publisher) {
    static uint8_t batch[batch_count * publish_size_max];
    size_t size = 0;
    for (int index = 0; index < batch_count; index++) {
        size += encode_publish(batch + size, stream->queue, NULL, NULL);
    }
    // Whether a publish is confirmed, by its number modulo the window.
    static bool confirmed[window];
    uint64_t low = 0;
    for (long published = 0; published < stream->messages; published += batch_count) {
        while (stream->is_confirmed && (uint64_t)published + batch_count - low > window) {
            low = take_confirm(publisher, confirmed, low);
        }
        peer_write(publisher, batch, size);
    }
    while (stream->is_confirmed && low < (uint64_t)stream->messages) low = take_confirm(publisher, confirmed, low);
}

void load_stream(int port, long messages, bool is_confirmed) {
    stream stream = {.port = port, .messages = messages / batch_count * batch_count, .is_confirmed = is_confirmed};
    snprintf(stream.queue, sizeof stream.queue, "bench.stream.%d", (int)getpid());
    peer publisher;
    peer_open(&publisher, port);
    peer_open(&stream.consumer, port);
    queue_declare(stream.consumer.connection, stream.queue);
    peer_consume(&stream.consumer, stream.queue, is_confirmed, is_confirmed ? prefetch : 0);
    if (is_confirmed) {
        amqp_confirm_select(publisher.connection, 1);
        expect_reply(publisher.connection, "confirm.select");
    }
    peer_take_socket(&publisher);
    peer_take_socket(&stream.consumer);

    double began = seconds_now();
    pthread_t consumer;
    if (pthread_create(&consumer, NULL, consume, &stream) != 0) fail("no thread for the consumer");
    publish(&stream, &publisher);
    double published = seconds_now();
    pthread_join(consumer, NULL);
    double ended = stream.ended > published ? stream.ended : published;
    printf("{\"per_second\": %.0f}\n", (double)stream.messages / (ended - began));
    peer_close(&publisher);
    peer_close(&stream.consumer);
}

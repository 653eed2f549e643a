#include "peer.h"

#include <amqp_tcp_socket.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Room for what one read may bring.
enum { receive_size = 256 << 10 };
enum { frame_header_size = 7, frame_overhead = 8, frame_end = 0xCE };

_Noreturn void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("hub-load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void expect_reply(amqp_connection_state_t connection, const char *what) {
    amqp_rpc_reply_t reply = amqp_get_rpc_reply(connection);
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) fail("%s: %s", what, amqp_error_string2(reply.library_error));
    fail("%s: the hub refused it with %s", what, amqp_method_name(reply.reply.id));
}

amqp_connection_state_t connection_try(int port) {
    amqp_connection_state_t connection = amqp_new_connection();
    amqp_socket_t *socket = connection == NULL ? NULL : amqp_tcp_socket_new(connection);
    if (socket == NULL) fail("no memory for a connection");
    if (amqp_socket_open(socket, "127.0.0.1", port) != AMQP_STATUS_OK) {
        amqp_destroy_connection(connection);
        return NULL;
    }
    // No heartbeats: nobody is away for long here.
    amqp_rpc_reply_t reply = amqp_login(connection, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest");
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) fail("the hub on port %d does not let guest in", port);
    amqp_channel_open(connection, 1);
    expect_reply(connection, "channel.open");
    return connection;
}

amqp_connection_state_t connection_open(int port) {
    amqp_connection_state_t connection = connection_try(port);
    if (connection == NULL) fail("nobody listens on port %d", port);
    return connection;
}

void peer_open(peer *peer, int port) {
    peer->connection = connection_open(port);
    peer->socket = amqp_get_sockfd(peer->connection);
    peer->bytes = malloc(receive_size);
    if (peer->bytes == NULL) fail("no memory to receive into");
    peer->start = peer->end = 0;
}

void peer_consume(peer *peer, const char *queue, bool acknowledges, uint16_t prefetch) {
    if (prefetch > 0) {
        amqp_basic_qos(peer->connection, 1, 0, prefetch, 0);
        expect_reply(peer->connection, "basic.qos");
    }
    amqp_basic_consume(
        peer->connection, 1, amqp_cstring_bytes(queue), amqp_empty_bytes, 0, !acknowledges, 0, amqp_empty_table);
    expect_reply(peer->connection, "basic.consume");
}

void peer_take_socket(peer *peer) {
    if (amqp_data_in_buffer(peer->connection)) fail("librabbitmq has read ahead");
    int flags = fcntl(peer->socket, F_GETFL);
    if (flags < 0 || fcntl(peer->socket, F_SETFL, flags & ~O_NONBLOCK) < 0) fail("fcntl: %s", strerror(errno));
}

static uint32_t load_32(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

uint64_t load_64(const uint8_t *at) { return (uint64_t)load_32(at) << 32 | load_32(at + 4); }

static void store_64(uint8_t *at, uint64_t value) {
    for (int index = 7; index >= 0; index--, value >>= 8) at[index] = (uint8_t)value;
}

bool peer_has_frame(const peer *peer) {
    size_t count = peer->end - peer->start;
    return count >= frame_overhead && count >= load_32(peer->bytes + peer->start + 3) + frame_overhead;
}

frame peer_next(peer *peer) {
    while (!peer_has_frame(peer)) {
        if (peer->start > 0) {
            memmove(peer->bytes, peer->bytes + peer->start, peer->end - peer->start);
            peer->end -= peer->start;
            peer->start = 0;
        }
        if (peer->end == receive_size) fail("a frame is larger than was agreed on");
        ssize_t count = recv(peer->socket, peer->bytes + peer->end, receive_size - peer->end, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) fail("the hub closed the connection: %s", count == 0 ? "end of stream" : strerror(errno));
        peer->end += (size_t)count;
    }
    const uint8_t *at = peer->bytes + peer->start;
    frame next = {
        .type = at[0],
        .channel = (uint16_t)(at[1] << 8 | at[2]),
        .payload = at + frame_header_size,
        .size = load_32(at + 3),
    };
    if (next.payload[next.size] != frame_end) fail("the bytes are no AMQP frames");
    peer->start += next.size + frame_overhead;
    return next;
}

void peer_write(const peer *peer, const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    while (count > 0) {
        ssize_t written = send(peer->socket, at, count, MSG_NOSIGNAL);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("the hub takes nothing: %s", strerror(errno));
        at += written;
        count -= (size_t)written;
    }
}

void peer_close(peer *peer) {
    amqp_destroy_connection(peer->connection);
    free(peer->bytes);
}

void queue_declare(amqp_connection_state_t connection, const char *name) {
    amqp_queue_declare(connection, 1, amqp_cstring_bytes(name), 0, 0, 1, 0, amqp_empty_table);
    expect_reply(connection, "queue.declare");
}

static size_t finish_frame(uint8_t *into, uint8_t type, size_t size) {
    uint8_t header[frame_header_size] = {
        type, 0, 1, (uint8_t)(size >> 24), (uint8_t)(size >> 16), (uint8_t)(size >> 8), (uint8_t)size,
    };
    memcpy(into, header, sizeof header);
    into[frame_header_size + size] = frame_end;
    return size + frame_overhead;
}

static size_t encode_method(uint8_t *into, amqp_method_number_t id, void *method) {
    uint8_t *payload = into + frame_header_size;
    for (int index = 0; index < 4; index++) payload[index] = (uint8_t)(id >> (24 - 8 * index));
    int size = amqp_encode_method(id, method, (amqp_bytes_t){.len = 512, .bytes = payload + 4});
    if (size < 0) fail("a method cannot be encoded: %s", amqp_error_string2(size));
    return finish_frame(into, AMQP_FRAME_METHOD, (size_t)size + 4);
}

size_t encode_publish(uint8_t *into, const char *queue, const char *correlation_id, const char *reply_to) {
    amqp_basic_publish_t publish = {.routing_key = amqp_cstring_bytes(queue)};
    size_t count = encode_method(into, AMQP_BASIC_PUBLISH_METHOD, &publish);

    amqp_basic_properties_t properties = {
        ._flags = AMQP_BASIC_CONTENT_TYPE_FLAG,
        .content_type = amqp_cstring_bytes("application/octet-stream"),
    };
    if (correlation_id != NULL) {
        properties._flags |= AMQP_BASIC_CORRELATION_ID_FLAG;
        properties.correlation_id = amqp_cstring_bytes(correlation_id);
    }
    if (reply_to != NULL) {
        properties._flags |= AMQP_BASIC_REPLY_TO_FLAG;
        properties.reply_to = amqp_cstring_bytes(reply_to);
    }
    uint8_t *payload = into + count + frame_header_size;
    // AMQP 0-9-1 §4.2.6.1: class, weight 0, size of the body, properties.
    memcpy(payload, (uint8_t[4]){0, AMQP_BASIC_CLASS, 0, 0}, 4);
    store_64(payload + 4, body_size);
    int size = amqp_encode_properties(AMQP_BASIC_CLASS, &properties, (amqp_bytes_t){.len = 400, .bytes = payload + 12});
    if (size < 0) fail("properties cannot be encoded: %s", amqp_error_string2(size));
    count += finish_frame(into + count, AMQP_FRAME_HEADER, (size_t)size + 12);

    memset(into + count + frame_header_size, 'x', body_size);
    return count + finish_frame(into + count, AMQP_FRAME_BODY, body_size);
}

size_t encode_ack(uint8_t *into, uint64_t delivery_tag) {
    // By hand, for it is done for every message: class 60, method 80, tag, no `multiple`.
    static const uint8_t head[frame_header_size + 4] = {AMQP_FRAME_METHOD, 0, 1, 0, 0, 0, 13, 0, 60, 0, 80};
    memcpy(into, head, sizeof head);
    store_64(into + sizeof head, delivery_tag);
    into[sizeof head + 8] = 0;
    into[sizeof head + 9] = frame_end;
    return sizeof head + 10;
}

uint32_t method_of(const frame *frame) {
    if (frame->type != AMQP_FRAME_METHOD || frame->size < 4) fail("a frame of type %d where a method is due", frame->type);
    return load_32(frame->payload);
}

uint64_t delivery_tag_of(const frame *frame) { return load_64(frame->payload + 5 + frame->payload[4]); }

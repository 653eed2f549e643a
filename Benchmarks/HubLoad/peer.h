// One client of the hub that is measured, as cheap as it can be made.
//
// librabbitmq connects, logs in, declares and encodes. Where messages are counted, the bytes that it encoded are written
// many messages at a time and frames are only cut, not decoded: librabbitmq as it is makes three system calls for a
// message and several copies, and on a machine of two cores would be a good part of what is measured. Every hub gets the
// same bytes in the same writes.
#ifndef PEER_H
#define PEER_H

#include <amqp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Bytes of one message.
enum { body_size = 1024 };
// Room for one message as it goes out, frames and method and properties included.
enum { publish_size_max = body_size + 1024 };

typedef struct {
    amqp_connection_state_t connection;
    int socket;
    // What has been received and not been taken: from `start` to `end`.
    uint8_t *bytes;
    size_t start, end;
} peer;

// A frame where it lies; good until the next one is asked for.
typedef struct {
    uint8_t type;
    uint16_t channel;
    const uint8_t *payload;
    size_t size;
} frame;

// Ends the program with a reason on standard error.
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Seconds of a clock that never goes back.
double seconds_now(void);

// A connection that is logged in as guest, on channel 1; fails where there is none.
amqp_connection_state_t connection_open(int port);
// The same, unless nobody listens yet: NULL.
amqp_connection_state_t connection_try(int port);
// Fails unless librabbitmq's last call on the connection went well.
void expect_reply(amqp_connection_state_t connection, const char *what);

void peer_open(peer *peer, int port);
// Consumes from a queue. Nothing may be in it yet.
void peer_consume(peer *peer, const char *queue, bool acknowledges, uint16_t prefetch);
// From here on the socket is read and written past librabbitmq; fails where librabbitmq holds bytes.
void peer_take_socket(peer *peer);
// Waits for the next frame.
frame peer_next(peer *peer);
// Whether a whole frame has been received already.
bool peer_has_frame(const peer *peer);
// Writes all of it.
void peer_write(const peer *peer, const void *bytes, size_t count);
void peer_close(peer *peer);

// A queue that goes with its connection; its name is what `name` and this process's number make.
void queue_declare(amqp_connection_state_t connection, const char *name);

// Encodes a whole message to a queue; correlation id and reply-to may be NULL. Returns its size.
size_t encode_publish(uint8_t *into, const char *queue, const char *correlation_id, const char *reply_to);
// Encodes `basic.ack` of one delivery. Returns its size.
size_t encode_ack(uint8_t *into, uint64_t delivery_tag);

// The method of a method frame: class in the upper, method in the lower half.
uint32_t method_of(const frame *frame);
// The tag of `basic.deliver`.
uint64_t delivery_tag_of(const frame *frame);
uint64_t load_64(const uint8_t *at);

#endif

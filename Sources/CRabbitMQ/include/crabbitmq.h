// librabbitmq with flat structs and status codes: what MessageHub needs of an AMQP 0-9-1 connection, and no more.
//
// One thread owns a `crmq_connection`; only the `crmq_wakeup_*` functions may be called from others. Memory that a
// `crmq_frame` points to belongs to the connection and is good until the next call of `crmq_next`.
#ifndef CRABBITMQ_H
#define CRABBITMQ_H

#include <stddef.h>
#include <stdint.h>

// What a call came to. Zero is good, and so are positive results where a function says so.
enum {
    CRMQ_OK = 0,
    // Nobody answers, or the name is unknown.
    CRMQ_UNREACHABLE = -1,
    // A deadline passed.
    CRMQ_TIMED_OUT = -2,
    // The hub said no; code and text say why.
    CRMQ_REFUSED = -3,
    // The connection is gone.
    CRMQ_CLOSED = -4,
    // The hub sent what is no AMQP 0-9-1.
    CRMQ_MALFORMED = -5,
    CRMQ_NO_MEMORY = -6,
    // TLS: the handshake failed or the certificate is not accepted.
    CRMQ_TLS = -7,
    // What was asked cannot be encoded.
    CRMQ_INVALID = -8,
};

typedef struct crmq_connection crmq_connection;

// Bytes of somebody else. NULL where a value is absent.
typedef struct {
    const uint8_t *bytes;
    size_t count;
} crmq_bytes;

// MARK: Opening and closing

// All strings end in NUL; `ca_file`, `cert_file` and `key_file` may be NULL.
typedef struct {
    const char *host;
    int port;
    const char *user;
    const char *password;
    const char *vhost;
    int is_tls;
    int verify_peer;
    const char *ca_file;
    const char *cert_file;
    const char *key_file;
    int connect_timeout_ms;
    int handshake_timeout_ms;
    int send_timeout_ms;
    int heartbeat_s;
    const char *product;
    const char *version;
    const char *connection_name;
} crmq_options;

typedef struct {
    int status;
    // AMQP's reply code, where status is CRMQ_REFUSED.
    int code;
    // Why, in words; ends in NUL. Never holds the password.
    char text[512];
} crmq_failure;

// Connects, logs in, opens `publish_channel` with publisher confirms and `control_channel`. NULL: `failure` says why.
crmq_connection *crmq_open(const crmq_options *options, uint16_t publish_channel, uint16_t control_channel,
                           crmq_failure *failure);

// Ends the connection without a word to the hub and frees everything.
void crmq_free(crmq_connection *connection);

// What was agreed on: seconds, 0 for none.
int crmq_heartbeat_s(const crmq_connection *connection);
// The highest channel number.
int crmq_channel_max(const crmq_connection *connection);

// MARK: Waiting

// A descriptor that other threads wake the owner with; -1 where there are none left.
int crmq_wakeup_open(void);
void crmq_wakeup_signal(int descriptor);
void crmq_wakeup_close(int descriptor);

enum { CRMQ_READABLE = 1, CRMQ_WRITABLE = 2, CRMQ_WOKEN = 4 };

// Waits until the hub sent something, the wake-up was signalled, or, where bytes wait to be sent, there is room for them.
// The result is a sum of the above, 0 at the time-out, or a negative status.
int crmq_wait(crmq_connection *connection, int wakeup, int timeout_ms);

// Gives the calling thread a name for debuggers and `top`; at most 15 bytes.
void crmq_name_thread(const char *name);

// Milliseconds of a clock that never goes back.
int64_t crmq_now_ms(void);

// MARK: Reading

enum {
    CRMQ_FRAME_OPEN_OK = 1,
    CRMQ_FRAME_EXCHANGE_DECLARE_OK,
    CRMQ_FRAME_QUEUE_DECLARE_OK,
    CRMQ_FRAME_BIND_OK,
    CRMQ_FRAME_QOS_OK,
    CRMQ_FRAME_CONSUME_OK,
    CRMQ_FRAME_CHANNEL_CLOSE,
    CRMQ_FRAME_CHANNEL_CLOSE_OK,
    CRMQ_FRAME_CONNECTION_CLOSE,
    CRMQ_FRAME_CONNECTION_CLOSE_OK,
    CRMQ_FRAME_BLOCKED,
    CRMQ_FRAME_UNBLOCKED,
    CRMQ_FRAME_FLOW,
    CRMQ_FRAME_CANCEL,
    CRMQ_FRAME_ACK,
    CRMQ_FRAME_NACK,
    CRMQ_FRAME_DELIVER,
    CRMQ_FRAME_RETURN,
    CRMQ_FRAME_HEADER,
    CRMQ_FRAME_BODY,
    // A method that has no place here.
    CRMQ_FRAME_OTHER,
};

// The properties of a message (AMQP 0-9-1 §4.2.6.1); absent ones are NULL.
typedef struct {
    crmq_bytes content_type;
    crmq_bytes message_id;
    crmq_bytes correlation_id;
    crmq_bytes reply_to;
    crmq_bytes type;
    crmq_bytes app_id;
    crmq_bytes expiration;
    int delivery_mode;
    int has_timestamp;
    uint64_t timestamp;
    int header_count;
} crmq_properties;

// One frame, flat: the fields that its kind has are set, the others are zero.
typedef struct {
    int kind;
    uint16_t channel;
    // DELIVER, ACK, NACK.
    uint64_t delivery_tag;
    // ACK and NACK: multiple. DELIVER: redelivered. FLOW: active.
    int flag;
    // RETURN, CHANNEL_CLOSE, CONNECTION_CLOSE.
    int code;
    uint16_t class_id;
    uint16_t method_id;
    // The text of a close or return, the reason of BLOCKED, the name in QUEUE_DECLARE_OK.
    crmq_bytes text;
    // DELIVER and RETURN.
    crmq_bytes exchange;
    crmq_bytes routing_key;
    // QUEUE_DECLARE_OK.
    uint32_t message_count;
    uint32_t consumer_count;
    // HEADER.
    uint64_t body_size;
    crmq_properties properties;
    // BODY.
    crmq_bytes body;
} crmq_frame;

// Takes the next frame out of what has arrived; never waits. 1: there is one. 0: none for now. Heartbeats are no frames.
int crmq_next(crmq_connection *connection, crmq_frame *frame);

// Whether `crmq_next` may have something although the socket shows nothing.
int crmq_has_buffered(const crmq_connection *connection);

enum { CRMQ_HEADER_OTHER = 0, CRMQ_HEADER_STRING, CRMQ_HEADER_INTEGER, CRMQ_HEADER_BOOL };

// One application header. `integer` also holds a BOOL.
typedef struct {
    int kind;
    crmq_bytes key;
    crmq_bytes string;
    int64_t integer;
} crmq_header;

// A header of the HEADER frame that `crmq_next` gave last. 0 where `index` is past the last one, else 1.
int crmq_header_at(const crmq_connection *connection, int index, crmq_header *header);

// MARK: Writing
//
// What is written is kept until `crmq_flush` sends it. With TLS librabbitmq owns the stream and sends at once; it is
// then bound by the send time-out that the kernel keeps for us (TCP_USER_TIMEOUT) and by the heartbeats.

// Sends what waits, as much as the socket takes; never blocks.
int crmq_flush(crmq_connection *connection);
// Bytes that wait to be sent.
size_t crmq_unsent(const crmq_connection *connection);
// Bytes that were taken by the socket since the connection was opened.
uint64_t crmq_sent(const crmq_connection *connection);

// A string inside `crmq_message.strings`; `is_present` 0 for none.
typedef struct {
    uint32_t offset;
    uint32_t count;
    int is_present;
} crmq_range;

typedef struct {
    int kind;
    crmq_range key;
    crmq_range string;
    int64_t integer;
} crmq_outgoing_header;

// A message to be published. Every string lies in one block, so that the caller has one pointer to keep alive.
typedef struct {
    const uint8_t *strings;
    size_t strings_count;
    crmq_range exchange;
    crmq_range routing_key;
    crmq_range content_type;
    crmq_range message_id;
    crmq_range correlation_id;
    crmq_range reply_to;
    crmq_range type;
    crmq_range app_id;
    crmq_range expiration;
    int is_mandatory;
    int delivery_mode;
    int has_timestamp;
    uint64_t timestamp;
    const crmq_outgoing_header *headers;
    int header_count;
    const uint8_t *body;
    size_t body_count;
} crmq_message;

// The version of librabbitmq that the program runs with.
const char *crmq_library_version(void);

int crmq_publish(crmq_connection *connection, uint16_t channel, const crmq_message *message);
int crmq_ack(crmq_connection *connection, uint16_t channel, uint64_t delivery_tag);
int crmq_reject(crmq_connection *connection, uint16_t channel, uint64_t delivery_tag, int requeue);
int crmq_heartbeat(crmq_connection *connection);

int crmq_channel_open(crmq_connection *connection, uint16_t channel);
int crmq_channel_close(crmq_connection *connection, uint16_t channel);
int crmq_channel_close_ok(crmq_connection *connection, uint16_t channel);
int crmq_flow_ok(crmq_connection *connection, uint16_t channel, int active);
int crmq_connection_close(crmq_connection *connection, int code, const char *text);
int crmq_connection_close_ok(crmq_connection *connection);

enum { CRMQ_PASSIVE = 1, CRMQ_DURABLE = 2, CRMQ_EXCLUSIVE = 4, CRMQ_AUTO_DELETE = 8 };

int crmq_exchange_declare(crmq_connection *connection, uint16_t channel, const char *name, const char *kind, int flags);
int crmq_queue_declare(crmq_connection *connection, uint16_t channel, const char *name, int flags);
int crmq_queue_bind(crmq_connection *connection, uint16_t channel, const char *queue, const char *exchange,
                    const char *routing_key);
int crmq_qos(crmq_connection *connection, uint16_t channel, uint16_t prefetch);
int crmq_consume(crmq_connection *connection, uint16_t channel, const char *queue);

#endif

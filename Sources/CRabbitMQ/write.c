// Frames that leave.
//
// Without TLS they are encoded one after another into a buffer of our own and sent together without blocking:
// librabbitmq would make three system calls for a message, and wait inside each while the hub reads nothing, when it is
// just then that the hub's own words (connection.blocked) must be read.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "connection.h"

enum {
    frame_header_size = 7,  // AMQP 0-9-1 §4.2.3: type, channel, size
    frame_end_size = 1,
    // Room for any method that we send: at most four short strings of 255 bytes, without tables.
    method_size_max = 2048,
    // Room for the properties beside their strings: flags, lengths, numbers and each header's kind.
    properties_size_fixed = 512,
    properties_size_per_header = 16,
    headers_max = 64,
};

static void store_16(uint8_t *at, uint16_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void store_32(uint8_t *at, uint32_t value) {
    store_16(at, (uint16_t)(value >> 16));
    store_16(at + 2, (uint16_t)value);
}

static void store_64(uint8_t *at, uint64_t value) {
    store_32(at, (uint32_t)(value >> 32));
    store_32(at + 4, (uint32_t)value);
}

// Makes room for `count` more bytes; NULL where there is no memory.
static uint8_t *reserve(crmq_connection *connection, size_t count) {
    size_t end = connection->out_start + connection->out_count;
    if (connection->out_capacity - end < count) {
        if (connection->out_start > 0) {
            memmove(connection->out, connection->out + connection->out_start, connection->out_count);
            connection->out_start = 0;
        }
        size_t needed = connection->out_count + count;
        if (needed > connection->out_capacity) {
            size_t capacity = connection->out_capacity > 0 ? connection->out_capacity : 65536;
            while (capacity < needed) capacity *= 2;
            uint8_t *larger = realloc(connection->out, capacity);
            if (larger == NULL) return NULL;
            connection->out = larger;
            connection->out_capacity = capacity;
        }
        end = connection->out_count;
    }
    return connection->out + end;
}

// Writes the payload of a frame into at most `room` bytes; how many it took, or librabbitmq's status.
static int encode_payload(uint8_t *payload, size_t room, const amqp_frame_t *frame) {
    amqp_bytes_t into;
    int written;
    switch (frame->frame_type) {
    case AMQP_FRAME_METHOD:
        store_32(payload, frame->payload.method.id);
        into.bytes = payload + 4;
        into.len = room - 4;
        written = amqp_encode_method(frame->payload.method.id, frame->payload.method.decoded, into);
        return written < 0 ? written : written + 4;
    case AMQP_FRAME_HEADER:
        // AMQP 0-9-1 §4.2.6.1: class, weight 0, body size, properties.
        store_16(payload, frame->payload.properties.class_id);
        store_16(payload + 2, 0);
        store_64(payload + 4, frame->payload.properties.body_size);
        into.bytes = payload + 12;
        into.len = room - 12;
        written = amqp_encode_properties(frame->payload.properties.class_id, frame->payload.properties.decoded, into);
        return written < 0 ? written : written + 12;
    case AMQP_FRAME_BODY:
        memcpy(payload, frame->payload.body_fragment.bytes, frame->payload.body_fragment.len);
        return (int)frame->payload.body_fragment.len;
    default:
        return 0;  // A heartbeat has no payload.
    }
}

static int put_with_room(crmq_connection *connection, const amqp_frame_t *frame, size_t payload_max) {
    if (connection->is_tls) {
        int status = amqp_send_frame(connection->state, frame);
        if (status != AMQP_STATUS_OK) return crmq_status(status);
        connection->sent += payload_max;
        return CRMQ_OK;
    }
    uint8_t *at = reserve(connection, frame_header_size + payload_max + frame_end_size);
    if (at == NULL) return CRMQ_NO_MEMORY;
    int payload = encode_payload(at + frame_header_size, payload_max, frame);
    if (payload < 0 || payload > connection->frame_max - frame_header_size - frame_end_size) return CRMQ_INVALID;
    at[0] = frame->frame_type;
    store_16(at + 1, frame->channel);
    store_32(at + 3, (uint32_t)payload);
    at[frame_header_size + payload] = AMQP_FRAME_END;
    connection->out_count += frame_header_size + (size_t)payload + frame_end_size;
    return CRMQ_OK;
}

static int put_method(crmq_connection *connection, uint16_t channel, amqp_method_number_t id, void *decoded) {
    amqp_frame_t frame = {.frame_type = AMQP_FRAME_METHOD, .channel = channel};
    frame.payload.method.id = id;
    frame.payload.method.decoded = decoded;
    return put_with_room(connection, &frame, method_size_max);
}

int crmq_flush(crmq_connection *connection) {
    if (connection->out_count == 0) return CRMQ_OK;
    int socket = amqp_get_sockfd(connection->state);
    if (socket < 0) return CRMQ_CLOSED;
    while (connection->out_count > 0) {
        ssize_t count = send(socket, connection->out + connection->out_start, connection->out_count,
                             MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0) {
            if (errno == EINTR) continue;
            if (errno == EAGAIN || errno == EWOULDBLOCK) return CRMQ_OK;
            return errno == ETIMEDOUT ? CRMQ_TIMED_OUT : CRMQ_CLOSED;
        }
        connection->out_start += (size_t)count;
        connection->out_count -= (size_t)count;
        connection->sent += (uint64_t)count;
    }
    connection->out_start = 0;
    return CRMQ_OK;
}

size_t crmq_unsent(const crmq_connection *connection) { return connection->out_count; }

uint64_t crmq_sent(const crmq_connection *connection) { return connection->sent; }

// MARK: Messages

static amqp_bytes_t string_in(const crmq_message *message, crmq_range range) {
    amqp_bytes_t string = {.len = range.count, .bytes = (void *)(message->strings + range.offset)};
    return range.is_present ? string : amqp_empty_bytes;
}

static int fill_headers(const crmq_message *message, amqp_table_entry_t *entries) {
    for (int index = 0; index < message->header_count; index++) {
        const crmq_outgoing_header *header = &message->headers[index];
        entries[index].key = string_in(message, header->key);
        amqp_field_value_t *value = &entries[index].value;
        switch (header->kind) {
        case CRMQ_HEADER_STRING:
            value->kind = AMQP_FIELD_KIND_UTF8;
            value->value.bytes = string_in(message, header->string);
            break;
        case CRMQ_HEADER_INTEGER:
            value->kind = AMQP_FIELD_KIND_I64;
            value->value.i64 = header->integer;
            break;
        case CRMQ_HEADER_BOOL:
            value->kind = AMQP_FIELD_KIND_BOOLEAN;
            value->value.boolean = header->integer != 0;
            break;
        default:
            return CRMQ_INVALID;
        }
    }
    return CRMQ_OK;
}

static void set_string(amqp_basic_properties_t *properties, amqp_flags_t flag, amqp_bytes_t *field,
                       const crmq_message *message, crmq_range range) {
    if (!range.is_present) return;
    properties->_flags |= flag;
    *field = string_in(message, range);
}

int crmq_publish(crmq_connection *connection, uint16_t channel, const crmq_message *message) {
    if (message->header_count < 0 || message->header_count > headers_max) return CRMQ_INVALID;
    // A message is taken whole or not at all, half of one on the wire would end the connection: so the only thing that
    // can be too long, the properties, is measured first.
    size_t part_max = (size_t)connection->frame_max - frame_header_size - frame_end_size;
    size_t header_room = properties_size_fixed + message->strings_count +
                         (size_t)message->header_count * properties_size_per_header;
    if (header_room > part_max) return CRMQ_INVALID;
    amqp_table_entry_t entries[headers_max];
    if (fill_headers(message, entries) != CRMQ_OK) return CRMQ_INVALID;

    amqp_basic_properties_t properties = {._flags = 0};
    set_string(&properties, AMQP_BASIC_CONTENT_TYPE_FLAG, &properties.content_type, message, message->content_type);
    set_string(&properties, AMQP_BASIC_MESSAGE_ID_FLAG, &properties.message_id, message, message->message_id);
    set_string(&properties, AMQP_BASIC_CORRELATION_ID_FLAG, &properties.correlation_id, message,
               message->correlation_id);
    set_string(&properties, AMQP_BASIC_REPLY_TO_FLAG, &properties.reply_to, message, message->reply_to);
    set_string(&properties, AMQP_BASIC_TYPE_FLAG, &properties.type, message, message->type);
    set_string(&properties, AMQP_BASIC_APP_ID_FLAG, &properties.app_id, message, message->app_id);
    set_string(&properties, AMQP_BASIC_EXPIRATION_FLAG, &properties.expiration, message, message->expiration);
    if (message->delivery_mode > 0) {
        properties._flags |= AMQP_BASIC_DELIVERY_MODE_FLAG;
        properties.delivery_mode = (uint8_t)message->delivery_mode;
    }
    if (message->has_timestamp) {
        properties._flags |= AMQP_BASIC_TIMESTAMP_FLAG;
        properties.timestamp = message->timestamp;
    }
    if (message->header_count > 0) {
        properties._flags |= AMQP_BASIC_HEADERS_FLAG;
        properties.headers.num_entries = message->header_count;
        properties.headers.entries = entries;
    }

    size_t count_before = connection->out_count;
    amqp_basic_publish_t method = {
        .exchange = string_in(message, message->exchange),
        .routing_key = string_in(message, message->routing_key),
        .mandatory = message->is_mandatory,
    };
    amqp_frame_t header = {.frame_type = AMQP_FRAME_HEADER, .channel = channel};
    header.payload.properties.class_id = AMQP_BASIC_CLASS;
    header.payload.properties.body_size = message->body_count;
    header.payload.properties.decoded = &properties;

    int status = put_method(connection, channel, AMQP_BASIC_PUBLISH_METHOD, &method);
    if (status == CRMQ_OK) status = put_with_room(connection, &header, header_room);
    for (size_t done = 0; status == CRMQ_OK && done < message->body_count;) {
        size_t part = message->body_count - done < part_max ? message->body_count - done : part_max;
        amqp_frame_t body = {.frame_type = AMQP_FRAME_BODY, .channel = channel};
        body.payload.body_fragment.bytes = (void *)(message->body + done);
        body.payload.body_fragment.len = part;
        status = put_with_room(connection, &body, part);
        done += part;
    }
    if (status != CRMQ_OK) connection->out_count = count_before;
    return status;
}

int crmq_ack(crmq_connection *connection, uint16_t channel, uint64_t delivery_tag) {
    amqp_basic_ack_t method = {.delivery_tag = delivery_tag};
    return put_method(connection, channel, AMQP_BASIC_ACK_METHOD, &method);
}

int crmq_reject(crmq_connection *connection, uint16_t channel, uint64_t delivery_tag, int requeue) {
    amqp_basic_reject_t method = {.delivery_tag = delivery_tag, .requeue = requeue};
    return put_method(connection, channel, AMQP_BASIC_REJECT_METHOD, &method);
}

// MARK: Methods

int crmq_heartbeat(crmq_connection *connection) {
    amqp_frame_t frame = {.frame_type = AMQP_FRAME_HEARTBEAT, .channel = 0};
    return put_with_room(connection, &frame, 0);
}

int crmq_channel_open(crmq_connection *connection, uint16_t channel) {
    amqp_channel_open_t method = {.out_of_band = amqp_empty_bytes};
    return put_method(connection, channel, AMQP_CHANNEL_OPEN_METHOD, &method);
}

int crmq_channel_close(crmq_connection *connection, uint16_t channel) {
    amqp_channel_close_t method = {.reply_code = 200, .reply_text = amqp_cstring_bytes("not wanted any more")};
    return put_method(connection, channel, AMQP_CHANNEL_CLOSE_METHOD, &method);
}

int crmq_channel_close_ok(crmq_connection *connection, uint16_t channel) {
    amqp_channel_close_ok_t method = {0};
    return put_method(connection, channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &method);
}

int crmq_flow_ok(crmq_connection *connection, uint16_t channel, int active) {
    amqp_channel_flow_ok_t method = {.active = active};
    return put_method(connection, channel, AMQP_CHANNEL_FLOW_OK_METHOD, &method);
}

int crmq_connection_close(crmq_connection *connection, int code, const char *text) {
    amqp_connection_close_t method = {.reply_code = (uint16_t)code, .reply_text = amqp_cstring_bytes(text)};
    return put_method(connection, 0, AMQP_CONNECTION_CLOSE_METHOD, &method);
}

int crmq_connection_close_ok(crmq_connection *connection) {
    amqp_connection_close_ok_t method = {0};
    return put_method(connection, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &method);
}

int crmq_exchange_declare(crmq_connection *connection, uint16_t channel, const char *name, const char *kind,
                          int flags) {
    amqp_exchange_declare_t method = {
        .exchange = amqp_cstring_bytes(name),
        .type = amqp_cstring_bytes(kind),
        .passive = (flags & CRMQ_PASSIVE) != 0,
        .durable = (flags & CRMQ_DURABLE) != 0,
        .auto_delete = (flags & CRMQ_AUTO_DELETE) != 0,
    };
    return put_method(connection, channel, AMQP_EXCHANGE_DECLARE_METHOD, &method);
}

int crmq_queue_declare(crmq_connection *connection, uint16_t channel, const char *name, int flags) {
    amqp_queue_declare_t method = {
        .queue = amqp_cstring_bytes(name),
        .passive = (flags & CRMQ_PASSIVE) != 0,
        .durable = (flags & CRMQ_DURABLE) != 0,
        .exclusive = (flags & CRMQ_EXCLUSIVE) != 0,
        .auto_delete = (flags & CRMQ_AUTO_DELETE) != 0,
    };
    return put_method(connection, channel, AMQP_QUEUE_DECLARE_METHOD, &method);
}

int crmq_queue_bind(crmq_connection *connection, uint16_t channel, const char *queue, const char *exchange,
                    const char *routing_key) {
    amqp_queue_bind_t method = {
        .queue = amqp_cstring_bytes(queue),
        .exchange = amqp_cstring_bytes(exchange),
        .routing_key = amqp_cstring_bytes(routing_key),
    };
    return put_method(connection, channel, AMQP_QUEUE_BIND_METHOD, &method);
}

int crmq_qos(crmq_connection *connection, uint16_t channel, uint16_t prefetch) {
    amqp_basic_qos_t method = {.prefetch_count = prefetch};
    return put_method(connection, channel, AMQP_BASIC_QOS_METHOD, &method);
}

int crmq_consume(crmq_connection *connection, uint16_t channel, const char *queue) {
    amqp_basic_consume_t method = {.queue = amqp_cstring_bytes(queue)};
    return put_method(connection, channel, AMQP_BASIC_CONSUME_METHOD, &method);
}

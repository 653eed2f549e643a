// Frames that arrive, made flat.
#include <string.h>
#include <sys/time.h>

#include "connection.h"

static crmq_bytes bytes(amqp_bytes_t from) {
    // A present but empty value must not look absent.
    static const uint8_t nothing = 0;
    crmq_bytes to = {.bytes = from.len > 0 ? from.bytes : &nothing, .count = from.len};
    return to;
}

static crmq_bytes property(const amqp_basic_properties_t *all, amqp_flags_t flag, amqp_bytes_t value) {
    crmq_bytes absent = {.bytes = NULL, .count = 0};
    return all->_flags & flag ? bytes(value) : absent;
}

static void flatten_properties(crmq_connection *connection, const amqp_basic_properties_t *from, crmq_properties *to) {
    to->content_type = property(from, AMQP_BASIC_CONTENT_TYPE_FLAG, from->content_type);
    to->message_id = property(from, AMQP_BASIC_MESSAGE_ID_FLAG, from->message_id);
    to->correlation_id = property(from, AMQP_BASIC_CORRELATION_ID_FLAG, from->correlation_id);
    to->reply_to = property(from, AMQP_BASIC_REPLY_TO_FLAG, from->reply_to);
    to->type = property(from, AMQP_BASIC_TYPE_FLAG, from->type);
    to->app_id = property(from, AMQP_BASIC_APP_ID_FLAG, from->app_id);
    to->expiration = property(from, AMQP_BASIC_EXPIRATION_FLAG, from->expiration);
    if (from->_flags & AMQP_BASIC_DELIVERY_MODE_FLAG) to->delivery_mode = from->delivery_mode;
    if (from->_flags & AMQP_BASIC_TIMESTAMP_FLAG) {
        to->has_timestamp = 1;
        to->timestamp = from->timestamp;
    }
    if (from->_flags & AMQP_BASIC_HEADERS_FLAG) {
        connection->headers = from->headers;
        to->header_count = from->headers.num_entries;
    }
}

static void flatten_method(const amqp_method_t *method, crmq_frame *frame) {
    switch (method->id) {
    case AMQP_BASIC_DELIVER_METHOD: {
        const amqp_basic_deliver_t *deliver = method->decoded;
        frame->kind = CRMQ_FRAME_DELIVER;
        frame->delivery_tag = deliver->delivery_tag;
        frame->flag = deliver->redelivered;
        frame->exchange = bytes(deliver->exchange);
        frame->routing_key = bytes(deliver->routing_key);
        break;
    }
    case AMQP_BASIC_RETURN_METHOD: {
        const amqp_basic_return_t *returned = method->decoded;
        frame->kind = CRMQ_FRAME_RETURN;
        frame->code = returned->reply_code;
        frame->text = bytes(returned->reply_text);
        frame->exchange = bytes(returned->exchange);
        frame->routing_key = bytes(returned->routing_key);
        break;
    }
    case AMQP_BASIC_ACK_METHOD: {
        const amqp_basic_ack_t *ack = method->decoded;
        frame->kind = CRMQ_FRAME_ACK;
        frame->delivery_tag = ack->delivery_tag;
        frame->flag = ack->multiple;
        break;
    }
    case AMQP_BASIC_NACK_METHOD: {
        const amqp_basic_nack_t *nack = method->decoded;
        frame->kind = CRMQ_FRAME_NACK;
        frame->delivery_tag = nack->delivery_tag;
        frame->flag = nack->multiple;
        break;
    }
    case AMQP_BASIC_CANCEL_METHOD:
        frame->kind = CRMQ_FRAME_CANCEL;
        break;
    case AMQP_CHANNEL_OPEN_OK_METHOD:
        frame->kind = CRMQ_FRAME_OPEN_OK;
        break;
    case AMQP_EXCHANGE_DECLARE_OK_METHOD:
        frame->kind = CRMQ_FRAME_EXCHANGE_DECLARE_OK;
        break;
    case AMQP_QUEUE_DECLARE_OK_METHOD: {
        const amqp_queue_declare_ok_t *declared = method->decoded;
        frame->kind = CRMQ_FRAME_QUEUE_DECLARE_OK;
        frame->text = bytes(declared->queue);
        frame->message_count = declared->message_count;
        frame->consumer_count = declared->consumer_count;
        break;
    }
    case AMQP_QUEUE_BIND_OK_METHOD:
        frame->kind = CRMQ_FRAME_BIND_OK;
        break;
    case AMQP_BASIC_QOS_OK_METHOD:
        frame->kind = CRMQ_FRAME_QOS_OK;
        break;
    case AMQP_BASIC_CONSUME_OK_METHOD:
        frame->kind = CRMQ_FRAME_CONSUME_OK;
        break;
    case AMQP_CHANNEL_CLOSE_METHOD: {
        const amqp_channel_close_t *close = method->decoded;
        frame->kind = CRMQ_FRAME_CHANNEL_CLOSE;
        frame->code = close->reply_code;
        frame->text = bytes(close->reply_text);
        frame->class_id = close->class_id;
        frame->method_id = close->method_id;
        break;
    }
    case AMQP_CHANNEL_CLOSE_OK_METHOD:
        frame->kind = CRMQ_FRAME_CHANNEL_CLOSE_OK;
        break;
    case AMQP_CHANNEL_FLOW_METHOD: {
        const amqp_channel_flow_t *flow = method->decoded;
        frame->kind = CRMQ_FRAME_FLOW;
        frame->flag = flow->active;
        break;
    }
    case AMQP_CONNECTION_CLOSE_METHOD: {
        const amqp_connection_close_t *close = method->decoded;
        frame->kind = CRMQ_FRAME_CONNECTION_CLOSE;
        frame->code = close->reply_code;
        frame->text = bytes(close->reply_text);
        frame->class_id = close->class_id;
        frame->method_id = close->method_id;
        break;
    }
    case AMQP_CONNECTION_CLOSE_OK_METHOD:
        frame->kind = CRMQ_FRAME_CONNECTION_CLOSE_OK;
        break;
    case AMQP_CONNECTION_BLOCKED_METHOD: {
        const amqp_connection_blocked_t *blocked = method->decoded;
        frame->kind = CRMQ_FRAME_BLOCKED;
        frame->text = bytes(blocked->reason);
        break;
    }
    case AMQP_CONNECTION_UNBLOCKED_METHOD:
        frame->kind = CRMQ_FRAME_UNBLOCKED;
        break;
    default:
        frame->kind = CRMQ_FRAME_OTHER;
        frame->class_id = (uint16_t)(method->id >> 16);
        frame->method_id = (uint16_t)(method->id & 0xFFFF);
        break;
    }
}

int crmq_next(crmq_connection *connection, crmq_frame *frame) {
    if (connection->channel_in_use >= 0) {
        amqp_maybe_release_buffers_on_channel(connection->state, (amqp_channel_t)connection->channel_in_use);
        connection->channel_in_use = -1;
        connection->headers = amqp_empty_table;
    }
    struct timeval at_once = {.tv_sec = 0, .tv_usec = 0};
    amqp_frame_t received;
    int status = amqp_simple_wait_frame_noblock(connection->state, &received, &at_once);
    if (status == AMQP_STATUS_TIMEOUT) return 0;
    if (status != AMQP_STATUS_OK) return crmq_status(status);

    connection->channel_in_use = received.channel;
    memset(frame, 0, sizeof *frame);
    frame->channel = received.channel;
    switch (received.frame_type) {
    case AMQP_FRAME_METHOD:
        flatten_method(&received.payload.method, frame);
        return 1;
    case AMQP_FRAME_HEADER:
        if (received.payload.properties.class_id != AMQP_BASIC_CLASS) return CRMQ_MALFORMED;
        frame->kind = CRMQ_FRAME_HEADER;
        frame->body_size = received.payload.properties.body_size;
        flatten_properties(connection, received.payload.properties.decoded, &frame->properties);
        return 1;
    case AMQP_FRAME_BODY:
        frame->kind = CRMQ_FRAME_BODY;
        frame->body = bytes(received.payload.body_fragment);
        return 1;
    default:
        return CRMQ_MALFORMED;
    }
}

int crmq_has_buffered(const crmq_connection *connection) {
    // The stream below TLS may hold a decrypted rest that no poll shows, and tells nobody; whoever asks must try.
    return connection->is_tls || amqp_data_in_buffer(connection->state) || amqp_frames_enqueued(connection->state);
}

static int integer_of(const amqp_field_value_t *value, int64_t *integer) {
    switch (value->kind) {
    case AMQP_FIELD_KIND_I8:
        *integer = value->value.i8;
        return 1;
    case AMQP_FIELD_KIND_U8:
        *integer = value->value.u8;
        return 1;
    case AMQP_FIELD_KIND_I16:
        *integer = value->value.i16;
        return 1;
    case AMQP_FIELD_KIND_U16:
        *integer = value->value.u16;
        return 1;
    case AMQP_FIELD_KIND_I32:
        *integer = value->value.i32;
        return 1;
    case AMQP_FIELD_KIND_U32:
        *integer = value->value.u32;
        return 1;
    case AMQP_FIELD_KIND_I64:
        *integer = value->value.i64;
        return 1;
    case AMQP_FIELD_KIND_U64:
        if (value->value.u64 > INT64_MAX) return 0;
        *integer = (int64_t)value->value.u64;
        return 1;
    default:
        return 0;
    }
}

int crmq_header_at(const crmq_connection *connection, int index, crmq_header *header) {
    if (index < 0 || index >= connection->headers.num_entries) return 0;
    const amqp_table_entry_t *entry = &connection->headers.entries[index];
    memset(header, 0, sizeof *header);
    header->key = bytes(entry->key);
    if (entry->value.kind == AMQP_FIELD_KIND_UTF8) {
        header->kind = CRMQ_HEADER_STRING;
        header->string = bytes(entry->value.value.bytes);
    } else if (entry->value.kind == AMQP_FIELD_KIND_BOOLEAN) {
        header->kind = CRMQ_HEADER_BOOL;
        header->integer = entry->value.value.boolean != 0;
    } else if (integer_of(&entry->value, &header->integer)) {
        header->kind = CRMQ_HEADER_INTEGER;
    }
    return 1;
}

// Opening a connection: socket, TLS, login, the two channels that are always there.
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "connection.h"

// The largest frame that we offer to take, and what RabbitMQ offers too.
static const int frame_max_offered = 131072;

int crmq_status(int library_status) {
    switch (library_status) {
    case AMQP_STATUS_OK:
        return CRMQ_OK;
    case AMQP_STATUS_NO_MEMORY:
        return CRMQ_NO_MEMORY;
    case AMQP_STATUS_TIMEOUT:
    case AMQP_STATUS_HEARTBEAT_TIMEOUT:
        return CRMQ_TIMED_OUT;
    case AMQP_STATUS_BAD_AMQP_DATA:
    case AMQP_STATUS_UNKNOWN_CLASS:
    case AMQP_STATUS_UNKNOWN_METHOD:
    case AMQP_STATUS_INCOMPATIBLE_AMQP_VERSION:
    case AMQP_STATUS_WRONG_METHOD:
    case AMQP_STATUS_UNEXPECTED_STATE:
        return CRMQ_MALFORMED;
    case AMQP_STATUS_TABLE_TOO_BIG:
    case AMQP_STATUS_INVALID_PARAMETER:
        return CRMQ_INVALID;
    case AMQP_STATUS_HOSTNAME_RESOLUTION_FAILED:
        return CRMQ_UNREACHABLE;
    case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED:
    case AMQP_STATUS_SSL_PEER_VERIFY_FAILED:
    case AMQP_STATUS_SSL_CONNECTION_FAILED:
        return CRMQ_TLS;
    default:
        return CRMQ_CLOSED;
    }
}

static struct timeval milliseconds(int ms) {
    struct timeval value = {.tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000};
    return value;
}

static void fail(crmq_failure *failure, int status, const char *what) {
    failure->status = status;
    snprintf(failure->text, sizeof failure->text, "%s", what);
}

static void fail_with_library(crmq_failure *failure, int library_status, const char *during) {
    failure->status = crmq_status(library_status);
    snprintf(failure->text, sizeof failure->text, "%s: %s", during, amqp_error_string2(library_status));
}

static void fail_with_close(crmq_failure *failure, int code, amqp_bytes_t text) {
    failure->status = CRMQ_REFUSED;
    failure->code = code;
    snprintf(failure->text, sizeof failure->text, "%.*s", (int)text.len, (const char *)text.bytes);
}

// 1 where the reply is the one that was waited for; else `failure` is filled in.
static int succeeded(amqp_rpc_reply_t reply, crmq_failure *failure, const char *during) {
    switch (reply.reply_type) {
    case AMQP_RESPONSE_NORMAL:
        return 1;
    case AMQP_RESPONSE_SERVER_EXCEPTION:
        if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
            const amqp_connection_close_t *close = reply.reply.decoded;
            fail_with_close(failure, close->reply_code, close->reply_text);
        } else if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
            const amqp_channel_close_t *close = reply.reply.decoded;
            fail_with_close(failure, close->reply_code, close->reply_text);
        } else {
            fail(failure, CRMQ_MALFORMED, during);
        }
        return 0;
    case AMQP_RESPONSE_LIBRARY_EXCEPTION:
        fail_with_library(failure, reply.library_error, during);
        return 0;
    case AMQP_RESPONSE_NONE:
        break;
    }
    fail(failure, CRMQ_CLOSED, during);
    return 0;
}

static int open_socket(crmq_connection *connection, const crmq_options *options, crmq_failure *failure) {
    amqp_socket_t *socket =
        options->is_tls ? amqp_ssl_socket_new(connection->state) : amqp_tcp_socket_new(connection->state);
    if (socket == NULL) {
        fail(failure, CRMQ_NO_MEMORY, "no socket could be made");
        return 0;
    }
    if (options->is_tls) {
        amqp_ssl_socket_set_verify_peer(socket, options->verify_peer);
        amqp_ssl_socket_set_verify_hostname(socket, options->verify_peer);
        // RFC 8996: nothing below TLS 1.2.
        amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
        if (options->ca_file != NULL && amqp_ssl_socket_set_cacert(socket, options->ca_file) != AMQP_STATUS_OK) {
            fail(failure, CRMQ_TLS, "the CA certificates cannot be read");
            return 0;
        }
        if (options->cert_file != NULL &&
            amqp_ssl_socket_set_key(socket, options->cert_file, options->key_file) != AMQP_STATUS_OK) {
            fail(failure, CRMQ_TLS, "the client certificate or its key cannot be read");
            return 0;
        }
    }
    struct timeval timeout = milliseconds(options->connect_timeout_ms);
    int status = amqp_socket_open_noblock(socket, options->host, options->port, &timeout);
    if (status != AMQP_STATUS_OK) {
        fail_with_library(failure, status, "no connection");
        // Whatever kept the socket from opening, the hub was not reached; only time and TLS have their own word.
        if (failure->status != CRMQ_TIMED_OUT && failure->status != CRMQ_TLS) failure->status = CRMQ_UNREACHABLE;
        return 0;
    }
    if (!options->is_tls) return 1;
    // With TLS librabbitmq writes itself, and would wait for ever on a peer that reads nothing: the kernel ends a
    // connection whose peer takes nothing for so long (RFC 5482).
    unsigned int send_timeout_ms = (unsigned int)options->send_timeout_ms;
    setsockopt(amqp_get_sockfd(connection->state), IPPROTO_TCP, TCP_USER_TIMEOUT, &send_timeout_ms,
               sizeof send_timeout_ms);
    return 1;
}

static amqp_table_entry_t text_entry(const char *key, const char *text) {
    amqp_table_entry_t entry = {.key = amqp_cstring_bytes(key)};
    entry.value.kind = AMQP_FIELD_KIND_UTF8;
    entry.value.value.bytes = amqp_cstring_bytes(text);
    return entry;
}

static amqp_table_entry_t true_entry(const char *key) {
    amqp_table_entry_t entry = {.key = amqp_cstring_bytes(key)};
    entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    entry.value.value.boolean = 1;
    return entry;
}

static int log_in(crmq_connection *connection, const crmq_options *options, crmq_failure *failure) {
    // What we handle, and so may be sent. librabbitmq adds authentication_failure_close, which it handles itself.
    amqp_table_entry_t capabilities[] = {
        true_entry("connection.blocked"),
        true_entry("consumer_cancel_notify"),
        true_entry("publisher_confirms"),
        true_entry("basic.nack"),
    };
    amqp_table_entry_t properties[] = {
        text_entry("product", options->product),
        text_entry("version", options->version),
        text_entry("connection_name", options->connection_name),
        {.key = amqp_cstring_bytes("capabilities"), .value = {.kind = AMQP_FIELD_KIND_TABLE}},
    };
    properties[3].value.value.table.num_entries = sizeof capabilities / sizeof capabilities[0];
    properties[3].value.value.table.entries = capabilities;
    amqp_table_t table = {.num_entries = sizeof properties / sizeof properties[0], .entries = properties};

    struct timeval timeout = milliseconds(options->handshake_timeout_ms);
    if (amqp_set_handshake_timeout(connection->state, &timeout) != AMQP_STATUS_OK ||
        amqp_set_rpc_timeout(connection->state, &timeout) != AMQP_STATUS_OK) {
        fail(failure, CRMQ_NO_MEMORY, "no time-outs could be set");
        return 0;
    }
    amqp_rpc_reply_t reply =
        amqp_login_with_properties(connection->state, options->vhost, 0, frame_max_offered, options->heartbeat_s,
                                   &table, AMQP_SASL_METHOD_PLAIN, options->user, options->password);
    if (!succeeded(reply, failure, "no login")) return 0;

    connection->heartbeat_s = amqp_get_heartbeat(connection->state);
    connection->channel_max = amqp_get_channel_max(connection->state);
    connection->frame_max = amqp_get_frame_max(connection->state);
    if (connection->is_tls) return 1;
    // Without TLS our own buffer writes to the socket. librabbitmq must then write nothing of its own between two
    // halves of our frames, so its heartbeats are turned off; the owner sends them.
    int status = amqp_tune_connection(connection->state, connection->channel_max, connection->frame_max, 0);
    if (status != AMQP_STATUS_OK) {
        fail_with_library(failure, status, "no login");
        return 0;
    }
    return 1;
}

static int open_channels(crmq_connection *connection, uint16_t publish_channel, uint16_t control_channel,
                         crmq_failure *failure) {
    amqp_channel_open(connection->state, publish_channel);
    if (!succeeded(amqp_get_rpc_reply(connection->state), failure, "no channel")) return 0;
    amqp_confirm_select(connection->state, publish_channel);
    if (!succeeded(amqp_get_rpc_reply(connection->state), failure, "no publisher confirms")) return 0;
    amqp_channel_open(connection->state, control_channel);
    return succeeded(amqp_get_rpc_reply(connection->state), failure, "no channel");
}

crmq_connection *crmq_open(const crmq_options *options, uint16_t publish_channel, uint16_t control_channel,
                           crmq_failure *failure) {
    memset(failure, 0, sizeof *failure);
    crmq_connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL || (connection->state = amqp_new_connection()) == NULL) {
        free(connection);
        fail(failure, CRMQ_NO_MEMORY, "no memory for a connection");
        return NULL;
    }
    connection->is_tls = options->is_tls;
    connection->channel_in_use = -1;
    if (open_socket(connection, options, failure) && log_in(connection, options, failure) &&
        open_channels(connection, publish_channel, control_channel, failure)) {
        return connection;
    }
    crmq_free(connection);
    return NULL;
}

void crmq_free(crmq_connection *connection) {
    if (connection == NULL) return;
    amqp_destroy_connection(connection->state);
    free(connection->out);
    free(connection);
}

int crmq_heartbeat_s(const crmq_connection *connection) { return connection->heartbeat_s; }

int crmq_channel_max(const crmq_connection *connection) { return connection->channel_max; }

const char *crmq_library_version(void) {
    return amqp_version();
}

// Inside the shim only.
#ifndef CRMQ_CONNECTION_H
#define CRMQ_CONNECTION_H

#include <amqp.h>
#include <amqp_framing.h>

#include "crabbitmq.h"

struct crmq_connection {
    amqp_connection_state_t state;
    int is_tls;
    int heartbeat_s;
    int channel_max;
    int frame_max;
    // The channel of the frame that was read last: its memory is given back before the next one is read. -1: none.
    int channel_in_use;
    // The headers of the HEADER frame that was read last.
    amqp_table_t headers;
    // Frames that wait to be sent: out[out_start ..< out_start + out_count]. Unused with TLS.
    uint8_t *out;
    size_t out_start;
    size_t out_count;
    size_t out_capacity;
    uint64_t sent;
};

// The status for librabbitmq's.
int crmq_status(int library_status);


#endif

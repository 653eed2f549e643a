// The load for `make bench-hub`: the same AMQP clients for every hub, as cheap as they can be made.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loads.h"
#include "peer.h"

static const char usage[] =
    "usage: hub-load stream PORT MESSAGES          one publisher, one consumer, automatic acknowledgements\n"
    "       hub-load confirmed PORT MESSAGES       the same with confirms and acknowledgements\n"
    "       hub-load requests PORT COUNT INFLIGHT  requests and replies\n"
    "       hub-load cycles PORT COUNT             connect, open, close\n"
    "       hub-load crowd PORT CONNECTIONS QUEUES many at once; closes them after a line on standard input\n"
    "       hub-load start STARTS PROGRAM…         until PROGRAM… PORT lets a client in, and its memory\n";

int main(int count, char **arguments) {
    if (count >= 4 && strcmp(arguments[1], "start") == 0) {
        load_start(atoi(arguments[2]), arguments + 3);
        return 0;
    }
    const char *load = count > 1 ? arguments[1] : "";
    int port = count > 2 ? atoi(arguments[2]) : 0;
    long amount = count > 3 ? atol(arguments[3]) : 0;
    int second = count > 4 ? atoi(arguments[4]) : 0;
    if (port <= 0 || amount <= 0) {
        fputs(usage, stderr);
        return 64;
    }
    if (strcmp(load, "stream") == 0 && count == 4) {
        load_stream(port, amount, false);
    } else if (strcmp(load, "confirmed") == 0 && count == 4) {
        load_stream(port, amount, true);
    } else if (strcmp(load, "requests") == 0 && count == 5 && second > 0) {
        load_requests(port, amount, second);
    } else if (strcmp(load, "cycles") == 0 && count == 4) {
        load_cycles(port, amount);
    } else if (strcmp(load, "crowd") == 0 && count == 5 && second > 0) {
        load_crowd(port, (int)amount, second);
    } else {
        fputs(usage, stderr);
        return 64;
    }
    return 0;
}

// The loads, each of them one command of `hub-load`. Each prints one JSON object.
#ifndef LOADS_H
#define LOADS_H

#include <stdbool.h>

// One publisher to one consumer; with confirms and single acknowledgements, or with neither.
void load_stream(int port, long messages, bool is_confirmed);
// One requester and one responder, with so many requests under way at once.
void load_requests(int port, long requests, int in_flight);
// Connect, log in, open a channel and close everything, one after another.
void load_cycles(int port, long cycles);
// So many connections and queues at once; a message goes through every queue. Waits for a line before it closes them.
void load_crowd(int port, int connections, int queues);
// Starts a program so many times on a free port, appended to its arguments, until a client has logged in.
void load_start(int starts, char **command);

#endif

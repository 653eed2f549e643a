#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "loads.h"
#include "peer.h"

static int free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, size) != 0 ||
        getsockname(descriptor, (struct sockaddr *)&address, &size) != 0) {
        fail("there is no free port");
    }
    close(descriptor);
    return ntohs(address.sin_port);
}

// The memory that a process holds, in megabytes (`VmRSS`).
static double resident_mb(pid_t pid) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) fail("%s cannot be read", path);
    double mb = -1;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0) mb = strtod(line + 6, NULL) / 1024;
    }
    fclose(file);
    if (mb < 0) fail("process %d has no VmRSS", (int)pid);
    return mb;
}

static void rest(long microseconds) {
    struct timespec time = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000};
    nanosleep(&time, NULL);
}

static int compare(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

void load_start(int starts, char **command) {
    int count = 0;
    while (command[count] != NULL) count++;
    char **arguments = calloc((size_t)count + 2, sizeof *arguments);
    double *ready_ms = calloc((size_t)starts, sizeof *ready_ms);
    double *idle_mb = calloc((size_t)starts, sizeof *idle_mb);
    if (arguments == NULL || ready_ms == NULL || idle_mb == NULL) fail("no memory for the starts");
    memcpy(arguments, command, (size_t)count * sizeof *arguments);
    for (int start = 0; start < starts; start++) {
        int port = free_port();
        char text[16];
        snprintf(text, sizeof text, "%d", port);
        arguments[count] = text;
        double began = seconds_now();
        pid_t pid = fork();
        if (pid < 0) fail("no process for %s", command[0]);
        if (pid == 0) {
            if (freopen("/dev/null", "w", stdout) == NULL || freopen("/dev/null", "w", stderr) == NULL) _exit(126);
            execv(command[0], arguments);
            _exit(127);
        }
        amqp_connection_state_t connection;
        while ((connection = connection_try(port)) == NULL) {
            if (waitpid(pid, NULL, WNOHANG) == pid) fail("%s ended", command[0]);
            if (seconds_now() - began > 60) fail("%s is not ready after a minute", command[0]);
            rest(200);
        }
        ready_ms[start] = (seconds_now() - began) * 1e3;
        amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
        amqp_destroy_connection(connection);
        // Long enough for it to be idle again.
        rest(300000);
        idle_mb[start] = resident_mb(pid);
        kill(pid, SIGTERM);
        waitpid(pid, NULL, 0);
    }
    qsort(ready_ms, (size_t)starts, sizeof *ready_ms, compare);
    qsort(idle_mb, (size_t)starts, sizeof *idle_mb, compare);
    printf("{\"ready_ms\": %.1f, \"idle_mb\": %.1f}\n", ready_ms[starts / 2], idle_mb[starts / 2]);
    free(arguments);
    free(ready_ms);
    free(idle_mb);
}

/* Lists every agent user and prints the cost: list ENDPOINT TOKEN [rows|json]. */

#define _POSIX_C_SOURCE 200809L

#include "agentuser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TEXT(string) (const uint8_t *)(string), strlen(string)

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* getrusage would give the parent's peak where that was larger. */
static long peak_mb(void)
{
    char line[256];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL && sscanf(line, "VmHWM: %ld kB", &kib) != 1) {
    }
    if (status != NULL) {
        fclose(status);
    }
    return kib / 1024;
}

static int fail(const char *what)
{
    fprintf(stderr, "%s failed\n", what);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    char config[256];
    agentuser_client *client = NULL;
    agentuser_call *call = NULL;
    agentuser_result *result = NULL;
    agentuser_wait_kind kind = AGENTUSER_WAIT_TIMEOUT;
    size_t users = 0, bytes = 0;
    double begin = now_ms(), first = 0, taking = 0;
    int by_rows = argc < 4 || strcmp(argv[3], "json") != 0;

    if (argc < 3) {
        return fail("usage: list ENDPOINT TOKEN [rows|json]: it");
    }
    snprintf(config, sizeof config, "{\"graphEndpoint\":\"%s\"}", argv[1]);
    if (agentuser_client_new(TEXT(config), NULL, 0, &client, &result) != AGENTUSER_OK
        || agentuser_client_set_token(client, TEXT(argv[2]), 0, &result) != AGENTUSER_OK
        || agentuser_call_start(client, TEXT("{\"operation\":\"list\",\"pageSize\":999}"), NULL, 0, NULL, 0, &call, &result)
               != AGENTUSER_OK) {
        return fail("starting");
    }
    while (kind != AGENTUSER_WAIT_DONE) {
        if (agentuser_call_wait(call, AGENTUSER_FOREVER, &kind, &result) != AGENTUSER_OK || kind == AGENTUSER_WAIT_FAILED) {
            return fail("listing");
        }
        if (kind == AGENTUSER_WAIT_ITEM) {
            double from = now_ms();
            size_t rows, row, field;
            agentuser_str fields[AGENTUSER_FIELD_COUNT], json;
            uint64_t flags;
            agentuser_result_rows(result, &rows);
            if (by_rows) {
                for (row = 0; row < rows; row++) {
                    agentuser_result_row(result, row, fields, AGENTUSER_FIELD_COUNT, &flags);
                    for (field = 0; field < AGENTUSER_FIELD_COUNT; field++) {
                        bytes += fields[field].len;
                    }
                }
            } else {
                agentuser_result_json(result, &json);
                bytes += json.len;
            }
            users += rows;
            taking += now_ms() - from;
            first = first > 0 ? first : now_ms() - begin;
        }
        agentuser_result_free(result);
    }
    agentuser_call_free(call);
    agentuser_client_free(client);
    printf("%lu agent users, %.0f ms, first after %.0f ms, peak %ld MB, %.1f ms of it taking %.1f MB by %s\n",
           (unsigned long)users, now_ms() - begin, first, peak_mb(), taking, (double)bytes / 1e6,
           by_rows ? "rows" : "json");
    return EXIT_SUCCESS;
}

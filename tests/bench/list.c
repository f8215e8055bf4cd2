/* Lists every agent user and says how long that took: list ENDPOINT TOKEN */
#define _POSIX_C_SOURCE 200809L
#include "agentuser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void must(agentuser_status status, const char *what) {
    if (status != AGENTUSER_OK) {
        fprintf(stderr, "%s: status %d\n", what, (int)status);
        exit(1);
    }
}

static long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

static long peak_mb(void) {
    char line[256];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, "VmHWM: %ld kB", &kib) == 1)
            break;
    if (status != NULL)
        fclose(status);
    return kib / 1024;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: list ENDPOINT TOKEN\n");
        return 2;
    }
    char config[512];
    snprintf(config, sizeof config, "{\"graphEndpoint\":\"%s\"}", argv[1]);
    agentuser_client *client = NULL;
    agentuser_call *call = NULL;
    agentuser_result *result = NULL;
    const char *list = "{\"operation\":\"list\"}";
    long started = now_ms();
    must(agentuser_client_new((const uint8_t *)config, strlen(config), NULL, 0, &client, &result), "client");
    must(agentuser_client_set_token(client, (const uint8_t *)argv[2], strlen(argv[2]), 0, &result), "token");
    must(agentuser_call_start(client, (const uint8_t *)list, strlen(list), NULL, 0, NULL, 0, &call, &result), "list");
    size_t count = 0, characters = 0;
    uint32_t kind = 0;
    do {
        must(agentuser_call_wait(call, 60000, &kind, &result), "wait");
        size_t rows = 0;
        if (kind == AGENTUSER_WAIT_ITEM)
            must(agentuser_result_rows(result, &rows), "rows");
        for (size_t row = 0; row < rows; row++) {
            agentuser_str fields[AGENTUSER_FIELD_COUNT];
            uint64_t flags = 0;
            must(agentuser_result_row(result, row, fields, AGENTUSER_FIELD_COUNT, &flags), "row");
            characters += fields[AGENTUSER_FIELD_USER_PRINCIPAL_NAME].len;
        }
        count += rows;
        agentuser_result_free(result);
        result = NULL;
    } while (kind != AGENTUSER_WAIT_DONE && kind != AGENTUSER_WAIT_FAILED);
    long took = now_ms() - started;
    agentuser_call_free(call);
    agentuser_client_free(client);
    printf("%zu agent users, %ld ms, peak %ld MB, %zu characters\n", count, took, peak_mb(), characters);
    return kind == AGENTUSER_WAIT_DONE ? 0 : 1;
}

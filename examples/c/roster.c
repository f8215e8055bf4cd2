/* Applies a roster: roster ENDPOINT TOKEN ROSTER. Build it with `cc roster.c -lagentuser`. */

#include "agentuser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(string) (const uint8_t *)(string), strlen(string)

/* A member of a report: a text without its quotes, or a number. A program with a JSON library uses that. */
static const char *member(const char *json, const char *name)
{
    static char value[4][256];
    static int turn = 0;
    char key[64], *copy = value[turn++ % 4];
    const char *found;
    snprintf(key, sizeof key, "\"%s\":", name);
    found = strstr(json, key);
    if (found == NULL || sscanf(found + strlen(key), "\"%255[^\"]\"", copy) + sscanf(found + strlen(key), "%255[0-9]", copy) == 0) {
        return "";
    }
    return copy;
}

/* A copy of the result's JSON that ends with a zero; the result is freed. */
static char *take(agentuser_result *result)
{
    agentuser_str text = {NULL, 0};
    char *json;
    agentuser_result_json(result, &text);
    json = (char *)calloc(1, text.len + 1);
    if (json == NULL) {
        abort();
    }
    memcpy(json, text.ptr, text.len);
    agentuser_result_free(result);
    return json;
}

static int fail(const char *what, agentuser_result *problem)
{
    fprintf(stderr, "%s: %s\n", what, problem ? take(problem) : "the call of the library was refused");
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static char config[512], roster[1 << 20];
    agentuser_client *client = NULL;
    agentuser_call *call = NULL;
    agentuser_result *result = NULL;
    agentuser_wait_kind kind = AGENTUSER_WAIT_TIMEOUT;
    FILE *file = argc == 4 ? fopen(argv[3], "rb") : NULL;
    size_t size = file ? fread(roster, 1, sizeof roster, file) : 0;
    int failed = 1;

    if (file == NULL || agentuser_abi_version() != AGENTUSER_ABI_VERSION) {
        return fail("usage: roster ENDPOINT TOKEN ROSTER", NULL);
    }
    fclose(file);
    snprintf(config, sizeof config, "{\"graphEndpoint\":\"%s\"}", argv[1]);
    if (agentuser_client_new(TEXT(config), NULL, 0, &client, &result) != AGENTUSER_OK
        || agentuser_client_set_token(client, TEXT(argv[2]), 0, &result) != AGENTUSER_OK
        || agentuser_call_start(client, TEXT("{\"operation\":\"applyRoster\"}"), (const uint8_t *)roster, size, NULL, 0, &call,
                                &result)
               != AGENTUSER_OK) {
        return fail("it can't be started", result);
    }
    /* README: begin */
    while (kind < AGENTUSER_WAIT_DONE && agentuser_call_wait(call, AGENTUSER_FOREVER, &kind, &result) == AGENTUSER_OK) {
        char *json = take(result);
        if (kind == AGENTUSER_WAIT_TOKEN) {
            agentuser_call_token_failed(call, TEXT("the token that was given can't be renewed"));
        } else if (kind == AGENTUSER_WAIT_ITEM) {
            printf("row %s %s %s\n", member(json, "row"), member(json, "userPrincipalName"), member(json, "outcome"));
            fflush(stdout);
        } else if (kind == AGENTUSER_WAIT_DONE) {
            failed = atoi(member(json, "failed"));
            printf("%s rows, %d failed\n", member(json, "rows"), failed);
        } else if (kind == AGENTUSER_WAIT_FAILED) {
            fprintf(stderr, "%s\n%s\n", member(json, "message"), member(json, "fix"));
        }
        free(json);
    }
    /* README: end */
    agentuser_call_free(call);
    agentuser_client_free(client);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

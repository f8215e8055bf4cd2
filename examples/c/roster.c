/* Applies a roster: roster ENDPOINT TOKEN ROSTER.
   Build it with `cc roster.c $(pkg-config --cflags --libs agentuser)`. */

#include "agentuser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(string) (const uint8_t *)(string), strlen(string)

/* A part of a JSON text, for printf("%.*s"). */
typedef struct {
    int len;
    const char *ptr;
} part;

/* A member of a flat object: a text without its quotes, as JSON writes it, or a number; nothing where there is none. A
   program with a JSON library uses that. */
static part member(const char *json, const char *name)
{
    part found = {0, ""};
    char key[64];
    const char *at;
    sprintf(key, "\"%.50s\":", name);
    at = strstr(json, key);
    if (at == NULL) {
        return found;
    }
    at += strlen(key);
    if (*at == '"') {
        found.ptr = ++at;
        while (*at != '\0' && *at != '"') {
            at += *at == '\\' && at[1] != '\0' ? 2 : 1;
        }
        found.len = (int)(at - found.ptr);
    } else {
        found.ptr = at;
        found.len = (int)strspn(at, "-0123456789");
    }
    return found;
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

static int problem(const char *json)
{
    part message = member(json, "message"), fix = member(json, "fix"), code = member(json, "code");
    const char *at = strstr(json, "\"rowErrors\":");
    fprintf(stderr, "%.*s %.*s (%.*s)\n", message.len, message.ptr, fix.len, fix.ptr, code.len, code.ptr);
    while (at != NULL && (at = strstr(at, "{\"row\":")) != NULL) {
        part row = member(at, "row"), field = member(at, "field");
        message = member(at, "message");
        fix = member(at, "fix");
        fprintf(stderr, "row %.*s, %.*s: ", row.len, row.ptr, field.len, field.ptr);
        fprintf(stderr, "%.*s %.*s\n", message.len, message.ptr, fix.len, fix.ptr);
        at++;
    }
    return EXIT_FAILURE;
}

/* The whole file, however long it is; NULL where it can't be read. */
static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *content = NULL, *more;
    size_t room = 0, got = 1;
    *size = 0;
    while (file != NULL && got > 0) {
        if (*size == room) {
            room = room == 0 ? 65536 : room * 2;
            more = (char *)realloc(content, room);
            if (more == NULL) {
                abort();
            }
            content = more;
        }
        got = fread(content + *size, 1, room - *size, file);
        *size += got;
    }
    if (file == NULL || ferror(file)) {
        free(content);
        content = NULL;
    }
    if (file != NULL) {
        fclose(file);
    }
    return content;
}

int main(int argc, char **argv)
{
    agentuser_client *client = NULL;
    agentuser_call *call = NULL;
    agentuser_result *result = NULL;
    agentuser_wait_kind kind = AGENTUSER_WAIT_TIMEOUT;
    char *config, *roster;
    size_t size;
    int failed = 1;

    if (argc != 4) {
        fprintf(stderr, "usage: roster ENDPOINT TOKEN ROSTER\n");
        return EXIT_FAILURE;
    }
    if (agentuser_abi_version() != AGENTUSER_ABI_VERSION) {
        fprintf(stderr, "The library has version %u of the interface, and version %u is needed.\n",
                (unsigned)agentuser_abi_version(), (unsigned)AGENTUSER_ABI_VERSION);
        return EXIT_FAILURE;
    }
    roster = read_file(argv[3], &size);
    if (roster == NULL) {
        perror(argv[3]);
        return EXIT_FAILURE;
    }
    config = (char *)malloc(strlen(argv[1]) + 32);
    if (config == NULL) {
        abort();
    }
    sprintf(config, "{\"graphEndpoint\":\"%s\"}", argv[1]);
    if (agentuser_client_new(TEXT(config), NULL, 0, &client, &result) != AGENTUSER_OK
        || agentuser_client_set_token(client, TEXT(argv[2]), 0, &result) != AGENTUSER_OK
        || agentuser_call_start(client, TEXT("{\"operation\":\"" AGENTUSER_OPERATION_APPLY_ROSTER "\"}"),
                                (const uint8_t *)roster, size, NULL, 0, &call, &result)
               != AGENTUSER_OK) {
        return result == NULL ? EXIT_FAILURE : problem(take(result));
    }
    free(config);
    free(roster);
    /* README: begin */
    while (kind < AGENTUSER_WAIT_DONE && agentuser_call_wait(call, AGENTUSER_FOREVER, &kind, &result) == AGENTUSER_OK) {
        char *json = take(result);
        if (kind == AGENTUSER_WAIT_DEMAND) {
            agentuser_call_demand_failed(call, TEXT("The token that was given can't be renewed."));
        } else if (kind == AGENTUSER_WAIT_ITEM) {
            part row = member(json, "row"), name = member(json, "userPrincipalName"), outcome = member(json, "outcome");
            printf("row %.*s %.*s %.*s\n", row.len, row.ptr, name.len, name.ptr, outcome.len, outcome.ptr);
            fflush(stdout);
        } else if (kind == AGENTUSER_WAIT_DONE) {
            part rows = member(json, "rows");
            failed = atoi(member(json, "failed").ptr);
            printf("%.*s rows, %d failed\n", rows.len, rows.ptr, failed);
        } else if (kind == AGENTUSER_WAIT_FAILED) {
            problem(json);
        }
        free(json);
    }
    /* README: end */
    agentuser_call_free(call);
    agentuser_client_free(client);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Audits a tenant, and looks at an agent user before it is retired: audit ENDPOINT TOKEN USER.
   Build it with `cc audit.c $(pkg-config --cflags --libs agentuser)`. */

#include "agentuser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(string) (const uint8_t *)(string), strlen(string)

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

/* Prints the text of the next member with this name, as JSON writes it. A program with a JSON library uses that. */
static void show(const char *json, const char *name)
{
    char key[64];
    const char *at;
    sprintf(key, "\"%.50s\":\"", name);
    at = strstr(json, key);
    if (at != NULL) {
        at += strlen(key);
        printf(" %.*s", (int)strcspn(at, "\""), at);
    }
}

/* The objects that begin like this, between two places of the JSON; each as a line of these members. */
static void list(const char *json, const char *from, const char *to, const char *object, const char *word, const char **names)
{
    const char *at = strstr(json, from), *end;
    const char **name;
    if (at == NULL) {
        return;
    }
    end = to == NULL ? NULL : strstr(at, to);
    while ((at = strstr(at, object)) != NULL && (end == NULL || at < end)) {
        printf("%s", word);
        for (name = names; *name != NULL; name++) {
            show(at, *name);
        }
        printf("\n");
        at++;
    }
}

/* The result of an operation; NULL after its problem was printed. */
static char *run(agentuser_client *client, const char *operation)
{
    agentuser_call *call = NULL;
    agentuser_result *result = NULL;
    agentuser_wait_kind kind = AGENTUSER_WAIT_TIMEOUT;
    char *json = NULL;
    if (agentuser_call_start(client, TEXT(operation), NULL, 0, NULL, 0, &call, &result) != AGENTUSER_OK) {
        kind = AGENTUSER_WAIT_FAILED;
        json = result == NULL ? NULL : take(result);
    }
    while (kind < AGENTUSER_WAIT_DONE && agentuser_call_wait(call, AGENTUSER_FOREVER, &kind, &result) == AGENTUSER_OK) {
        if (kind == AGENTUSER_WAIT_DEMAND) {
            agentuser_call_demand_failed(call, TEXT("The token that was given can't be renewed."));
        }
        free(json);
        json = take(result);
    }
    agentuser_call_free(call);
    if (kind != AGENTUSER_WAIT_DONE) {
        fprintf(stderr, "%s\n", json == NULL ? "The operation could not be started." : json);
        free(json);
        json = NULL;
    }
    return json;
}

int main(int argc, char **argv)
{
    static const char *of_finding[] = {"rule", "state", "name", NULL};
    static const char *of_role[] = {"displayName", "kind", NULL};
    static const char *of_change[] = {"change", NULL};
    agentuser_client *client = NULL;
    agentuser_result *result = NULL;
    char text[512], *audit, *access = NULL, *retire = NULL;

    if (argc != 4 || strlen(argv[1]) > 200 || strlen(argv[3]) > 200) {
        fprintf(stderr, "usage: audit ENDPOINT TOKEN USER\n");
        return EXIT_FAILURE;
    }
    sprintf(text, "{\"graphEndpoint\":\"%s\"}", argv[1]);
    if (agentuser_client_new(TEXT(text), NULL, 0, &client, &result) != AGENTUSER_OK
        || agentuser_client_set_token(client, TEXT(argv[2]), 0, &result) != AGENTUSER_OK) {
        fprintf(stderr, "%s\n", result == NULL ? "" : take(result));
        return EXIT_FAILURE;
    }
    audit = run(client, "{\"operation\":\"" AGENTUSER_OPERATION_AUDIT "\",\"severity\":\"high\"}");
    if (audit != NULL) {
        list(audit, "\"findings\":[", "\"notRead\":", "\"rule\":", "", of_finding);
        sprintf(text, "{\"operation\":\"" AGENTUSER_OPERATION_ACCESS "\",\"user\":\"%s\"}", argv[3]);
        access = run(client, text);
    }
    if (access != NULL) {
        list(access, "\"roles\":", "\"eligibleRoles\":", "\"source\":", "role", of_role);
        sprintf(text, "{\"operation\":\"" AGENTUSER_OPERATION_RETIRE "\",\"user\":\"%s\",\"dryRun\":true}", argv[3]);
        retire = run(client, text);
    }
    if (retire != NULL) {
        list(retire, "\"changes\":[", NULL, "{\"change\":", "would", of_change);
    }
    free(audit);
    free(access);
    free(retire);
    agentuser_client_free(client);
    return retire == NULL ? EXIT_FAILURE : EXIT_SUCCESS;
}

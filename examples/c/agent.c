/* Signs in as an agent user, and reads the agent user's account and licenses.
   The environment has AGENTUSER_TENANT, AGENTUSER_CLIENT_ID and AGENTUSER_CLIENT_SECRET of the blueprint, and the object ids
   AGENT_IDENTITY and AGENT_USER; for a simulator also AGENTUSER_GRAPH_ENDPOINT.
   Build it with `cc agent.c $(pkg-config --cflags --libs agentuser libcurl)`. */

#include "agentuser.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(string) (const uint8_t *)(string), strlen(string)

/* A text that ends with a zero; to be freed. */
typedef struct {
    char *ptr;
    size_t len;
} text;

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value == NULL ? "" : value;
}

static void overwrite(char *bytes, size_t len)
{
    volatile char *at = bytes;
    while (len > 0) {
        at[--len] = '\0';
    }
}

/* Overwrites and frees a text. */
static void forget(text *text)
{
    overwrite(text->ptr, text->len);
    free(text->ptr);
    text->ptr = NULL;
    text->len = 0;
}

/* The bytes move to a larger place: realloc would leave a copy behind, which may have a token in it. */
static void append(text *text, const void *bytes, size_t len)
{
    char *grown = (char *)malloc(text->len + len + 1);
    size_t all = text->len + len;
    if (grown == NULL) {
        abort();
    }
    if (text->len > 0) {
        memcpy(grown, text->ptr, text->len);
    }
    memcpy(grown + text->len, bytes, len);
    grown[all] = '\0';
    forget(text);
    text->ptr = grown;
    text->len = all;
}

/* Prints the next text member of that name, as JSON writes it, in this format, and moves behind it; whether there is one. A
   program with a JSON library uses that. */
static int print_next(const char **json, const char *name, const char *before, const char *after)
{
    char key[64];
    const char *end, *at;
    sprintf(key, "\"%.50s\":\"", name);
    at = strstr(*json, key);
    if (at == NULL) {
        return 0;
    }
    at += strlen(key);
    for (end = at; *end != '\0' && *end != '"'; end++) {
        end += *end == '\\' && end[1] != '\0';
    }
    printf("%s%.*s%s", before, (int)(end - at), at, after);
    *json = end;
    return 1;
}

/* Shows a problem as it comes: message, cause, fix, and every broken rule. */
static void problem(const agentuser_result *result)
{
    agentuser_str json = {NULL, 0};
    agentuser_result_json(result, &json);
    fprintf(stderr, "%.*s\n", (int)json.len, (const char *)json.ptr);
}

/* The header with the agent user's token; empty where the sign-in fails, which is shown. */
static text sign_in(const char *config, const char *secret)
{
    text header = {NULL, 0};
    agentuser_client *client = NULL;
    agentuser_call *call = NULL;
    /* README: begin */
    agentuser_result *result = NULL;
    agentuser_wait_kind kind = AGENTUSER_WAIT_TIMEOUT;
    agentuser_str token = {NULL, 0};
    uint64_t id;
    if (agentuser_client_new(TEXT(config), TEXT(secret), &client, &result) == AGENTUSER_OK
        && agentuser_token_start(client, TEXT("{}"), NULL, 0, &call, &result) == AGENTUSER_OK) {
        /* Nothing but events comes before the end: a client secret demands nothing of the program. */
        while (agentuser_call_wait(call, AGENTUSER_FOREVER, &kind, &result) == AGENTUSER_OK && kind < AGENTUSER_WAIT_DONE) {
            agentuser_result_free(result);
        }
    }
    if (kind == AGENTUSER_WAIT_DONE && agentuser_result_body(result, 0, &id, &token) == AGENTUSER_OK) {
        append(&header, "Authorization: Bearer ", 22);
        append(&header, token.ptr, token.len);
    }
    /* README: end */
    if (header.ptr == NULL && result != NULL) {
        problem(result);
    }
    agentuser_result_free(result); /* overwrites the token */
    agentuser_call_free(call);
    agentuser_client_free(client);
    return header;
}

static size_t take(char *bytes, size_t size, size_t count, void *body)
{
    append((text *)body, bytes, size * count);
    return size * count;
}

/* Puts Graph's answer into ANSWER; returns whether it is a success. */
static int get(const char *graph, const char *path, const struct curl_slist *headers, text *body)
{
    CURL *curl = curl_easy_init();
    CURLcode code = CURLE_FAILED_INIT;
    text url = {NULL, 0};
    append(&url, graph, strlen(graph));
    append(&url, path, strlen(path));
    if (curl != NULL) {
        curl_easy_setopt(curl, CURLOPT_URL, url.ptr);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
        curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
        code = curl_easy_perform(curl);
        curl_easy_cleanup(curl);
    }
    free(url.ptr);
    if (code != CURLE_OK) {
        fprintf(stderr, "%s: %s\n", path, curl_easy_strerror(code));
    }
    return code == CURLE_OK;
}

int main(void)
{
    const char *graph = variable("AGENTUSER_GRAPH_ENDPOINT");
    /* Ids and names of tenants have nothing that JSON would escape. */
    const char *members[][2] = {{"{\"graphEndpoint\":\"", *graph == '\0' ? "https://graph.microsoft.com" : graph},
                                {"\",\"signIn\":{\"kind\":\"agentUser\",\"tenantId\":\"", variable("AGENTUSER_TENANT")},
                                {"\",\"clientId\":\"", variable("AGENTUSER_CLIENT_ID")},
                                {"\",\"agentIdentityId\":\"", variable("AGENT_IDENTITY")},
                                {"\",\"userId\":\"", variable("AGENT_USER")},
                                {"\",\"proof\":{\"kind\":\"clientSecret\"}}}", ""}};
    text config = {NULL, 0}, header, me = {NULL, 0}, licenses = {NULL, 0};
    struct curl_slist *headers = NULL;
    size_t at;
    int is_read = 0;

    for (at = 0; at < sizeof members / sizeof members[0]; at++) {
        append(&config, members[at][0], strlen(members[at][0]));
        append(&config, members[at][1], strlen(members[at][1]));
    }
    header = sign_in(config.ptr, variable("AGENTUSER_CLIENT_SECRET"));
    if (header.ptr != NULL) {
        headers = curl_slist_append(NULL, header.ptr);
        is_read = get(members[0][1], "/v1.0/me?$select=userPrincipalName,displayName", headers, &me)
                  && get(members[0][1], "/v1.0/me/licenseDetails", headers, &licenses);
        /* curl_slist_append made a copy. libcurl sends from a copy of its own, and frees that. */
        if (headers != NULL) {
            overwrite(headers->data, strlen(headers->data));
        }
        curl_slist_free_all(headers);
    }
    if (is_read) {
        const char *name = me.ptr, *display_name = me.ptr, *license = licenses.ptr;
        print_next(&name, "userPrincipalName", "", "");
        print_next(&display_name, "displayName", " (", ")\n");
        while (print_next(&license, "skuPartNumber", "", "\n")) {
        }
    }
    forget(&header);
    free(config.ptr);
    free(me.ptr);
    free(licenses.ptr);
    return is_read ? EXIT_SUCCESS : EXIT_FAILURE;
}

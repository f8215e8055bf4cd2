#define _POSIX_C_SOURCE 200809L

#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void tell(const char *what, agentuser_status status, agentuser_result *problem)
{
    char *json = problem ? json_of(problem) : NULL;
    printf("  %s: status %d %s\n", what, (int)status, json ? json : "");
    free(json);
    agentuser_result_free(problem);
}

int simulator_start(simulator *simulator, const char *options)
{
    agentuser_result *problem = NULL, *result = NULL;
    agentuser_status status = agentuser_simulator_start(TEXT(options), &simulator->handle, &problem);
    char *json;
    int complete;
    if (status != AGENTUSER_OK) {
        tell("agentuser_simulator_start", status, problem);
        return 0;
    }
    status = agentuser_simulator_json(simulator->handle, &result);
    if (status != AGENTUSER_OK) {
        tell("agentuser_simulator_json", status, NULL);
        return 0;
    }
    json = json_of(result);
    complete = json != NULL && member(json, "endpoint", simulator->endpoint, sizeof simulator->endpoint)
               && member(json, "token", simulator->token, sizeof simulator->token);
    free(json);
    agentuser_result_free(result);
    return complete;
}

void simulator_stop(simulator *simulator)
{
    agentuser_simulator_free(simulator->handle);
    simulator->handle = NULL;
}

agentuser_client *client_of(const simulator *simulator, const char *token)
{
    return client_with(simulator, token, "\"inFlight\":8");
}

agentuser_client *client_with(const simulator *simulator, const char *token, const char *members)
{
    agentuser_client *client = NULL;
    agentuser_result *problem = NULL;
    agentuser_status status;
    char config[512];
    snprintf(config, sizeof config, "{\"graphEndpoint\":\"%s\",%s}", simulator->endpoint, members);
    status = agentuser_client_new(TEXT(config), NULL, 0, &client, &problem);
    if (status == AGENTUSER_OK && token != NULL) {
        status = agentuser_client_set_token(client, TEXT(token), 0, &problem);
    }
    if (status != AGENTUSER_OK) {
        tell("the client", status, problem);
        agentuser_client_free(client);
        return NULL;
    }
    return client;
}

agentuser_call *start(agentuser_client *client, const char *json)
{
    return start_with(client, json, NULL);
}

agentuser_call *start_with(agentuser_client *client, const char *json, const char *input)
{
    agentuser_call *call = NULL;
    agentuser_result *problem = NULL;
    agentuser_status status =
        agentuser_call_start(client, TEXT(json), (const uint8_t *)input, input ? strlen(input) : 0, NULL, 0, &call, &problem);
    if (status != AGENTUSER_OK) {
        tell(json, status, problem);
        return NULL;
    }
    return call;
}

char *json_of(const agentuser_result *result)
{
    agentuser_str text;
    char *json;
    if (agentuser_result_json(result, &text) != AGENTUSER_OK || text.ptr == NULL) {
        return NULL;
    }
    json = (char *)malloc(text.len + 1);
    if (json != NULL) {
        memcpy(json, text.ptr, text.len);
        json[text.len] = 0;
    }
    return json;
}

int has(const agentuser_result *result, const char *text)
{
    char *json = json_of(result);
    int found = json != NULL && strstr(json, text) != NULL;
    if (!found) {
        printf("  \"%s\" is not in %s\n", text, json ? json : "nothing");
    }
    free(json);
    return found;
}

int is(agentuser_str text, const char *string)
{
    return text.ptr != NULL && text.len == strlen(string) && memcmp(text.ptr, string, text.len) == 0;
}

int member(const char *json, const char *name, char *value, size_t size)
{
    char key[64];
    const char *found, *end;
    snprintf(key, sizeof key, "\"%s\":\"", name);
    found = strstr(json, key);
    if (found == NULL) {
        return 0;
    }
    found += strlen(key);
    end = strchr(found, '"');
    if (end == NULL || (size_t)(end - found) >= size) {
        return 0;
    }
    memcpy(value, found, (size_t)(end - found));
    value[end - found] = 0;
    return 1;
}

static void append(char **all, const agentuser_result *result)
{
    char *json = json_of(result);
    size_t length = *all ? strlen(*all) : 0;
    char *grown = json ? (char *)realloc(*all, length + strlen(json) + 2) : NULL;
    if (grown != NULL) {
        strcpy(grown + length, json);
        strcat(grown, "\n");
        *all = grown;
    }
    free(json);
}

uint64_t demand_id(const agentuser_result *result)
{
    char *json = json_of(result);
    const char *found = json == NULL ? NULL : strstr(json, "\"demandId\":");
    uint64_t id = found == NULL ? 0 : strtoull(found + strlen("\"demandId\":"), NULL, 10);
    free(json);
    return id;
}

pumped pump(agentuser_client *client, agentuser_call *call, const char *token, on_taken taken, void *context)
{
    pumped pumped;
    memset(&pumped, 0, sizeof pumped);
    for (;;) {
        agentuser_result *result = NULL;
        agentuser_status status = agentuser_call_wait(call, 60000, &pumped.kind, &result);
        int on = 1;
        if (status != AGENTUSER_OK || pumped.kind == AGENTUSER_WAIT_TIMEOUT) {
            printf("  waiting: status %d, kind %d\n", (int)status, (int)pumped.kind);
            return pumped;
        }
        if (taken != NULL) {
            on = taken(pumped.kind, result, context);
        }
        switch (pumped.kind) {
        case AGENTUSER_WAIT_EVENT:
            pumped.events++;
            append(&pumped.event_json, result);
            break;
        case AGENTUSER_WAIT_DEMAND:
            pumped.tokens++;
            if (token != NULL) {
                agentuser_result *problem = NULL;
                if (agentuser_client_answer(client, demand_id(result), TEXT(token), 0, &problem) != AGENTUSER_OK) {
                    tell("agentuser_client_answer", AGENTUSER_PROBLEM, problem);
                }
            }
            break;
        case AGENTUSER_WAIT_ITEM:
            pumped.items++;
            append(&pumped.item_json, result);
            break;
        default:
            pumped.ended = 1;
            pumped.result = result;
            return pumped;
        }
        agentuser_result_free(result);
        if (!on) {
            return pumped;
        }
    }
}

void pumped_free(pumped *pumped)
{
    agentuser_result_free(pumped->result);
    free(pumped->event_json);
    free(pumped->item_json);
    memset(pumped, 0, sizeof *pumped);
}

pumped run(agentuser_client *client, const char *json, const char *input, const char *token)
{
    pumped pumped;
    agentuser_call *call = start_with(client, json, input);
    if (call == NULL) {
        memset(&pumped, 0, sizeof pumped);
        return pumped;
    }
    pumped = pump(client, call, token, NULL, NULL);
    agentuser_call_free(call);
    return pumped;
}

char *roster_of_twelve(void)
{
    char *csv = (char *)malloc(4096);
    size_t length;
    int n;
    if (csv == NULL) {
        return NULL;
    }
    length = (size_t)sprintf(csv, "identityParentId,displayName,userPrincipalName\n");
    for (n = 1; n <= 12; n++) {
        length += (size_t)sprintf(csv + length, "a1d00000-0000-4000-8000-0000000000%02x,Agent %d,agent.%d@contoso.com\n", n,
                                  n, n);
    }
    return csv;
}

char *control(const simulator *simulator, const char *method, const char *path, const char *body)
{
    struct sockaddr_in address;
    char head[512], *answer = NULL, *found;
    size_t length = 0;
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)atoi(strrchr(simulator->endpoint, ':') + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address) != 0) {
        close(connection);
        return NULL;
    }
    snprintf(head, sizeof head,
             "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"
             "Content-Length: %u\r\n\r\n",
             method, path, (unsigned)strlen(body));
    if (write(connection, head, strlen(head)) < 0 || write(connection, body, strlen(body)) < 0) {
        close(connection);
        return NULL;
    }
    for (;;) {
        char chunk[4096];
        ssize_t got = read(connection, chunk, sizeof chunk);
        char *grown;
        if (got <= 0) {
            break;
        }
        grown = (char *)realloc(answer, length + (size_t)got + 1);
        if (grown == NULL) {
            break;
        }
        answer = grown;
        memcpy(answer + length, chunk, (size_t)got);
        length += (size_t)got;
        answer[length] = 0;
    }
    close(connection);
    found = answer ? strstr(answer, "\r\n\r\n") : NULL;
    if (found != NULL) {
        memmove(answer, found + 4, strlen(found + 4) + 1);
    }
    return answer;
}

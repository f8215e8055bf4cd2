/* Shared by the test programs: a simulator, a client, and a loop that takes everything from a call. */

#ifndef SUPPORT_H
#define SUPPORT_H

#include "agentuser.h"

/* A text of the library's kind from a C string: two arguments. */
#define TEXT(string) (const uint8_t *)(string), strlen(string)

/* A simulated Graph, and the members of its JSON. */
typedef struct {
    agentuser_simulator *handle;
    char endpoint[64];
    char token[2048];
} simulator;

/* 1 when it runs. */
int simulator_start(simulator *simulator, const char *options);
void simulator_stop(simulator *simulator);

/* A client of the simulator; NULL when that fails. The token is optional. */
agentuser_client *client_of(const simulator *simulator, const char *token);
/* The same with more members of the configuration, such as `"settings":{…}`. */
agentuser_client *client_with(const simulator *simulator, const char *token, const char *members);

/* Starts an operation of that JSON, without a wake; NULL when that fails. */
agentuser_call *start(agentuser_client *client, const char *json);
agentuser_call *start_with(agentuser_client *client, const char *json, const char *input);

/* A copy of a result's JSON that ends with a zero, to be freed; NULL when there is none. */
char *json_of(const agentuser_result *result);
/* The id of a demand; 0 of anything else. */
uint64_t demand_id(const agentuser_result *result);
/* Whether a result's JSON contains the text. */
int has(const agentuser_result *result, const char *text);
/* Whether a text of the library equals this one. */
int is(agentuser_str text, const char *string);
/* The first text member of that name, copied into `value`; 1 when there is one. Enough for JSON without escapes. */
int member(const char *json, const char *name, char *value, size_t size);

/* Everything that the loop took. */
typedef struct {
    int events, tokens, items, ended;
    /* The last kind taken. */
    agentuser_wait_kind kind;
    /* The JSON of all events, and of all items. */
    char *event_json, *item_json;
    /* The end, if it came. */
    agentuser_result *result;
} pumped;

/* Called with everything that is taken; returning 0 ends the loop. */
typedef int (*on_taken)(agentuser_wait_kind kind, const agentuser_result *result, void *context);

/* Takes everything until the end, or until `taken` (may be NULL) returns 0; TOKEN is answered with `token` unless that is NULL.
   Gives up when nothing comes for a minute. */
pumped pump(agentuser_client *client, agentuser_call *call, const char *token, on_taken taken, void *context);
void pumped_free(pumped *pumped);

/* Runs an operation to its end and frees the call. */
pumped run(agentuser_client *client, const char *json, const char *input, const char *token);

/* The CSV of a roster of twelve agent users, rows 2 to 13; to be freed. */
char *roster_of_twelve(void);

/* A request to the simulator's own endpoints, such as "GET", "/simulator/stats"; the answer's body, to be freed. */
char *control(const simulator *simulator, const char *method, const char *path, const char *body);

#endif

/* Runs the shared cases of tests/vectors through the C ABI. C has no JSON of its own, so a program that has talks to this
   one by its standard input and output; what it says is passed on to the letter.

   Commands, each a line, followed by the bytes whose lengths it names:
     function NAME JSON_LENGTH INPUT_LENGTH     one of the pure functions
     operation JSON_LENGTH INPUT_LENGTH         makes an operation, in place of the one before
     poll MILLISECONDS 0 0                      polls it
     answer ID JSON_LENGTH BODY_LENGTH          answers one of its requests
   Answers, likewise: `result LENGTH`, `problem LENGTH`, `made`, `accepted 0|1`, and for a step `step KIND LENGTH BODIES`
   followed by `body ID LENGTH` for each body. */

#include "bridge.h"

static void function(const char *name, const uint8_t *json, size_t json_len, const uint8_t *input, size_t input_len)
{
    agentuser_result *result = NULL, *problem = NULL;
    agentuser_status status;
    if (strcmp(name, "validate") == 0) {
        status = agentuser_validate(json, json_len, &result, &problem);
    } else if (strcmp(name, "validateMember") == 0) {
        status = agentuser_validate_member(json, json_len, &result, &problem);
    } else if (strcmp(name, "validateRoster") == 0) {
        status = agentuser_validate_roster(json, json_len, input, input_len, &result, &problem);
    } else if (strcmp(name, "derive") == 0) {
        status = agentuser_derive(json, json_len, &result, &problem);
    } else if (strcmp(name, "explainCode") == 0) {
        status = agentuser_explain_code(json, json_len, &result, &problem);
    } else if (strcmp(name, "consentUrl") == 0) {
        status = agentuser_consent_url(json, json_len, &result, &problem);
    } else if (strcmp(name, "accessPolicies") == 0) {
        status = agentuser_access_policies(json, json_len, &result, &problem);
    } else if (strcmp(name, "explain") == 0) {
        status = agentuser_explain(json, json_len, input, input_len, &result, &problem);
    } else if (strcmp(name, "renderReport") == 0) {
        status = agentuser_render_report(json, json_len, input, input_len, &result, &problem);
    } else {
        status = AGENTUSER_UNSUPPORTED;
    }
    if (status == AGENTUSER_OK) {
        give_result("result", result);
    } else if (status == AGENTUSER_PROBLEM) {
        give_result("problem", problem);
    } else {
        fail(name, status);
    }
}

static void poll(agentuser_operation *operation, uint64_t mono_ms)
{
    agentuser_result *result = NULL;
    agentuser_step_kind kind;
    agentuser_str bytes;
    size_t bodies, body;
    agentuser_status status = agentuser_operation_poll(operation, mono_ms, (int64_t)mono_ms, &kind, &result);
    if (status != AGENTUSER_OK) {
        fail("agentuser_operation_poll", status);
    }
    agentuser_result_json(result, &bytes);
    agentuser_result_bodies(result, &bodies);
    printf("step %u %lu %lu\n", (unsigned)kind, (unsigned long)bytes.len, (unsigned long)bodies);
    give(bytes);
    for (body = 0; body < bodies; body++) {
        uint64_t id;
        status = agentuser_result_body(result, body, &id, &bytes);
        if (status != AGENTUSER_OK) {
            fail("agentuser_result_body", status);
        }
        printf("body %llu %lu\n", (unsigned long long)id, (unsigned long)bytes.len);
        give(bytes);
    }
    agentuser_result_free(result);
}

int main(void)
{
    agentuser_session *session = NULL;
    agentuser_operation *operation = NULL;
    agentuser_result *problem = NULL;
    /* The cases tell requests apart, so each goes on its own. */
    static const char config[] = "{\"batch\":1}";
    agentuser_status status = agentuser_session_new((const uint8_t *)config, sizeof config - 1, &session, &problem);
    char line[256], name[64];
    unsigned long first, second;
    unsigned long long number;

    if (status != AGENTUSER_OK) {
        fail("agentuser_session_new", status);
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "function %63s %lu %lu", name, &first, &second) == 3) {
            uint8_t *json = take(first), *input = take(second);
            function(name, json, first, input, second);
            free(json);
            free(input);
        } else if (sscanf(line, "operation %lu %lu", &first, &second) == 2) {
            uint8_t *json = take(first), *input = take(second);
            agentuser_operation_free(operation);
            status = agentuser_operation_new(session, json, first, input, second, 0, 0, &operation, &problem);
            free(json);
            free(input);
            if (status == AGENTUSER_PROBLEM) {
                give_result("problem", problem);
            } else if (status == AGENTUSER_OK) {
                printf("made\n");
            } else {
                fail("agentuser_operation_new", status);
            }
        } else if (sscanf(line, "poll %llu %lu %lu", &number, &first, &second) == 3) {
            poll(operation, number);
        } else if (sscanf(line, "answer %llu %lu %lu", &number, &first, &second) == 3) {
            uint8_t *json = take(first), *body = take(second);
            uint32_t accepted;
            status = agentuser_operation_answer(operation, number, json, first, body, second, &accepted, &problem);
            free(json);
            free(body);
            if (status != AGENTUSER_OK) {
                fail("agentuser_operation_answer", status);
            }
            printf("accepted %u\n", (unsigned)accepted);
        } else {
            fail(line, AGENTUSER_OK);
        }
        fflush(stdout);
    }
    agentuser_operation_free(operation);
    agentuser_session_free(session);
    return agentuser_live_handles() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

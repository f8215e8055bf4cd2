/* The main job: connect, validate, verify a parent, create, get, list, provision, apply a roster, delete. */

#include "check.h"
#include "support.h"

#define PARENT "a1d00000-0000-4000-8000-000000000001"

static void an_agent_user_s_life(void)
{
    simulator graph;
    agentuser_client *client;
    pumped done;
    agentuser_str fields[AGENTUSER_FIELD_COUNT];
    uint64_t flags;
    size_t rows;
    char id[64];

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0],\"identities\":3}"));
    client = client_of(&graph, graph.token);
    CHECK(client != NULL);

    done = run(client, "{\"operation\":\"verifyParent\",\"identityParentId\":\"" PARENT "\"}", NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"id\":\"" PARENT "\""));
    pumped_free(&done);

    done = run(client,
               "{\"operation\":\"create\",\"agentUser\":{\"identityParentId\":\"" PARENT
               "\",\"displayName\":\"Ada\",\"userPrincipalName\":\"ada@contoso.com\",\"jobTitle\":\"Analyst\"}}",
               NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"outcome\":\"created\"") && has(done.result, "\"agentUser\":{"));
    CHECK_OK(agentuser_result_rows(done.result, &rows));
    CHECK(rows == 1);
    CHECK(done.events > 0);
    CHECK(strstr(done.event_json, "\"event\":\"stage\"") != NULL);
    pumped_free(&done);

    /* One agent user comes as JSON and as a row. */
    done = run(client, "{\"operation\":\"get\",\"user\":\"ada@contoso.com\"}", NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"displayName\":\"Ada\""));
    CHECK_OK(agentuser_result_rows(done.result, &rows));
    CHECK(rows == 1);
    CHECK_OK(agentuser_result_row(done.result, 0, fields, AGENTUSER_FIELD_COUNT, &flags));
    CHECK(is(fields[AGENTUSER_FIELD_USER_PRINCIPAL_NAME], "ada@contoso.com"));
    CHECK(is(fields[AGENTUSER_FIELD_IDENTITY_PARENT_ID], PARENT));
    CHECK(is(fields[AGENTUSER_FIELD_JOB_TITLE], "Analyst"));
    CHECK(fields[AGENTUSER_FIELD_CITY].ptr == NULL && fields[AGENTUSER_FIELD_CITY].len == 0);
    CHECK(flags == (AGENTUSER_FLAG_ACCOUNT_ENABLED_KNOWN | AGENTUSER_FLAG_ACCOUNT_ENABLED));
    snprintf(id, sizeof id, "%.*s", (int)fields[AGENTUSER_FIELD_ID].len, (const char *)fields[AGENTUSER_FIELD_ID].ptr);
    pumped_free(&done);

    done = run(client, "{\"operation\":\"findByParent\",\"identityParentId\":\"" PARENT "\"}", NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, id));
    CHECK_OK(agentuser_result_rows(done.result, &rows));
    CHECK(rows == 1);
    pumped_free(&done);

    done = run(client,
               "{\"operation\":\"findByParent\",\"identityParentId\":\"a1d00000-0000-4000-8000-000000000002\"}", NULL,
               NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "null"));
    CHECK_OK(agentuser_result_rows(done.result, &rows));
    CHECK(rows == 0);
    pumped_free(&done);

    agentuser_client_free(client);
    simulator_stop(&graph);
}

static void a_list_comes_in_pages_as_rows_and_as_json(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *call;
    size_t users = 0;
    int pages = 0;

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0],\"identities\":0,\"agentUsers\":251}"));
    client = client_of(&graph, graph.token);
    CHECK(client != NULL);
    call = start(client, "{\"operation\":\"list\",\"pageSize\":100}");
    CHECK(call != NULL);
    for (;;) {
        agentuser_wait_kind kind;
        agentuser_result *result = NULL;
        agentuser_str fields[AGENTUSER_FIELD_COUNT + 3], text;
        uint64_t flags;
        size_t rows, row;
        CHECK_OK(agentuser_call_wait(call, AGENTUSER_FOREVER, &kind, &result));
        CHECK(kind == AGENTUSER_WAIT_EVENT || kind == AGENTUSER_WAIT_ITEM || kind == AGENTUSER_WAIT_DONE);
        if (kind == AGENTUSER_WAIT_DONE) {
            CHECK(has(result, "{\"count\":251}"));
            agentuser_result_free(result);
            break;
        }
        if (kind == AGENTUSER_WAIT_ITEM) {
            CHECK_OK(agentuser_result_rows(result, &rows));
            CHECK_OK(agentuser_result_json(result, &text));
            CHECK(text.ptr[0] == '[' && text.ptr[text.len - 1] == ']');
            for (row = 0; row < rows; row++) {
                /* Fields that the library does not know are absent. */
                memset(fields, 0xAA, sizeof fields);
                CHECK_OK(agentuser_result_row(result, row, fields, AGENTUSER_FIELD_COUNT + 3, &flags));
                CHECK(fields[AGENTUSER_FIELD_ID].len == 36);
                CHECK(fields[AGENTUSER_FIELD_COUNT + 2].ptr == NULL);
                /* A program may ask for fewer fields than the library knows. */
                CHECK_OK(agentuser_result_row(result, row, fields, 1, &flags));
                CHECK_OK(agentuser_result_row(result, row, NULL, 0, &flags));
            }
            CHECK_STATUS(AGENTUSER_OUT_OF_RANGE, agentuser_result_row(result, rows, fields, 1, &flags));
            CHECK(fields[0].ptr == NULL);
            users += rows;
            pages++;
        }
        agentuser_result_free(result);
    }
    CHECK(users == 251);
    CHECK(pages == 3);
    agentuser_call_free(call);
    agentuser_client_free(client);
    simulator_stop(&graph);
}

static const test_case CASES[] = {
    {"an_agent_user_s_life", an_agent_user_s_life},
    {"a_list_comes_in_pages_as_rows_and_as_json", a_list_comes_in_pages_as_rows_and_as_json},
};

int main(int argc, char **argv)
{
    return check_main(CASES, sizeof CASES / sizeof *CASES, argc, argv);
}

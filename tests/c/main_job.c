/* The main job: connect, validate, verify a parent, create, get, list, provision, apply a roster, delete. */

#include "check.h"
#include "support.h"

#define PARENT "a1d00000-0000-4000-8000-000000000001"

static void pure_functions_need_no_client(void)
{
    agentuser_result *result = NULL, *problem = NULL;
    agentuser_str json;
    const char *roster = "identityParentId,displayName,userPrincipalName\nno-guid,Ada,ada@contoso.com\n";

    CHECK_OK(agentuser_validate(TEXT("{\"agentUser\":{\"identityParentId\":\"" PARENT
                                     "\",\"displayName\":\"Ada\",\"userPrincipalName\":\"ada@contoso.com\"}}"),
                                &result, &problem));
    CHECK(problem == NULL);
    CHECK(has(result, "\"violations\":[]") && has(result, "\"mailNickname\":\"ada\""));
    agentuser_result_free(result);

    CHECK_OK(agentuser_validate(TEXT("{\"agentUser\":{\"displayName\":\"\",\"userPrincipalName\":\"a b@contoso.com\"}}"),
                                &result, &problem));
    CHECK(has(result, "\"field\":\"identityParentId\"") && has(result, "\"field\":\"displayName\"")
          && has(result, "\"field\":\"userPrincipalName\""));
    agentuser_result_free(result);

    CHECK_OK(agentuser_validate_member(TEXT("{\"member\":\"usageLocation\",\"value\":\"Atlantis\"}"), &result, &problem));
    CHECK(has(result, "\"field\":\"usageLocation\""));
    agentuser_result_free(result);

    CHECK_OK(agentuser_validate_roster(TEXT("{}"), TEXT(roster), &result, &problem));
    CHECK(has(result, "\"rowErrors\":[") && has(result, "\"row\":2"));
    agentuser_result_free(result);

    CHECK_OK(agentuser_derive(TEXT("{\"displayName\":\"Sales Agent \xC3\x89milie\",\"domain\":\"contoso.com\"}"), &result,
                              &problem));
    CHECK(has(result, "\"userPrincipalName\":\"sales.agent.emilie@contoso.com\""));
    agentuser_result_free(result);

    CHECK_OK(agentuser_explain(TEXT("{\"call\":\"createAgentUser\",\"status\":403}"),
                               TEXT("{\"error\":{\"code\":\"Authorization_RequestDenied\",\"message\":\"No.\"}}"), &result,
                               &problem));
    CHECK(has(result, "\"status\":403") && has(result, "\"fix\":") && has(result, "\"permissions\":["));
    agentuser_result_free(result);

    /* Malformed input is a problem, not a result. */
    CHECK_STATUS(AGENTUSER_PROBLEM, agentuser_validate(TEXT("{\"agentUser\":7}"), &result, &problem));
    CHECK(result == NULL);
    CHECK(has(problem, "\"code\":\"Invalid\""));
    CHECK_OK(agentuser_result_json(problem, &json));
    CHECK(json.len > 10);
    agentuser_result_free(problem);
}

static void an_agent_user_s_life(void)
{
    simulator graph;
    agentuser_client *client;
    pumped done;
    agentuser_str fields[AGENTUSER_FIELD_COUNT];
    uint64_t flags;
    size_t rows;
    char id[64], json[256];

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

    /* Provisioning an existing agent user changes what differs, and the next time nothing. */
    snprintf(json, sizeof json,
             "{\"operation\":\"provision\",\"agentUser\":{\"identityParentId\":\"" PARENT
             "\",\"displayName\":\"Ada\",\"userPrincipalName\":\"ada@contoso.com\",\"city\":\"Oslo\"}}");
    done = run(client, json, NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"outcome\":\"changed\"") && has(done.result, "\"member\":\"city\""));
    pumped_free(&done);
    done = run(client, json, NULL, NULL);
    CHECK(has(done.result, "\"outcome\":\"unchanged\""));
    pumped_free(&done);

    snprintf(json, sizeof json, "{\"operation\":\"delete\",\"user\":\"%s\"}", id);
    done = run(client, json, NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"outcome\":\"changed\"") && has(done.result, "\"change\":\"delete\""));
    pumped_free(&done);

    done = run(client, "{\"operation\":\"get\",\"user\":\"ada@contoso.com\"}", NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_FAILED);
    CHECK(has(done.result, "\"code\":\"NotFound\""));
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

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0],\"identities\":0,\"agentUsers\":250}"));
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

/* The number of `$batch` requests that reached the simulator. */
static int batches(const simulator *graph)
{
    char *stats = control(graph, "GET", "/simulator/stats", "");
    const char *found = stats ? strstr(stats, "\"batches\":") : NULL;
    int count = found ? atoi(found + strlen("\"batches\":")) : -1;
    free(stats);
    return count;
}

static void a_roster_is_planned_and_applied_with_progress(void)
{
    simulator graph;
    agentuser_client *client;
    pumped done;
    char *csv = roster_of_twelve();

    CHECK(csv != NULL);
    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0]}"));
    client = client_of(&graph, graph.token);
    CHECK(client != NULL);

    done = run(client, "{\"operation\":\"applyRoster\",\"dryRun\":true}", csv, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"rows\":12") && has(done.result, "\"planned\":12"));
    pumped_free(&done);

    done = run(client, "{\"operation\":\"applyRoster\"}", csv, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"created\":12") && has(done.result, "\"failed\":0"));
    CHECK(done.items == 12);
    CHECK(strstr(done.item_json, "\"row\":13") != NULL && strstr(done.item_json, "\"outcome\":\"created\"") != NULL);
    CHECK(strstr(done.event_json, "{\"event\":\"rows\",\"done\":12,\"of\":12}") != NULL);
    pumped_free(&done);
    /* Requests of twelve rows that are ready at the same time are one batch. */
    CHECK(batches(&graph) > 0);

    done = run(client, "{\"operation\":\"applyRoster\",\"rows\":[2,5]}", csv, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"rows\":2") && has(done.result, "\"unchanged\":2"));
    pumped_free(&done);

    /* A roster with errors reports all of them, and nothing is sent. */
    done = run(client, "{\"operation\":\"applyRoster\"}", "identityParentId,displayName,userPrincipalName\nx,,y\n", NULL);
    CHECK(done.kind == AGENTUSER_WAIT_FAILED);
    CHECK(has(done.result, "\"code\":\"RosterInvalid\"") && has(done.result, "\"rowErrors\":[{\"row\":2"));
    pumped_free(&done);

    agentuser_client_free(client);
    simulator_stop(&graph);
    free(csv);
}

static int cancel_at_the_first_report(agentuser_wait_kind kind, const agentuser_result *result, void *context)
{
    (void)result;
    if (kind == AGENTUSER_WAIT_ITEM) {
        agentuser_call_cancel((agentuser_call *)context);
    }
    return 1;
}

static void a_roster_that_is_cancelled_says_what_was_done_and_a_rerun_finishes_it(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *call;
    pumped done;
    char *csv = roster_of_twelve(), *stats;

    CHECK(csv != NULL);
    CHECK(simulator_start(&graph, "{\"latencyMs\":[2,2]}"));
    client = client_with(&graph, graph.token, "\"inFlight\":1,\"batch\":1");
    CHECK(client != NULL);

    call = start_with(client, "{\"operation\":\"applyRoster\"}", csv);
    CHECK(call != NULL);
    done = pump(client, call, NULL, cancel_at_the_first_report, call);
    CHECK(done.ended);
    CHECK(done.items == 12);
    CHECK(strstr(done.item_json, "\"outcome\":\"cancelled\"") != NULL);
    pumped_free(&done);
    CHECK_OK(agentuser_call_free(call));

    done = run(client, "{\"operation\":\"applyRoster\"}", csv, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"failed\":0") && has(done.result, "\"cancelled\":0"));
    pumped_free(&done);
    stats = control(&graph, "GET", "/simulator/stats", "");
    CHECK(stats != NULL && strstr(stats, "\"agentUsersCreated\":12") != NULL);
    free(stats);
    /* `"batch":1` sends every request on its own. */
    CHECK(batches(&graph) == 0);

    agentuser_client_free(client);
    simulator_stop(&graph);
    free(csv);
}

static const test_case CASES[] = {
    {"pure_functions_need_no_client", pure_functions_need_no_client},
    {"an_agent_user_s_life", an_agent_user_s_life},
    {"a_list_comes_in_pages_as_rows_and_as_json", a_list_comes_in_pages_as_rows_and_as_json},
    {"a_roster_is_planned_and_applied_with_progress", a_roster_is_planned_and_applied_with_progress},
    {"a_roster_that_is_cancelled_says_what_was_done_and_a_rerun_finishes_it",
     a_roster_that_is_cancelled_says_what_was_done_and_a_rerun_finishes_it},
};

int main(int argc, char **argv)
{
    return check_main(CASES, sizeof CASES / sizeof *CASES, argc, argv);
}

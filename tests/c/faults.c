/* Faults of the network, the server and the sign-in: each ends in the right state or the right problem, without a leak. */

#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "support.h"

#include <pthread.h>

#define PARENT "a1d00000-0000-4000-8000-000000000001"
#define CREATE_ADA                                                                                                     \
    "{\"operation\":\"create\",\"agentUser\":{\"identityParentId\":\"" PARENT                                          \
    "\",\"displayName\":\"Ada\",\"userPrincipalName\":\"ada@contoso.com\"}}"

static int stats_have(const simulator *graph, const char *text)
{
    char *stats = control(graph, "GET", "/simulator/stats", "");
    int found = stats != NULL && strstr(stats, text) != NULL;
    if (!found) {
        printf("  %s is not in %s\n", text, stats ? stats : "nothing");
    }
    free(stats);
    return found;
}

static void a_create_whose_answer_is_lost_is_created_once(void)
{
    simulator graph;
    agentuser_client *client;
    pumped done;

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0],\"faults\":{\"script\":[{\"method\":\"POST\",\"path\":\"/users/microsoft.graph.agentUser\","
                                  "\"fault\":\"lostAnswer\"}]}}"));
    client = client_of(&graph, graph.token);
    CHECK(client != NULL);
    done = run(client, CREATE_ADA, NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"outcome\":\"created\""));
    pumped_free(&done);
    CHECK(stats_have(&graph, "\"agentUsersCreated\":1"));
    agentuser_client_free(client);
    simulator_stop(&graph);
}

static int cancel_when_throttled(agentuser_wait_kind kind, const agentuser_result *result, void *context)
{
    char *json = json_of(result);
    if (kind == AGENTUSER_WAIT_EVENT && json != NULL && strstr(json, "\"why\":\"throttled\"") != NULL) {
        agentuser_call_cancel((agentuser_call *)context);
    }
    free(json);
    return 1;
}

static void a_long_retry_after_is_seen_and_can_be_cancelled(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *call;
    pumped done;
    const char *wait;

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0],\"agentUsers\":5,\"faults\":{\"script\":[{\"method\":\"GET\",\"path\":\"/users\","
                                  "\"fault\":\"throttled\",\"retryAfterSeconds\":3600}]}}"));
    client = client_of(&graph, graph.token);
    CHECK(client != NULL);
    call = start(client, "{\"operation\":\"list\"}");
    CHECK(call != NULL);
    done = pump(client, call, NULL, cancel_when_throttled, call);
    CHECK(done.kind == AGENTUSER_WAIT_FAILED);
    CHECK(has(done.result, "\"code\":\"Cancelled\"") || has(done.result, "\"code\":\"Throttled\""));
    wait = strstr(done.event_json, "\"waitMs\":");
    CHECK(wait != NULL && atol(wait + strlen("\"waitMs\":")) >= 3600000);
    pumped_free(&done);
    agentuser_call_free(call);
    agentuser_client_free(client);
    simulator_stop(&graph);
}

static void a_server_that_is_gone_is_a_problem(void)
{
    simulator graph;
    agentuser_client *client;
    pumped done;

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0]}"));
    client = client_of(&graph, graph.token);
    CHECK(client != NULL);
    done = run(client, "{\"operation\":\"skus\"}", NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    pumped_free(&done);
    simulator_stop(&graph);
    done = run(client, "{\"operation\":\"skus\"}", NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_FAILED);
    CHECK(has(done.result, "\"code\":\"Unreachable\"") && has(done.result, "\"transient\":true"));
    CHECK(strstr(done.event_json, "\"why\":\"retry\"") != NULL);
    pumped_free(&done);
    agentuser_client_free(client);
}

static void a_call_that_is_freed_in_the_middle_is_finished_by_a_rerun(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *call;
    agentuser_wait_kind kind;
    agentuser_result *result = NULL;
    pumped done;
    char *csv = roster_of_twelve();

    CHECK(csv != NULL);
    CHECK(simulator_start(&graph, "{\"latencyMs\":[2,2]}"));
    client = client_with(&graph, graph.token, "\"inFlight\":8,\"batch\":1");
    CHECK(client != NULL);
    call = start_with(client, "{\"operation\":\"applyRoster\"}", csv);
    CHECK(call != NULL);
    do {
        agentuser_result_free(result);
        CHECK_OK(agentuser_call_wait(call, 60000, &kind, &result));
    } while (kind == AGENTUSER_WAIT_EVENT);
    agentuser_result_free(result);
    CHECK_OK(agentuser_call_free(call));

    done = run(client, "{\"operation\":\"applyRoster\"}", csv, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"failed\":0"));
    pumped_free(&done);
    CHECK(stats_have(&graph, "\"agentUsersCreated\":12"));
    CHECK(stats_have(&graph, "\"createdMoreThanOncePerParent\":{}"));
    agentuser_client_free(client);
    simulator_stop(&graph);
    free(csv);
}

typedef struct {
    const simulator *graph;
    int revoked;
    /* When set, a demand for a token is answered with this problem. */
    agentuser_call *fail;
} expiry;

static int revoke_at_the_first_report(agentuser_wait_kind kind, const agentuser_result *result, void *context)
{
    expiry *expiry_ = (expiry *)context;
    (void)result;
    if (kind == AGENTUSER_WAIT_ITEM && !expiry_->revoked) {
        free(control(expiry_->graph, "POST", "/simulator/revoke", "{\"token\":\"s3cret-one\"}"));
        expiry_->revoked = 1;
    }
    if (kind == AGENTUSER_WAIT_TOKEN && expiry_->fail != NULL) {
        agentuser_call_token_failed(expiry_->fail, TEXT("the sign-in was refused"));
    }
    return 1;
}

static void a_token_that_expires_in_the_middle_is_renewed(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *call;
    pumped done;
    expiry expiry;
    char *csv = roster_of_twelve();

    CHECK(csv != NULL);
    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0],\"tokens\":[{\"token\":\"s3cret-one\"},{\"token\":\"s3cret-two\"}]}"));
    client = client_with(&graph, "s3cret-one", "\"inFlight\":1,\"batch\":1");
    CHECK(client != NULL);
    call = start_with(client, "{\"operation\":\"applyRoster\"}", csv);
    CHECK(call != NULL);
    memset(&expiry, 0, sizeof expiry);
    expiry.graph = &graph;
    done = pump(client, call, "s3cret-two", revoke_at_the_first_report, &expiry);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"created\":12"));
    CHECK(done.tokens == 1);
    pumped_free(&done);
    agentuser_call_free(call);
    CHECK(stats_have(&graph, "\"createdMoreThanOncePerParent\":{}"));
    agentuser_client_free(client);
    simulator_stop(&graph);
    free(csv);
}

static void a_token_that_cannot_be_renewed_ends_the_rows_with_the_reason_and_a_rerun_finishes(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *call;
    pumped done;
    expiry expiry;
    char *csv = roster_of_twelve();

    CHECK(csv != NULL);
    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0],\"tokens\":[{\"token\":\"s3cret-one\"},{\"token\":\"s3cret-two\"}]}"));
    client = client_with(&graph, "s3cret-one", "\"inFlight\":1,\"batch\":1");
    CHECK(client != NULL);
    call = start_with(client, "{\"operation\":\"applyRoster\"}", csv);
    CHECK(call != NULL);
    memset(&expiry, 0, sizeof expiry);
    expiry.graph = &graph;
    expiry.fail = call;
    done = pump(client, call, NULL, revoke_at_the_first_report, &expiry);
    CHECK(done.ended);
    /* The call asked once, not once for every row. */
    CHECK(done.tokens == 1);
    CHECK(done.items == 12);
    CHECK(strstr(done.item_json, "the sign-in was refused") != NULL);
    CHECK(strstr(done.item_json, "\"outcome\":\"failed\"") != NULL);
    CHECK(strstr(done.item_json, "s3cret") == NULL);
    pumped_free(&done);
    agentuser_call_free(call);

    /* The next call asks again. */
    done = run(client, "{\"operation\":\"applyRoster\"}", csv, "s3cret-two");
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    CHECK(has(done.result, "\"failed\":0"));
    CHECK(done.tokens == 1);
    pumped_free(&done);
    CHECK(stats_have(&graph, "\"agentUsersCreated\":12"));
    agentuser_client_free(client);
    simulator_stop(&graph);
    free(csv);
}

static void every_call_says_that_it_needs_a_token_and_one_serves_all(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *calls[3];
    agentuser_wait_kind kind;
    agentuser_result *result = NULL, *problem = NULL;
    pumped done;
    int n;

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0]}"));
    client = client_of(&graph, NULL);
    CHECK(client != NULL);
    for (n = 0; n < 3; n++) {
        calls[n] = start(client, "{\"operation\":\"skus\"}");
        CHECK(calls[n] != NULL);
    }
    for (n = 2; n >= 0; n--) {
        CHECK_OK(agentuser_call_wait(calls[n], 60000, &kind, &result));
        CHECK(kind == AGENTUSER_WAIT_TOKEN);
        CHECK(has(result, "\"scope\":\"http") && has(result, "/.default\"") && has(result, "\"refused\":false"));
        agentuser_result_free(result);
        /* The demand comes once. */
        CHECK_OK(agentuser_call_wait(calls[n], 0, &kind, &result));
        CHECK(kind == AGENTUSER_WAIT_TIMEOUT);
    }
    /* A sign-in that fails for one call does not concern the others. */
    CHECK_OK(agentuser_call_token_failed(calls[0], TEXT("nobody answered the prompt")));
    done = pump(client, calls[0], NULL, NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_FAILED);
    CHECK(has(done.result, "nobody answered the prompt") && has(done.result, "\"code\":\"TokenMissing\""));
    pumped_free(&done);
    CHECK_OK(agentuser_call_wait(calls[1], 0, &kind, &result));
    CHECK(kind == AGENTUSER_WAIT_TIMEOUT);
    /* Freeing a call that waits for a token leaves the last one waiting. */
    CHECK_OK(agentuser_call_free(calls[1]));
    CHECK_OK(agentuser_call_wait(calls[2], 0, &kind, &result));
    CHECK(kind == AGENTUSER_WAIT_TIMEOUT);
    CHECK_OK(agentuser_client_set_token(client, TEXT(graph.token), 3600, &problem));
    done = pump(client, calls[2], NULL, NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE && done.tokens == 0);
    pumped_free(&done);
    CHECK_OK(agentuser_call_free(calls[0]));
    CHECK_OK(agentuser_call_free(calls[2]));
    agentuser_client_free(client);
    simulator_stop(&graph);
}

static void many_requests_of_a_call_ask_once(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *call;
    agentuser_wait_kind kind;
    agentuser_result *result = NULL, *problem = NULL;
    pumped done;
    char *csv = roster_of_twelve();

    CHECK(csv != NULL);
    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0]}"));
    client = client_with(&graph, NULL, "\"inFlight\":8,\"batch\":1");
    CHECK(client != NULL);
    /* Every row sends a request of its own first. */
    call = start_with(client, "{\"operation\":\"applyRoster\",\"checkDomains\":false}", csv);
    CHECK(call != NULL);
    CHECK_OK(agentuser_call_wait(call, 60000, &kind, &result));
    CHECK(kind == AGENTUSER_WAIT_TOKEN);
    do {
        agentuser_result_free(result);
        CHECK_OK(agentuser_call_wait(call, 200, &kind, &result));
        CHECK(kind == AGENTUSER_WAIT_EVENT || kind == AGENTUSER_WAIT_TIMEOUT);
    } while (kind != AGENTUSER_WAIT_TIMEOUT);
    CHECK_OK(agentuser_client_set_token(client, TEXT(graph.token), 0, &problem));
    done = pump(client, call, NULL, NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE && done.tokens == 0);
    CHECK(has(done.result, "\"created\":12"));
    pumped_free(&done);
    agentuser_call_free(call);
    agentuser_client_free(client);
    simulator_stop(&graph);
    free(csv);
}

typedef struct {
    agentuser_client *client;
    agentuser_call *call;
    pthread_barrier_t *asked;
    pumped done;
} asker;

static int say_that_it_asked(agentuser_wait_kind kind, const agentuser_result *result, void *context)
{
    (void)result;
    if (kind == AGENTUSER_WAIT_TOKEN) {
        pthread_barrier_wait((pthread_barrier_t *)context);
    }
    return 1;
}

static void *ask_and_wait(void *context)
{
    asker *asker_ = (asker *)context;
    asker_->done = pump(asker_->client, asker_->call, NULL, say_that_it_asked, asker_->asked);
    return NULL;
}

static void a_token_that_comes_from_one_thread_serves_a_call_that_another_waits_for(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *mine;
    pthread_t thread;
    pthread_barrier_t asked;
    asker theirs;
    pumped done;

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0]}"));
    client = client_of(&graph, NULL);
    CHECK(client != NULL);
    pthread_barrier_init(&asked, NULL, 2);
    memset(&theirs, 0, sizeof theirs);
    theirs.client = client;
    theirs.asked = &asked;
    theirs.call = start(client, "{\"operation\":\"skus\"}");
    CHECK(theirs.call != NULL);
    CHECK(pthread_create(&thread, NULL, ask_and_wait, &theirs) == 0);
    /* The other call has asked, and its thread waits for the token; this call asks, too, and sets it. */
    pthread_barrier_wait(&asked);
    mine = start(client, "{\"operation\":\"verifiedDomains\"}");
    CHECK(mine != NULL);
    done = pump(client, mine, graph.token, NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE && done.tokens == 1);
    CHECK(has(done.result, "\"verifiedDomains\":[\"contoso.com\""));
    pumped_free(&done);
    pthread_join(thread, NULL);
    CHECK(theirs.done.kind == AGENTUSER_WAIT_DONE && theirs.done.tokens == 1);
    pumped_free(&theirs.done);
    agentuser_call_free(mine);
    agentuser_call_free(theirs.call);
    pthread_barrier_destroy(&asked);
    agentuser_client_free(client);
    simulator_stop(&graph);
}

static void a_client_with_a_secret_signs_in_itself(void)
{
    simulator graph;
    agentuser_client *client = NULL;
    agentuser_result *problem = NULL;
    pumped done;
    char config[512], id[64], secret[64], *tenant;

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0]}"));
    tenant = control(&graph, "GET", "/simulator/tenant", "");
    CHECK(tenant != NULL && member(tenant, "clientId", id, sizeof id) && member(tenant, "clientSecret", secret, sizeof secret));
    free(tenant);
    snprintf(config, sizeof config,
             "{\"graphEndpoint\":\"%s\",\"clientSecret\":{\"tenantId\":\"contoso.com\",\"clientId\":\"%s\","
             "\"loginEndpoint\":\"%s\"}}",
             graph.endpoint, id, graph.endpoint);
    CHECK_OK(agentuser_client_new(TEXT(config), TEXT(secret), &client, &problem));
    done = run(client, "{\"operation\":\"verifyParent\",\"identityParentId\":\"" PARENT "\"}", NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE && done.tokens == 0);
    pumped_free(&done);
    agentuser_client_free(client);

    CHECK_OK(agentuser_client_new(TEXT(config), TEXT("not-the-secret"), &client, &problem));
    done = run(client, "{\"operation\":\"skus\"}", NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_FAILED && done.tokens == 0);
    {
        char *told = json_of(done.result);
        CHECK(told != NULL && strstr(told, "not-the-secret") == NULL);
        free(told);
    }
    pumped_free(&done);
    agentuser_client_free(client);
    simulator_stop(&graph);
}

static int stop_at_the_first_item(agentuser_wait_kind kind, const agentuser_result *result, void *context)
{
    (void)result;
    (void)context;
    return kind != AGENTUSER_WAIT_ITEM;
}

static void pages_that_nobody_takes_are_not_read(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *call;
    pumped done;
    int n, requests;
    char *stats;
    const char *found;

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0],\"identities\":0,\"agentUsers\":1000}"));
    client = client_of(&graph, graph.token);
    CHECK(client != NULL);
    call = start(client, "{\"operation\":\"list\",\"pageSize\":20}");
    CHECK(call != NULL);
    done = pump(client, call, NULL, stop_at_the_first_item, NULL);
    CHECK(done.items == 1 && !done.ended);
    pumped_free(&done);
    /* While other calls come and go, the list stands still: one page waits, one more is on its way. */
    for (n = 0; n < 20; n++) {
        done = run(client, "{\"operation\":\"skus\"}", NULL, NULL);
        CHECK(done.kind == AGENTUSER_WAIT_DONE);
        pumped_free(&done);
    }
    stats = control(&graph, "GET", "/simulator/stats", "");
    found = stats ? strstr(stats, "\"requests\":") : NULL;
    CHECK(found != NULL);
    requests = atoi(found + strlen("\"requests\":")) - 20;
    free(stats);
    CHECK(requests >= 2 && requests <= 3);
    done = pump(client, call, NULL, NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE && done.items == 50);
    pumped_free(&done);
    agentuser_call_free(call);
    agentuser_client_free(client);
    simulator_stop(&graph);
}

static const test_case CASES[] = {
    {"a_create_whose_answer_is_lost_is_created_once", a_create_whose_answer_is_lost_is_created_once},
    {"a_long_retry_after_is_seen_and_can_be_cancelled", a_long_retry_after_is_seen_and_can_be_cancelled},
    {"a_server_that_is_gone_is_a_problem", a_server_that_is_gone_is_a_problem},
    {"a_call_that_is_freed_in_the_middle_is_finished_by_a_rerun",
     a_call_that_is_freed_in_the_middle_is_finished_by_a_rerun},
    {"a_token_that_expires_in_the_middle_is_renewed", a_token_that_expires_in_the_middle_is_renewed},
    {"a_token_that_cannot_be_renewed_ends_the_rows_with_the_reason_and_a_rerun_finishes",
     a_token_that_cannot_be_renewed_ends_the_rows_with_the_reason_and_a_rerun_finishes},
    {"every_call_says_that_it_needs_a_token_and_one_serves_all",
     every_call_says_that_it_needs_a_token_and_one_serves_all},
    {"many_requests_of_a_call_ask_once", many_requests_of_a_call_ask_once},
    {"a_token_that_comes_from_one_thread_serves_a_call_that_another_waits_for",
     a_token_that_comes_from_one_thread_serves_a_call_that_another_waits_for},
    {"a_client_with_a_secret_signs_in_itself", a_client_with_a_secret_signs_in_itself},
    {"pages_that_nobody_takes_are_not_read", pages_that_nobody_takes_are_not_read},
};

int main(int argc, char **argv)
{
    return check_main(CASES, sizeof CASES / sizeof *CASES, argc, argv);
}

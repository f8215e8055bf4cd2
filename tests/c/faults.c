/* Faults of the network, the server and the sign-in: each ends in the right state or the right problem, without a leak. */

#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "support.h"

#include <pthread.h>

#define PARENT "a1d00000-0000-4000-8000-000000000001"

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
        CHECK(kind == AGENTUSER_WAIT_DEMAND);
        CHECK(has(result, "\"scope\":\"http") && has(result, "/.default\"") && has(result, "\"refused\":false"));
        agentuser_result_free(result);
        /* The demand comes once. */
        CHECK_OK(agentuser_call_wait(calls[n], 0, &kind, &result));
        CHECK(kind == AGENTUSER_WAIT_TIMEOUT);
    }
    /* A sign-in that fails for one call does not concern the others. */
    CHECK_OK(agentuser_call_demand_failed(calls[0], TEXT("nobody answered the prompt")));
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
    /* How many rows there are may be told before. */
    do {
        agentuser_result_free(result);
        CHECK_OK(agentuser_call_wait(call, 60000, &kind, &result));
    } while (kind == AGENTUSER_WAIT_EVENT);
    CHECK(kind == AGENTUSER_WAIT_DEMAND);
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
    if (kind == AGENTUSER_WAIT_DEMAND) {
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
             "{\"graphEndpoint\":\"%s\",\"signIn\":{\"kind\":\"application\",\"tenantId\":\"contoso.com\",\"clientId\":\"%s\","
             "\"proof\":{\"kind\":\"clientSecret\"},\"loginEndpoint\":\"%s\"}}",
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

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0],\"identities\":0,\"agentUsers\":1001}"));
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
    {"a_call_that_is_freed_in_the_middle_is_finished_by_a_rerun",
     a_call_that_is_freed_in_the_middle_is_finished_by_a_rerun},
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

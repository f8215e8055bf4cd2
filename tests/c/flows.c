/* Plays the flows of tests/flows through the C ABI; crates/ffi/tests/c_flows.rs drives it and checks the ends.

   Commands, each a line followed by the bytes whose lengths it names:
     simulator LENGTH 0           starts a simulator, in place of the one before: `simulator ENDPOINT TOKEN`
     stop 0 0                     ends the simulator: `ok`
     client LENGTH SECRET_LENGTH  makes a client, in place of the one before: `ok`, or `problem LENGTH`
     start LENGTH INPUT_LENGTH    starts an operation, in place of the one before: `ok`, or `problem LENGTH`
     wait 0 0                     waits for what comes next: `KIND LENGTH`
     answer LENGTH ID_LENGTH      answers the demand of that id: `ok`
     demand_failed LENGTH 0       ends the call, whose demand is not met: `ok`
     cancel 0 0                   cancels the call: `ok` */

#include "bridge.h"
#include "support.h"

static simulator graph;
static agentuser_client *client;
static agentuser_call *call;

static void ok(const char *what, agentuser_status status)
{
    if (status != AGENTUSER_OK) {
        fail(what, status);
    }
    printf("ok\n");
}

static void make_client(const uint8_t *config, size_t config_len, const uint8_t *secret, size_t secret_len)
{
    agentuser_result *problem = NULL;
    agentuser_status status;
    agentuser_client_free(client);
    client = NULL;
    status = agentuser_client_new(config, config_len, secret_len > 0 ? secret : NULL, secret_len, &client, &problem);
    if (status == AGENTUSER_PROBLEM) {
        give_result("problem", problem);
    } else {
        ok("agentuser_client_new", status);
    }
}

static void start_operation(const uint8_t *json, size_t json_len, const uint8_t *input, size_t input_len)
{
    agentuser_result *problem = NULL;
    agentuser_status status;
    agentuser_call_free(call);
    call = NULL;
    status = agentuser_call_start(client, json, json_len, input_len > 0 ? input : NULL, input_len, NULL, 0, &call, &problem);
    if (status == AGENTUSER_PROBLEM) {
        give_result("problem", problem);
    } else {
        ok("agentuser_call_start", status);
    }
}

static void wait_for_next(void)
{
    static const char *const KINDS[] = {"timeout", "event", "demand", "item", "done", "failed", "record"};
    agentuser_wait_kind kind;
    agentuser_result *result = NULL;
    agentuser_status status = agentuser_call_wait(call, 120000, &kind, &result);
    if (status != AGENTUSER_OK || kind == AGENTUSER_WAIT_TIMEOUT) {
        fail("agentuser_call_wait", status);
    }
    give_result(KINDS[kind], result);
}

int main(void)
{
    char line[256], command[32];
    unsigned long first, second;

    while (fgets(line, sizeof line, stdin) != NULL && sscanf(line, "%31s %lu %lu", command, &first, &second) == 3) {
        uint8_t *text = take(first), *input = take(second);
        agentuser_result *problem = NULL;
        if (strcmp(command, "simulator") == 0) {
            simulator_stop(&graph);
            if (!simulator_start(&graph, (const char *)text)) {
                fail("simulator", AGENTUSER_PROBLEM);
            }
            printf("simulator %s %s\n", graph.endpoint, graph.token);
        } else if (strcmp(command, "stop") == 0) {
            simulator_stop(&graph);
            ok("stop", AGENTUSER_OK);
        } else if (strcmp(command, "client") == 0) {
            make_client(text, first, input, second);
        } else if (strcmp(command, "start") == 0) {
            start_operation(text, first, input, second);
        } else if (strcmp(command, "wait") == 0) {
            wait_for_next();
        } else if (strcmp(command, "answer") == 0) {
            uint64_t id = strtoull((const char *)input, NULL, 10);
            ok("agentuser_client_answer", agentuser_client_answer(client, id, text, first, 0, &problem));
        } else if (strcmp(command, "demand_failed") == 0) {
            ok("agentuser_call_demand_failed", agentuser_call_demand_failed(call, text, first));
        } else if (strcmp(command, "cancel") == 0) {
            ok("agentuser_call_cancel", agentuser_call_cancel(call));
        } else {
            fail(command, AGENTUSER_OK);
        }
        free(text);
        free(input);
        fflush(stdout);
    }
    agentuser_call_free(call);
    agentuser_client_free(client);
    simulator_stop(&graph);
    return agentuser_live_handles() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

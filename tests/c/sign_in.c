/* The demands of a sign-in on the program: a signature, an assertion, a browser. */

#include "check.h"
#include "support.h"

#define BLUEPRINT "b1a00000-0000-4000-8000-000000000001"
#define PROGRAM "5ea00000-0000-4000-8000-000000000002"

/* A certificate whose key nobody has any more, as a text of JSON. */
#define CERTIFICATE \
    "-----BEGIN CERTIFICATE-----\\n" \
    "MIICnjCCAYYCAQEwDQYJKoZIhvcNAQELBQAwFDESMBAGA1UEAwwJYWdlbnR1c2Vy\\n" \
    "MCAXDTIwMDEwMTAwMDAwMFoYDzIwOTAwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAlh\\n" \
    "Z2VudHVzZXIwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCuhy/OjXMp\\n" \
    "v3eLk/a2LT/Pfg7+D8fERZBO7EyiO3qWE3mN+1o/p9z8TXxC3sSz8O7+rtCbk0d+\\n" \
    "2XFjOMAeEVilZGBX4jEhgsE/NzGYsyWHaMaLfUk2hp1pUrCQ+eLv00SlNkWNNZlZ\\n" \
    "oID45kfcXfhyGn5wIUsetLpZWQCMsJA3hxW6SAd6hxSVXHlkrxEPpyhVcoDAWtro\\n" \
    "Y2dXbZCcErGK+8zOZ1KdyPAm+l0gLfDUrOzSbt65TMQ7XyMjT6DXOYf7CoA+mu3Z\\n" \
    "5O51A9ltrSvmh7jTdwjZSRBDs58x8oiZQ/X1Bs/YqRuy0r2UKeBnmqIwFMNTJ6h4\\n" \
    "/fUSupPCDZyhAgMBAAEwDQYJKoZIhvcNAQELBQADggEBAJoHrpNTZqmRpla9vElg\\n" \
    "7uKxSlJEccQox17sYQ+P3Ey7KqtvBuMzqUOf7ZzVIvyViEAtCWYCIm8aOof6olwh\\n" \
    "wdiF31bXX7kBm2dPcFYYE/pabe2XH4DEXwe3Qk6rS0F/LtWBaC59MSBeNPzk5RRR\\n" \
    "wV5pTGEiZP44MgdCDQ5Jdo+vB0UOaxFQ7uxQx3rMPfs6vwofdHv7s33xquxu2wXY\\n" \
    "3Dkmqcm2bHwc2RzZdsgGpiMjKNFi6Fz8WhddxL7FaunVv+xIjCCnQ1jF0W8CMsYS\\n" \
    "EbnjT2imr4wXRsdot4OGgkLUR80VpbIzI1ZqgJkk6Ivk9cewdMmksHPCRwdzUgUI\\n" \
    "5+o=\\n" \
    "-----END CERTIFICATE-----\\n"

static agentuser_client *client_who(const simulator *graph, const char *sign_in)
{
    agentuser_client *client = NULL;
    agentuser_result *problem = NULL;
    char config[2048];
    snprintf(config, sizeof config, "{\"graphEndpoint\":\"%s\",\"signIn\":%s}", graph->endpoint, sign_in);
    if (agentuser_client_new(TEXT(config), NULL, 0, &client, &problem) != AGENTUSER_OK) {
        char *told = json_of(problem);
        printf("  %s\n", told != NULL ? told : "");
        free(told);
        agentuser_result_free(problem);
    }
    return client;
}

/* The first demand of a call that gets a token; the call is to be freed as well. */
static agentuser_result *demand_of(agentuser_client *client, agentuser_call **call)
{
    agentuser_result *result = NULL;
    agentuser_wait_kind kind = AGENTUSER_WAIT_TIMEOUT;
    if (agentuser_token_start(client, TEXT("{}"), NULL, 0, call, &result) == AGENTUSER_OK
        && agentuser_call_wait(*call, 60000, &kind, &result) == AGENTUSER_OK && kind == AGENTUSER_WAIT_DEMAND) {
        return result;
    }
    agentuser_result_free(result);
    return NULL;
}

static void a_signature_is_of_the_bytes_beside_the_demand(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *call = NULL;
    agentuser_result *demand, *problem = NULL;
    agentuser_str input = {NULL, 0};
    uint8_t signature[256];
    uint64_t id = 0;
    pumped done;
    size_t len;

    /* Of a wrong length it goes nowhere; of the right one Entra tells that it is wrong. */
    for (len = sizeof signature - 1; len <= sizeof signature; len++) {
        CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0]}"));
        client = client_who(&graph, "{\"kind\":\"application\",\"tenantId\":\"contoso.com\",\"clientId\":\"" BLUEPRINT
                                    "\",\"proof\":{\"kind\":\"signature\",\"certificate\":\"" CERTIFICATE "\"}}");
        CHECK(client != NULL);
        demand = demand_of(client, &call);
        CHECK(demand != NULL);
        CHECK(has(demand, "\"kind\":\"signature\"") && has(demand, "\"algorithm\":\"PS256\"") && has(demand, BLUEPRINT));
        CHECK_OK(agentuser_result_body(demand, 0, &id, &input));
        CHECK(id == demand_id(demand));
        /* The head and the claims of an assertion, in base64url. */
        CHECK(input.len > 100 && memcmp(input.ptr, "eyJ", 3) == 0 && memchr(input.ptr, '.', input.len) != NULL);
        agentuser_result_free(demand);
        memset(signature, 7, sizeof signature);
        CHECK_OK(agentuser_client_answer(client, id, signature, len, 0, &problem));
        done = pump(client, call, NULL, NULL, NULL);
        CHECK(done.kind == AGENTUSER_WAIT_FAILED);
        CHECK(has(done.result, len < sizeof signature ? "\"code\":\"CertificateUnusable\"" : "\"code\":\"SignInAssertionRejected\""));
        pumped_free(&done);
        agentuser_call_free(call);
        agentuser_client_free(client);
        simulator_stop(&graph);
    }
}

static void an_assertion_is_answered_with_its_text(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *call = NULL;
    agentuser_result *demand, *problem = NULL;
    uint64_t id;
    pumped done;

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0]}"));
    client = client_who(&graph, "{\"kind\":\"application\",\"tenantId\":\"contoso.com\",\"clientId\":\"" BLUEPRINT
                                "\",\"proof\":{\"kind\":\"assertion\"}}");
    CHECK(client != NULL);
    demand = demand_of(client, &call);
    CHECK(demand != NULL);
    CHECK(has(demand, "\"kind\":\"assertion\"") && has(demand, "\"audience\":\"api://AzureADTokenExchange\"") && has(demand, BLUEPRINT));
    id = demand_id(demand);
    agentuser_result_free(demand);
    /* Of nobody whom the application trusts: Entra's answer says so, so it arrived there. */
    CHECK_OK(agentuser_client_answer(client, id, TEXT(graph.token), 0, &problem));
    done = pump(client, call, NULL, NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_FAILED && has(done.result, "AADSTS"));
    pumped_free(&done);
    agentuser_call_free(call);
    agentuser_client_free(client);
    simulator_stop(&graph);
}

static void what_is_not_met_is_told_by_its_kind(void)
{
    simulator graph;
    agentuser_client *client;
    agentuser_call *call = NULL;
    agentuser_result *demand;
    pumped done;

    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0]}"));
    client = client_who(&graph, "{\"kind\":\"browser\",\"tenantId\":\"contoso.com\",\"clientId\":\"" PROGRAM "\"}");
    CHECK(client != NULL);
    demand = demand_of(client, &call);
    CHECK(demand != NULL);
    CHECK(has(demand, "\"kind\":\"authorize\"") && has(demand, "code_challenge="));
    agentuser_result_free(demand);
    CHECK_OK(agentuser_call_demand_failed(call, TEXT("there is no screen")));
    done = pump(client, call, NULL, NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_FAILED && has(done.result, "\"code\":\"NoBrowser\""));
    CHECK(has(done.result, "No browser could be opened: there is no screen."));
    pumped_free(&done);
    agentuser_call_free(call);
    agentuser_client_free(client);
    simulator_stop(&graph);
}

static const test_case CASES[] = {
    {"a_signature_is_of_the_bytes_beside_the_demand", a_signature_is_of_the_bytes_beside_the_demand},
    {"an_assertion_is_answered_with_its_text", an_assertion_is_answered_with_its_text},
    {"what_is_not_met_is_told_by_its_kind", what_is_not_met_is_told_by_its_kind},
};

int main(int argc, char **argv)
{
    return check_main(CASES, sizeof CASES / sizeof *CASES, argc, argv);
}

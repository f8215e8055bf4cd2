/* An operation whose requests the host sends; this host makes up the answers. */

#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "support.h"

#include <pthread.h>

#define PARENT "a1d00000-0000-4000-8000-000000000001"
#define USER "0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f"
#define OK_JSON "{\"answer\":\"response\",\"status\":200,\"headers\":[[\"Content-Type\",\"application/json\"]],\"token\":1}"
#define ADA                                                                                                            \
    "{\"@odata.type\":\"#microsoft.graph.agentUser\",\"id\":\"" USER "\",\"displayName\":\"Ada \\u00c9\",\"identityParentId\":\"" PARENT       \
    "\",\"userPrincipalName\":\"ada@contoso.com\",\"accountEnabled\":false,\"mail\":null,\"businessPhones\":[\"1\"]}"

static agentuser_session *new_session(void)
{
    agentuser_session *session = NULL;
    agentuser_result *problem = NULL;
    if (agentuser_session_new(TEXT("{\"cloud\":\"global\",\"settings\":{\"requestTimeoutMs\":10000}}"), &session, &problem)
        != AGENTUSER_OK) {
        agentuser_result_free(problem);
    }
    return session;
}

static agentuser_operation *operation(const agentuser_session *session, const char *json)
{
    agentuser_operation *made = NULL;
    agentuser_result *problem = NULL;
    if (agentuser_operation_new(session, TEXT(json), NULL, 0, 1, 7, &made, &problem) != AGENTUSER_OK) {
        agentuser_result_free(problem);
    }
    return made;
}

/* Polls past events to the next step of that kind; NULL for another. */
static agentuser_result *step(agentuser_operation *operation, uint64_t mono_ms, agentuser_step_kind expected)
{
    agentuser_step_kind kind;
    agentuser_result *result = NULL;
    do {
        agentuser_result_free(result);
        if (agentuser_operation_poll(operation, mono_ms, 1700000000000 + (int64_t)mono_ms, &kind, &result)
            != AGENTUSER_OK) {
            return NULL;
        }
    } while (kind == AGENTUSER_STEP_EVENT);
    if (kind != expected) {
        char *json = json_of(result);
        printf("  step %d, not %d: %s\n", (int)kind, (int)expected, json ? json : "");
        free(json);
        agentuser_result_free(result);
        return NULL;
    }
    return result;
}

/* The id of a step's first request. */
static uint64_t request_id(const agentuser_result *sent)
{
    char *json = json_of(sent);
    const char *found = json ? strstr(json, "\"id\":") : NULL;
    uint64_t id = found ? strtoull(found + strlen("\"id\":"), NULL, 10) : UINT64_MAX;
    free(json);
    return id;
}

static uint32_t answer(agentuser_operation *operation, uint64_t id, const char *json, const char *body)
{
    uint32_t accepted = 7;
    agentuser_result *problem = NULL;
    if (agentuser_operation_answer(operation, id, TEXT(json), (const uint8_t *)body, body ? strlen(body) : 0, &accepted,
                                   &problem)
        != AGENTUSER_OK) {
        agentuser_result_free(problem);
        return 7;
    }
    return accepted;
}

static void one_agent_user_is_read(void)
{
    agentuser_session *session = new_session();
    agentuser_operation *get;
    agentuser_result *result, *problem = NULL;
    agentuser_step_kind kind;
    agentuser_str fields[AGENTUSER_FIELD_COUNT];
    uint64_t flags, id;
    size_t count;
    uint32_t accepted;

    CHECK(session != NULL);
    get = operation(session, "{\"operation\":\"get\",\"user\":\"ada@contoso.com\"}");
    CHECK(get != NULL);
    /* An operation keeps what it needs of its session. */
    CHECK_OK(agentuser_session_free(session));

    result = step(get, 0, AGENTUSER_STEP_SEND);
    CHECK(result != NULL);
    CHECK(has(result, "{\"step\":\"send\",\"requests\":[{") && has(result, "\"method\":\"GET\"")
          && has(result, "\"url\":\"https://graph.microsoft.com/v1.0/users/ada%40contoso.com")
          && has(result, "\"tokenOwner\":\"caller\""));
    CHECK_OK(agentuser_result_bodies(result, &count));
    CHECK(count == 0);
    id = request_id(result);
    agentuser_result_free(result);

    result = step(get, 1, AGENTUSER_STEP_WAIT);
    CHECK(result != NULL);
    CHECK(has(result, "\"untilMs\":10000"));
    agentuser_result_free(result);

    /* A malformed answer leaves the request waiting. */
    CHECK_STATUS(AGENTUSER_PROBLEM,
                 agentuser_operation_answer(get, id, TEXT("{\"answer\":\"perhaps\"}"), NULL, 0, &accepted, &problem));
    CHECK(has(problem, "\"code\":\"Invalid\""));
    agentuser_result_free(problem);
    CHECK(answer(get, id + 1, OK_JSON, ADA) == 0);
    CHECK(answer(get, id, OK_JSON, ADA) == 1);
    CHECK(answer(get, id, OK_JSON, ADA) == 0);

    result = step(get, 2, AGENTUSER_STEP_DONE);
    CHECK(result != NULL);
    CHECK(has(result, "{\"step\":\"done\",\"result\":{"));
    CHECK_OK(agentuser_result_rows(result, &count));
    CHECK(count == 1);
    CHECK_OK(agentuser_result_row(result, 0, fields, AGENTUSER_FIELD_COUNT, &flags));
    CHECK(is(fields[AGENTUSER_FIELD_DISPLAY_NAME], "Ada \xC3\x89"));
    CHECK(fields[AGENTUSER_FIELD_MAIL].ptr == NULL);
    CHECK(is(fields[AGENTUSER_FIELD_OTHER], "{\"businessPhones\":[\"1\"]}"));
    CHECK(flags == AGENTUSER_FLAG_ACCOUNT_ENABLED_KNOWN);
    agentuser_result_free(result);

    CHECK_STATUS(AGENTUSER_ENDED, agentuser_operation_poll(get, 3, 0, &kind, &result));
    CHECK(answer(get, id, OK_JSON, ADA) == 0);
    CHECK_OK(agentuser_operation_token_pending(get, id));
    CHECK_OK(agentuser_operation_may_send(get, id, &accepted));
    CHECK(accepted == 0);
    CHECK_OK(agentuser_operation_free(get));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_operation_poll(get, 3, 0, &kind, &result));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_operation_free(get));
}

static void a_request_s_body_comes_beside_the_json(void)
{
    agentuser_session *session = new_session();
    agentuser_operation *update;
    agentuser_result *result;
    agentuser_str bytes;
    uint64_t id, of;
    size_t count;

    CHECK(session != NULL);
    update = operation(session, "{\"operation\":\"update\",\"user\":\"" USER "\",\"changes\":{\"city\":\"Oslo\"}}");
    CHECK(update != NULL);
    result = step(update, 0, AGENTUSER_STEP_SEND);
    CHECK(result != NULL);
    id = request_id(result);
    agentuser_result_free(result);
    CHECK(answer(update, id, OK_JSON, ADA) == 1);
    result = step(update, 1, AGENTUSER_STEP_SEND);
    CHECK(result != NULL);
    CHECK(has(result, "\"method\":\"PATCH\""));
    id = request_id(result);
    CHECK_OK(agentuser_result_bodies(result, &count));
    CHECK(count == 1);
    CHECK_OK(agentuser_result_body(result, 0, &of, &bytes));
    CHECK(of == id && is(bytes, "{\"city\":\"Oslo\"}"));
    CHECK_STATUS(AGENTUSER_OUT_OF_RANGE, agentuser_result_body(result, 1, &of, &bytes));
    CHECK(bytes.ptr == NULL);
    agentuser_result_free(result);
    CHECK_OK(agentuser_operation_free(update));
    CHECK_OK(agentuser_session_free(session));
}

static void a_list_comes_in_pages(void)
{
    agentuser_session *session = new_session();
    agentuser_operation *list;
    agentuser_result *result;
    size_t rows;

    CHECK(session != NULL);
    list = operation(session, "{\"operation\":\"list\"}");
    CHECK(list != NULL);
    result = step(list, 0, AGENTUSER_STEP_SEND);
    CHECK(result != NULL);
    CHECK(answer(list, request_id(result), OK_JSON, "{\"value\":[" ADA "]}") == 1);
    agentuser_result_free(result);
    result = step(list, 1, AGENTUSER_STEP_ITEM);
    CHECK(result != NULL);
    CHECK(has(result, "{\"step\":\"item\",\"item\":{\"kind\":\"agentUsers\",\"value\":[" ADA "]}}"));
    CHECK_OK(agentuser_result_rows(result, &rows));
    CHECK(rows == 1);
    agentuser_result_free(result);
    result = step(list, 2, AGENTUSER_STEP_DONE);
    CHECK(result != NULL);
    CHECK(has(result, "\"result\":{\"count\":1}"));
    agentuser_result_free(result);
    CHECK_OK(agentuser_operation_free(list));
    CHECK_OK(agentuser_session_free(session));
}

static void a_request_that_waits_for_a_token_does_not_time_out_before_it_leaves(void)
{
    agentuser_session *session = new_session();
    agentuser_operation *get;
    agentuser_result *result;
    uint64_t id;
    uint32_t leaves = 0;

    CHECK(session != NULL);
    get = operation(session, "{\"operation\":\"skus\"}");
    CHECK(get != NULL);
    result = step(get, 0, AGENTUSER_STEP_SEND);
    CHECK(result != NULL);
    id = request_id(result);
    agentuser_result_free(result);
    CHECK_OK(agentuser_operation_token_pending(get, id));
    result = step(get, 3600000, AGENTUSER_STEP_WAIT);
    CHECK(result != NULL);
    agentuser_result_free(result);
    CHECK_OK(agentuser_operation_may_send(get, id, &leaves));
    CHECK(leaves == 1);
    result = step(get, 3600000, AGENTUSER_STEP_WAIT);
    CHECK(result != NULL);
    CHECK(has(result, "\"untilMs\":3610000"));
    agentuser_result_free(result);
    /* From then on the request's timeout runs. */
    result = step(get, 3610000, AGENTUSER_STEP_ABORT);
    CHECK(result != NULL);
    agentuser_result_free(result);
    CHECK(answer(get, id, OK_JSON, "{\"value\":[]}") == 0);
    CHECK_OK(agentuser_operation_free(get));
    CHECK_OK(agentuser_session_free(session));
}

static void without_a_token_it_fails_with_the_reason(void)
{
    agentuser_session *session = new_session();
    agentuser_operation *get;
    agentuser_result *result;

    CHECK(session != NULL);
    get = operation(session, "{\"operation\":\"skus\"}");
    CHECK(get != NULL);
    result = step(get, 0, AGENTUSER_STEP_SEND);
    CHECK(result != NULL);
    CHECK(answer(get, request_id(result), "{\"answer\":\"noToken\",\"message\":\"nobody signed in\"}", NULL) == 1);
    agentuser_result_free(result);
    result = step(get, 1, AGENTUSER_STEP_FAILED);
    CHECK(result != NULL);
    CHECK(has(result, "{\"step\":\"done\",\"problem\":{") && has(result, "nobody signed in"));
    agentuser_result_free(result);
    CHECK_OK(agentuser_operation_free(get));
    CHECK_OK(agentuser_session_free(session));
}

static void *cancel_it(void *canceller)
{
    return (void *)(uintptr_t)agentuser_canceller_cancel((agentuser_canceller *)canceller);
}

static void a_canceller_works_from_another_thread_and_outlives_its_operation(void)
{
    agentuser_session *session = new_session();
    agentuser_operation *get;
    agentuser_canceller *canceller = NULL;
    agentuser_result *result;
    pthread_t thread;
    void *status;

    CHECK(session != NULL);
    get = operation(session, "{\"operation\":\"skus\"}");
    CHECK(get != NULL);
    CHECK_OK(agentuser_operation_canceller(get, &canceller));
    CHECK(pthread_create(&thread, NULL, cancel_it, canceller) == 0);
    pthread_join(thread, &status);
    CHECK((agentuser_status)(uintptr_t)status == AGENTUSER_OK);
    result = step(get, 0, AGENTUSER_STEP_FAILED);
    CHECK(result != NULL);
    CHECK(has(result, "\"code\":\"Cancelled\""));
    agentuser_result_free(result);
    CHECK_OK(agentuser_operation_free(get));
    CHECK_OK(agentuser_canceller_cancel(canceller));
    CHECK_OK(agentuser_canceller_free(canceller));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_canceller_free(canceller));
    CHECK_OK(agentuser_session_free(session));
}

typedef struct {
    agentuser_operation *operation;
    int strange;
} poller;

static void *poll_often(void *context)
{
    poller *poller_ = (poller *)context;
    int n;
    for (n = 0; n < 2000; n++) {
        agentuser_step_kind kind;
        agentuser_result *result = NULL;
        agentuser_status status = agentuser_operation_poll(poller_->operation, 1, 0, &kind, &result);
        if (!(status == AGENTUSER_OK && kind == AGENTUSER_STEP_WAIT && result != NULL)
            && !(status == AGENTUSER_BUSY && result == NULL)) {
            poller_->strange++;
        }
        agentuser_result_free(result);
    }
    return NULL;
}

static void two_threads_that_poll_at_once_break_nothing(void)
{
    agentuser_session *session = new_session();
    agentuser_operation *get;
    agentuser_result *result;
    pthread_t thread;
    poller mine, theirs;
    uint64_t id;

    CHECK(session != NULL);
    get = operation(session, "{\"operation\":\"skus\"}");
    CHECK(get != NULL);
    result = step(get, 0, AGENTUSER_STEP_SEND);
    CHECK(result != NULL);
    id = request_id(result);
    agentuser_result_free(result);
    mine.operation = theirs.operation = get;
    mine.strange = theirs.strange = 0;
    CHECK(pthread_create(&thread, NULL, poll_often, &theirs) == 0);
    poll_often(&mine);
    pthread_join(thread, NULL);
    CHECK(mine.strange == 0 && theirs.strange == 0);
    CHECK(answer(get, id, OK_JSON, "{\"value\":[]}") == 1);
    result = step(get, 2, AGENTUSER_STEP_DONE);
    CHECK(result != NULL);
    agentuser_result_free(result);
    CHECK_OK(agentuser_operation_free(get));
    CHECK_OK(agentuser_session_free(session));
}

static const test_case CASES[] = {
    {"one_agent_user_is_read", one_agent_user_is_read},
    {"a_request_s_body_comes_beside_the_json", a_request_s_body_comes_beside_the_json},
    {"a_list_comes_in_pages", a_list_comes_in_pages},
    {"a_request_that_waits_for_a_token_does_not_time_out_before_it_leaves",
     a_request_that_waits_for_a_token_does_not_time_out_before_it_leaves},
    {"without_a_token_it_fails_with_the_reason", without_a_token_it_fails_with_the_reason},
    {"a_canceller_works_from_another_thread_and_outlives_its_operation",
     a_canceller_works_from_another_thread_and_outlives_its_operation},
    {"two_threads_that_poll_at_once_break_nothing", two_threads_that_poll_at_once_break_nothing},
};

int main(int argc, char **argv)
{
    return check_main(CASES, sizeof CASES / sizeof *CASES, argc, argv);
}

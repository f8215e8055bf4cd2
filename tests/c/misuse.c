/* Mistakes of callers, and calls from several threads at once. None may crash, leak or hang. */

#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "support.h"

#include <pthread.h>
#include <sched.h>

/* Panics inside the library; debug builds have it. */
#ifdef __cplusplus
extern "C"
#endif
agentuser_status agentuser_test_panic(agentuser_result **problem);

static simulator graph;
static agentuser_client *client;

static agentuser_call *a_call_that_waits_for_a_token(void)
{
    agentuser_wait_kind kind;
    agentuser_result *result = NULL;
    agentuser_call *call = start(client, "{\"operation\":\"skus\"}");
    if (call != NULL && agentuser_call_wait(call, 60000, &kind, &result) == AGENTUSER_OK && kind == AGENTUSER_WAIT_DEMAND) {
        agentuser_result_free(result);
        return call;
    }
    agentuser_result_free(result);
    agentuser_call_free(call);
    return NULL;
}

static void the_library_is_the_header_s(void)
{
    CHECK(agentuser_abi_version() == AGENTUSER_ABI_VERSION);
    CHECK(agentuser_version().len >= 5);
    CHECK(is(agentuser_status_name(AGENTUSER_OK), "OK"));
    CHECK(is(agentuser_status_name(AGENTUSER_NOT_A_HANDLE), "NOT_A_HANDLE"));
    CHECK(is(agentuser_status_name(AGENTUSER_UNSUPPORTED), "UNSUPPORTED"));
    CHECK(agentuser_status_name(AGENTUSER_UNSUPPORTED + 1).ptr == NULL);
    CHECK(agentuser_status_name(4000000000u).ptr == NULL);
}

static void null_is_told_and_frees_take_it(void)
{
    agentuser_result *result = NULL, *problem = NULL;
    agentuser_client *made = NULL;
    agentuser_call *call = NULL;
    agentuser_session *session = NULL;
    agentuser_operation *operation = NULL;
    agentuser_canceller *canceller = NULL;
    agentuser_wait_kind kind;
    agentuser_str text;
    uint64_t number;
    size_t count;
    uint32_t accepted;

    /* Every place is written first, also where another one is missed. */
    made = (agentuser_client *)&text;
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_client_new((const uint8_t *)"{}", 2, NULL, 0, &made, NULL));
    CHECK(made == NULL);
    problem = (agentuser_result *)&text;
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_client_new((const uint8_t *)"{}", 2, NULL, 0, NULL, &problem));
    CHECK(problem == NULL);
    result = (agentuser_result *)&text;
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_call_wait(NULL, 0, NULL, &result));
    CHECK(result == NULL);
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_validate(NULL, 0, &result, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_validate(NULL, 7, &result, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_validate(TEXT("{}"), NULL, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_validate(TEXT("{}"), &result, NULL));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_validate_member(NULL, 0, &result, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_derive(NULL, 0, &result, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_validate_roster(TEXT("{}"), NULL, 1, &result, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_explain(NULL, 0, NULL, 0, &result, &problem));
    CHECK(result == NULL && problem == NULL);

    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_client_new(NULL, 0, NULL, 0, &made, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_client_new(TEXT("{}"), NULL, 4, &made, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_client_new(TEXT("{}"), NULL, 0, NULL, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_client_new(TEXT("{}"), NULL, 0, &made, NULL));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_client_set_token(NULL, TEXT("x"), 0, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_client_set_token(client, NULL, 0, 0, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_client_set_token(client, TEXT("x"), 0, NULL));
    CHECK(made == NULL && problem == NULL);

    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT,
                 agentuser_call_start(NULL, TEXT("{\"operation\":\"skus\"}"), NULL, 0, NULL, 0, &call, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_call_start(client, NULL, 0, NULL, 0, NULL, 0, &call, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT,
                 agentuser_call_start(client, TEXT("{\"operation\":\"skus\"}"), NULL, 9, NULL, 0, &call, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT,
                 agentuser_call_start(client, TEXT("{\"operation\":\"skus\"}"), NULL, 0, NULL, 0, NULL, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT,
                 agentuser_call_start(client, TEXT("{\"operation\":\"skus\"}"), NULL, 0, NULL, 0, &call, NULL));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_call_wait(NULL, 0, &kind, &result));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_call_cancel(NULL));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_call_demand_failed(NULL, TEXT("why")));
    CHECK(call == NULL && result == NULL);

    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_session_new(NULL, 0, &session, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_session_new(TEXT("{}"), NULL, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT,
                 agentuser_operation_new(NULL, TEXT("{\"operation\":\"skus\"}"), NULL, 0, 0, 0, &operation, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_operation_poll(NULL, 0, 0, &kind, &result));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_operation_answer(NULL, 0, TEXT("{}"), NULL, 0, &accepted, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_operation_token_pending(NULL, 0));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_operation_may_send(NULL, 0, NULL));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_operation_canceller(NULL, &canceller));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_canceller_cancel(NULL));

    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_result_json(NULL, &text));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_result_rows(NULL, &count));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_result_bodies(NULL, &count));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_result_row(NULL, 0, NULL, 0, &number));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_result_body(NULL, 0, &number, &text));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_simulator_start(NULL, 0, NULL, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_simulator_json(NULL, &result));

    CHECK_OK(agentuser_validate(TEXT("{\"agentUser\":{}}"), &result, &problem));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_result_json(result, NULL));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_result_rows(result, NULL));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_result_row(result, 0, NULL, 3, &number));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_result_row(result, 0, &text, 1, NULL));
    CHECK_STATUS(AGENTUSER_NULL_ARGUMENT, agentuser_result_body(result, 0, NULL, &text));
    CHECK_STATUS(AGENTUSER_OUT_OF_RANGE, agentuser_result_body(result, 0, &number, &text));
    CHECK_STATUS(AGENTUSER_OUT_OF_RANGE, agentuser_result_row(result, 0, &text, 1, &number));
    CHECK_OK(agentuser_result_free(result));

    CHECK_OK(agentuser_result_free(NULL));
    CHECK_OK(agentuser_client_free(NULL));
    CHECK_OK(agentuser_call_free(NULL));
    CHECK_OK(agentuser_session_free(NULL));
    CHECK_OK(agentuser_operation_free(NULL));
    CHECK_OK(agentuser_canceller_free(NULL));
    CHECK_OK(agentuser_simulator_free(NULL));
}

static void wrong_lengths_and_bytes_are_told(void)
{
    agentuser_result *result = NULL, *problem = NULL;
    agentuser_client *made = NULL;
    agentuser_str text;
    uint64_t flags;
    static const uint8_t not_utf8[] = {'{', '"', 0xC3, 0x28, '"', '}'};
    const char *json = "{\"agentUser\":{}}";

    CHECK_STATUS(AGENTUSER_INVALID_LENGTH, agentuser_validate((const uint8_t *)json, SIZE_MAX, &result, &problem));
    CHECK_STATUS(AGENTUSER_INVALID_LENGTH,
                 agentuser_validate((const uint8_t *)json, (size_t)PTRDIFF_MAX + 1, &result, &problem));
    CHECK_STATUS(AGENTUSER_INVALID_UTF8, agentuser_validate(not_utf8, sizeof not_utf8, &result, &problem));
    CHECK_STATUS(AGENTUSER_INVALID_UTF8, agentuser_client_new(not_utf8, sizeof not_utf8, NULL, 0, &made, &problem));
    CHECK_STATUS(AGENTUSER_INVALID_UTF8, agentuser_client_set_token(client, not_utf8, sizeof not_utf8, 0, &problem));
    CHECK(problem == NULL);
    /* JSON that is cut short, or empty, can't be read. */
    CHECK_STATUS(AGENTUSER_PROBLEM, agentuser_validate((const uint8_t *)json, strlen(json) - 1, &result, &problem));
    agentuser_result_free(problem);
    CHECK_STATUS(AGENTUSER_PROBLEM, agentuser_validate((const uint8_t *)json, 0, &result, &problem));
    CHECK(has(problem, "\"code\":\"Invalid\""));
    agentuser_result_free(problem);
    /* A roster is bytes: when they are not UTF-8, that is a problem of the roster. */
    CHECK_OK(agentuser_validate_roster(TEXT("{}"), not_utf8, sizeof not_utf8, &result, &problem));
    CHECK(has(result, "\"problem\":{"));
    agentuser_result_free(result);

    CHECK_OK(agentuser_validate(TEXT(json), &result, &problem));
    CHECK_STATUS(AGENTUSER_INVALID_LENGTH, agentuser_result_row(result, 0, &text, SIZE_MAX / 2, &flags));
    agentuser_result_free(result);

    /* Tokens that no request could carry. */
    CHECK_STATUS(AGENTUSER_PROBLEM, agentuser_client_set_token(client, TEXT(" \n"), 0, &problem));
    agentuser_result_free(problem);
    CHECK_STATUS(AGENTUSER_PROBLEM, agentuser_client_set_token(client, TEXT("Bearer s3cret"), 0, &problem));
    CHECK(has(problem, "\"fix\":"));
    {
        char *told = json_of(problem);
        CHECK(strstr(told, "s3cret") == NULL);
        free(told);
    }
    agentuser_result_free(problem);
}

static void configurations_that_cannot_work_are_refused(void)
{
    agentuser_client *made = NULL;
    agentuser_session *session = NULL;
    agentuser_result *problem = NULL;
    const char *application = "{\"signIn\":{\"kind\":\"application\",\"tenantId\":\"contoso.com\","
                              "\"clientId\":\"0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f\",\"proof\":{\"kind\":\"clientSecret\"}}}";

    CHECK_STATUS(AGENTUSER_PROBLEM, agentuser_client_new(TEXT("{\"cloud\":\"moon\"}"), NULL, 0, &made, &problem));
    agentuser_result_free(problem);
    CHECK_STATUS(AGENTUSER_PROBLEM, agentuser_client_new(TEXT("{\"colour\":1}"), NULL, 0, &made, &problem));
    agentuser_result_free(problem);
    CHECK_STATUS(AGENTUSER_PROBLEM,
                 agentuser_client_new(TEXT("{\"graphEndpoint\":\"http://graph.example\"}"), NULL, 0, &made, &problem));
    agentuser_result_free(problem);
    CHECK_STATUS(AGENTUSER_PROBLEM, agentuser_client_new(TEXT(application), NULL, 0, &made, &problem));
    agentuser_result_free(problem);
    CHECK_STATUS(AGENTUSER_PROBLEM, agentuser_client_new(TEXT("{}"), TEXT("s3cret"), &made, &problem));
    {
        char *told = json_of(problem);
        CHECK(strstr(told, "s3cret") == NULL);
        free(told);
    }
    agentuser_result_free(problem);
    CHECK_STATUS(AGENTUSER_PROBLEM, agentuser_session_new(TEXT(application), &session, &problem));
    agentuser_result_free(problem);
    CHECK(made == NULL && session == NULL);

    CHECK_OK(agentuser_client_new(TEXT(application), TEXT("s3cret"), &made, &problem));
    CHECK_STATUS(AGENTUSER_PROBLEM, agentuser_client_set_token(made, TEXT("token"), 0, &problem));
    agentuser_result_free(problem);
    CHECK_OK(agentuser_client_free(made));
}

static void what_is_freed_or_foreign_is_no_handle(void)
{
    agentuser_result *result = NULL, *problem = NULL;
    agentuser_call *call = NULL;
    agentuser_str text;
    agentuser_wait_kind kind;
    int something = 0;
    size_t before = agentuser_live_handles();

    CHECK_OK(agentuser_validate(TEXT("{\"agentUser\":{}}"), &result, &problem));
    CHECK(agentuser_live_handles() == before + 1);
    CHECK_OK(agentuser_result_free(result));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_result_free(result));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_result_json(result, &text));
    CHECK(text.ptr == NULL && agentuser_live_handles() == before);

    /* A handle of another kind. */
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_result_free((agentuser_result *)client));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_call_free((agentuser_call *)client));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_call_cancel((agentuser_call *)client));
    /* A pointer that was never a handle. */
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_result_free((agentuser_result *)(void *)&something));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_client_free((agentuser_client *)(void *)&something));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_call_wait((agentuser_call *)(void *)&something, 0, &kind, &result));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_client_free((agentuser_client *)(uintptr_t)1));

    call = a_call_that_waits_for_a_token();
    CHECK(call != NULL);
    CHECK_OK(agentuser_call_free(call));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_call_free(call));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_call_cancel(call));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_call_wait(call, 0, &kind, &result));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_call_demand_failed(call, TEXT("why")));
    CHECK(agentuser_live_handles() == before);
}

static void an_operation_that_is_none_is_a_problem(void)
{
    agentuser_call *call = NULL;
    agentuser_result *problem = NULL;
    CHECK_STATUS(AGENTUSER_PROBLEM,
                 agentuser_call_start(client, TEXT("{\"operation\":\"fly\"}"), NULL, 0, NULL, 0, &call, &problem));
    CHECK(call == NULL);
    CHECK(has(problem, "\"code\":\"Invalid\""));
    agentuser_result_free(problem);
    CHECK_STATUS(AGENTUSER_PROBLEM,
                 agentuser_call_start(client, TEXT("{\"operation\":\"get\",\"user\":7}"), NULL, 0, NULL, 0, &call, &problem));
    agentuser_result_free(problem);
}

typedef struct {
    agentuser_call *call;
    pthread_barrier_t *ready;
    agentuser_status status;
    agentuser_wait_kind kind;
} waiter;

/* Waits for the call until its end, also while the other thread takes turns, and keeps the statuses that it got. */
static void *wait_in_a_thread(void *context)
{
    waiter *waiter_ = (waiter *)context;
    agentuser_result *result = NULL;
    pthread_barrier_wait(waiter_->ready);
    do {
        agentuser_result_free(result);
        result = NULL;
        waiter_->status = agentuser_call_wait(waiter_->call, AGENTUSER_FOREVER, &waiter_->kind, &result);
    } while (waiter_->status == AGENTUSER_BUSY
             || (waiter_->status == AGENTUSER_OK && waiter_->kind < AGENTUSER_WAIT_DONE));
    agentuser_result_free(result);
    return NULL;
}

/* Once the other thread really waits, this one gets BUSY. It yields, so that the other thread comes to wait also where
   threads take turns of equal length, as under valgrind. */
static int is_waited_for(agentuser_call *call)
{
    agentuser_wait_kind kind;
    agentuser_result *result = NULL;
    agentuser_status status;
    do {
        sched_yield();
        status = agentuser_call_wait(call, 0, &kind, &result);
        agentuser_result_free(result);
    } while (status == AGENTUSER_OK && kind == AGENTUSER_WAIT_TIMEOUT);
    return status == AGENTUSER_BUSY;
}

static void a_second_waiter_is_told_and_a_call_that_is_freed_lets_its_waiter_go(void)
{
    pthread_t thread;
    pthread_barrier_t ready;
    waiter waiting;

    pthread_barrier_init(&ready, NULL, 2);
    waiting.call = a_call_that_waits_for_a_token();
    waiting.ready = &ready;
    CHECK(waiting.call != NULL);
    CHECK(pthread_create(&thread, NULL, wait_in_a_thread, &waiting) == 0);
    pthread_barrier_wait(&ready);
    CHECK(is_waited_for(waiting.call));
    CHECK_OK(agentuser_call_free(waiting.call));
    pthread_join(thread, NULL);
    CHECK(waiting.status == AGENTUSER_ENDED);
    pthread_barrier_destroy(&ready);
}

static void cancel_comes_from_any_thread_and_as_often_as_one_likes(void)
{
    pthread_t thread;
    pthread_barrier_t ready;
    waiter waiting;
    agentuser_wait_kind kind;
    agentuser_result *result = NULL;

    pthread_barrier_init(&ready, NULL, 2);
    waiting.call = a_call_that_waits_for_a_token();
    waiting.ready = &ready;
    CHECK(waiting.call != NULL);
    CHECK(pthread_create(&thread, NULL, wait_in_a_thread, &waiting) == 0);
    pthread_barrier_wait(&ready);
    CHECK(is_waited_for(waiting.call));
    CHECK_OK(agentuser_call_cancel(waiting.call));
    CHECK_OK(agentuser_call_cancel(waiting.call));
    pthread_join(thread, NULL);
    CHECK(waiting.status == AGENTUSER_OK && waiting.kind == AGENTUSER_WAIT_FAILED);
    CHECK_STATUS(AGENTUSER_ENDED, agentuser_call_wait(waiting.call, 0, &kind, &result));
    CHECK(result == NULL);
    CHECK_OK(agentuser_call_cancel(waiting.call));
    CHECK_OK(agentuser_call_demand_failed(waiting.call, TEXT("too late")));
    CHECK_OK(agentuser_call_free(waiting.call));
    pthread_barrier_destroy(&ready);
}

static pthread_mutex_t wakes_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t woken = PTHREAD_COND_INITIALIZER;
static int wakes = 0;
static size_t wake_key = 0;

static void count_wake(size_t key)
{
    pthread_mutex_lock(&wakes_lock);
    wakes++;
    wake_key = key;
    pthread_cond_signal(&woken);
    pthread_mutex_unlock(&wakes_lock);
}

static void a_wake_comes_once_for_all_that_is_there(void)
{
    agentuser_call *call = NULL;
    agentuser_result *result = NULL, *problem = NULL;
    agentuser_wait_kind kind;

    wakes = 0;
    CHECK_OK(agentuser_call_start(client, TEXT("{\"operation\":\"skus\"}"), NULL, 0, count_wake, 42, &call, &problem));
    pthread_mutex_lock(&wakes_lock);
    while (wakes == 0) {
        pthread_cond_wait(&woken, &wakes_lock);
    }
    pthread_mutex_unlock(&wakes_lock);
    CHECK(wake_key == 42);
    CHECK_OK(agentuser_call_wait(call, 0, &kind, &result));
    CHECK(kind == AGENTUSER_WAIT_DEMAND);
    agentuser_result_free(result);
    /* Until a wait has found the queue empty, the wake is not called again: the caller is still taking. */
    CHECK(wakes == 1);
    CHECK_OK(agentuser_call_wait(call, 0, &kind, &result));
    CHECK(kind == AGENTUSER_WAIT_TIMEOUT && result == NULL);
    CHECK_OK(agentuser_call_cancel(call));
    pthread_mutex_lock(&wakes_lock);
    while (wakes == 1) {
        pthread_cond_wait(&woken, &wakes_lock);
    }
    pthread_mutex_unlock(&wakes_lock);
    CHECK_OK(agentuser_call_wait(call, 0, &kind, &result));
    CHECK(kind == AGENTUSER_WAIT_FAILED);
    agentuser_result_free(result);
    CHECK(wakes == 2);
    CHECK_OK(agentuser_call_free(call));
}

/* A wake may write here as long as its call lives. */
typedef struct {
    int alive;
    int after_its_end;
} watched;

static void touch(size_t key)
{
    watched *seen = (watched *)key;
    if (!__atomic_load_n(&seen->alive, __ATOMIC_SEQ_CST)) {
        __atomic_store_n(&seen->after_its_end, 1, __ATOMIC_SEQ_CST);
    }
}

static void no_wake_follows_the_end_of_its_call(void)
{
    enum { CALLS = 200 };
    static watched seen[CALLS];
    int n;
    for (n = 0; n < CALLS; n++) {
        agentuser_call *call = NULL;
        agentuser_result *problem = NULL;
        seen[n].alive = 1;
        /* The call is freed while its first demand for a token is on its way. */
        CHECK_OK(agentuser_call_start(client, TEXT("{\"operation\":\"skus\"}"), NULL, 0, touch, (size_t)&seen[n], &call,
                                      &problem));
        CHECK_OK(agentuser_call_free(call));
        __atomic_store_n(&seen[n].alive, 0, __ATOMIC_SEQ_CST);
    }
    /* When a later call has ended, everything that the freed calls left running has run. */
    {
        agentuser_call *last = a_call_that_waits_for_a_token();
        CHECK(last != NULL);
        CHECK_OK(agentuser_call_free(last));
    }
    for (n = 0; n < CALLS; n++) {
        CHECK(!seen[n].after_its_end);
    }
}

static void *free_it(void *call)
{
    return (void *)(uintptr_t)agentuser_call_free((agentuser_call *)call);
}

static void of_two_who_free_the_same_one_is_told(void)
{
    int n;
    for (n = 0; n < 50; n++) {
        pthread_t thread;
        void *theirs;
        agentuser_status mine;
        agentuser_call *call = start(client, "{\"operation\":\"skus\"}");
        CHECK(call != NULL);
        CHECK(pthread_create(&thread, NULL, free_it, call) == 0);
        mine = agentuser_call_free(call);
        pthread_join(thread, &theirs);
        CHECK(mine + (agentuser_status)(uintptr_t)theirs == AGENTUSER_OK + AGENTUSER_NOT_A_HANDLE);
    }
}

static void a_client_that_is_freed_first_leaves_its_calls_working(void)
{
    agentuser_client *short_lived = client_of(&graph, NULL);
    agentuser_call *call;
    pumped done;
    agentuser_result *problem = NULL;

    CHECK(short_lived != NULL);
    CHECK_OK(agentuser_client_set_token(short_lived, TEXT(graph.token), 0, &problem));
    call = start(short_lived, "{\"operation\":\"skus\"}");
    CHECK(call != NULL);
    CHECK_OK(agentuser_client_free(short_lived));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_client_set_token(short_lived, TEXT("x"), 0, &problem));
    done = pump(NULL, call, NULL, NULL, NULL);
    CHECK(done.kind == AGENTUSER_WAIT_DONE);
    pumped_free(&done);
    CHECK_OK(agentuser_call_free(call));
}

static void a_panic_is_a_status(void)
{
    agentuser_result *problem = (agentuser_result *)client;
    CHECK_STATUS(AGENTUSER_PANIC, agentuser_test_panic(&problem));
    CHECK(problem == NULL);
}

static void a_simulator_and_a_client_start(void)
{
    CHECK(simulator_start(&graph, "{\"latencyMs\":[0,0]}"));
    client = client_of(&graph, NULL);
    CHECK(client != NULL);
}

static void they_are_freed(void)
{
    CHECK_OK(agentuser_client_free(client));
    CHECK_STATUS(AGENTUSER_NOT_A_HANDLE, agentuser_client_free(client));
    simulator_stop(&graph);
}

/* The first case starts the simulator and the client, the last frees them. */
static const test_case CASES[] = {
    {"a_simulator_and_a_client_start", a_simulator_and_a_client_start},
    {"the_library_is_the_header_s", the_library_is_the_header_s},
    {"null_is_told_and_frees_take_it", null_is_told_and_frees_take_it},
    {"wrong_lengths_and_bytes_are_told", wrong_lengths_and_bytes_are_told},
    {"configurations_that_cannot_work_are_refused", configurations_that_cannot_work_are_refused},
    {"what_is_freed_or_foreign_is_no_handle", what_is_freed_or_foreign_is_no_handle},
    {"an_operation_that_is_none_is_a_problem", an_operation_that_is_none_is_a_problem},
    {"a_second_waiter_is_told_and_a_call_that_is_freed_lets_its_waiter_go",
     a_second_waiter_is_told_and_a_call_that_is_freed_lets_its_waiter_go},
    {"cancel_comes_from_any_thread_and_as_often_as_one_likes", cancel_comes_from_any_thread_and_as_often_as_one_likes},
    {"a_wake_comes_once_for_all_that_is_there", a_wake_comes_once_for_all_that_is_there},
    {"no_wake_follows_the_end_of_its_call", no_wake_follows_the_end_of_its_call},
    {"of_two_who_free_the_same_one_is_told", of_two_who_free_the_same_one_is_told},
    {"a_client_that_is_freed_first_leaves_its_calls_working", a_client_that_is_freed_first_leaves_its_calls_working},
    {"a_panic_is_a_status", a_panic_is_a_status},
    {"they_are_freed", they_are_freed},
};

int main(int argc, char **argv)
{
    return check_main(CASES, sizeof CASES / sizeof *CASES, argc, argv);
}

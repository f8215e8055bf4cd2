/* A test program: cases that check, and a closing line with their numbers. */

#ifndef CHECK_H
#define CHECK_H

#include "agentuser.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    void (*run)(void);
} test_case;

static int check_broken = 0;

/* Ends the case when the condition is false. */
#define CHECK(holds)                                                                                                   \
    do {                                                                                                               \
        if (!(holds)) {                                                                                                \
            printf("  %s:%d: %s\n", __FILE__, __LINE__, #holds);                                                       \
            check_broken = 1;                                                                                          \
            return;                                                                                                    \
        }                                                                                                              \
    } while (0)

/* The status of a call of the library. */
#define CHECK_STATUS(expected, call)                                                                                   \
    do {                                                                                                               \
        agentuser_status check_status = (call);                                                                        \
        if (check_status != (expected)) {                                                                              \
            printf("  %s:%d: %s is %d, not %d\n", __FILE__, __LINE__, #call, (int)check_status, (int)(expected));      \
            check_broken = 1;                                                                                          \
            return;                                                                                                    \
        }                                                                                                              \
    } while (0)

#define CHECK_OK(call) CHECK_STATUS(AGENTUSER_OK, call)

typedef struct {
    const test_case *cases;
    size_t count;
    const char *filter;
    int passed, failed;
} check_suite;

static void *check_run(void *context)
{
    check_suite *suite = (check_suite *)context;
    size_t n;
    for (n = 0; n < suite->count; n++) {
        if (suite->filter != NULL && strstr(suite->cases[n].name, suite->filter) == NULL) {
            continue;
        }
        check_broken = 0;
        suite->cases[n].run();
        printf("%s %s\n", check_broken ? "FAILED" : "ok", suite->cases[n].name);
        suite->failed += check_broken;
        suite->passed += !check_broken;
    }
    return NULL;
}

/* Runs the cases whose name contains the argument, or all, on a thread of their own: Rust's library keeps a few bytes
   for each thread that it has seen until that thread ends, and of the main thread it sees no end. */
static int check_main(const test_case *cases, size_t count, int argc, char **argv)
{
    check_suite suite = {cases, count, argc > 1 ? argv[1] : NULL, 0, 0};
    pthread_t thread;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (pthread_create(&thread, NULL, check_run, &suite) != 0) {
        return EXIT_FAILURE;
    }
    pthread_join(thread, NULL);
    if (agentuser_live_handles() != 0) {
        printf("FAILED %u handles were not freed\n", (unsigned)agentuser_live_handles());
        suite.failed++;
    }
    printf("%d passed, %d failed\n", suite.passed, suite.failed);
    return suite.failed == 0 && suite.passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif

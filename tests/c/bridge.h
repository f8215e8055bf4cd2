/* A program in C that a test in Rust drives by standard input and output, because C has no JSON of its own. A command is a
   line, followed by the bytes whose lengths it names; answers have the same form. */

#ifndef BRIDGE_H
#define BRIDGE_H

#include "agentuser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A status that the test does not expect. */
static void fail(const char *what, agentuser_status status)
{
    fprintf(stderr, "%s: status %d\n", what, (int)status);
    exit(EXIT_FAILURE);
}

/* So many bytes of the input, and a zero after them; to be freed. */
static uint8_t *take(size_t length)
{
    uint8_t *bytes = (uint8_t *)malloc(length + 1);
    if (bytes == NULL || fread(bytes, 1, length, stdin) != length) {
        fail("reading", AGENTUSER_OK);
    }
    bytes[length] = 0;
    return bytes;
}

static void give(agentuser_str bytes)
{
    fwrite(bytes.ptr, 1, bytes.len, stdout);
    fputc('\n', stdout);
}

/* Answers with a result's JSON, and frees the result. */
static void give_result(const char *word, agentuser_result *result)
{
    agentuser_str json;
    agentuser_status status = agentuser_result_json(result, &json);
    if (status != AGENTUSER_OK) {
        fail("agentuser_result_json", status);
    }
    printf("%s %lu\n", word, (unsigned long)json.len);
    give(json);
    agentuser_result_free(result);
}

#endif

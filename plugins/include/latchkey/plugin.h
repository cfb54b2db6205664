/* SPDX-License-Identifier: MIT
 *
 * The plugin ABI, version 1. A plugin is a shared object that exports one
 * symbol, `latchkey_plugin_v1`: a pointer to the table below. Everything is
 * plain C, so that compiler and standard library of plugin and host may differ.
 * C++ authors include <latchkey/plugin.hpp> instead (docs/plugin-authors.md).
 *
 * One process loads one plugin, for one call, and ends. It runs under a user of
 * its own in a sandbox: no exec, no fork, no file but libraries, certificates
 * and resolver files, no network unless the channel's profile is "network".
 * The sandbox is closed before the plugin is loaded; when the channel's deadline
 * passes the process is killed. So a plugin needs no clean-up, no daemon, no
 * signal handler and no log of its own, and standard streams lead nowhere.
 *
 * Structures only grow at their end. Each begins with `size`, what its maker
 * knows of it in bytes: a reader looks at no field beyond that. `abi` is
 * LATCHKEY_ABI; a plugin with another one is refused.
 */
#ifndef LATCHKEY_PLUGIN_H
#define LATCHKEY_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LATCHKEY_ABI 1u

/* What a plugin does. */
enum latchkey_kind {
    LATCHKEY_DELIVERY = 1,     /* carries a message to an address */
    LATCHKEY_VERIFICATION = 2, /* checks an answer against a shared secret */
    LATCHKEY_APPROVAL = 3      /* asks on another device, and is asked for the answer */
};

/* How a call ended. After PERMANENT and MISCONFIGURED the method's next channel
 * is tried, and after NOT_TAKEN, too, so return them only if the message was surely not
 * taken. After TEMPORARY it may have been: this channel is tried again later, with the same
 * message_id. */
enum latchkey_outcome {
    LATCHKEY_MISCONFIGURED = 0, /* only an administrator can put this right */
    LATCHKEY_ACCEPTED = 1,      /* delivered or handed over; verification: right; poll: answered */
    LATCHKEY_QUEUED = 2,        /* accepted, arrival is not certain yet; poll: no answer yet */
    LATCHKEY_TEMPORARY = 3,     /* may work later, see retry_after */
    LATCHKEY_PERMANENT = 4,     /* will never work for this address */
    LATCHKEY_WRONG = 5,         /* verification: the answer is not right; poll: denied */
    LATCHKEY_NOT_TAKEN = 6      /* surely not taken, and may work later: nobody was reached,
                                   or who was reached is too busy */
};

enum latchkey_limits {
    LATCHKEY_MAX_LOG = 512,
    LATCHKEY_MAX_STATE = 1024, /* what an approval keeps between two calls */
    LATCHKEY_MAX_ANSWER = 16
};

/* Borrowed bytes, valid for the call. `data` is followed by a NUL that `length`
 * does not count; the bytes may hold NULs themselves. */
typedef struct latchkey_bytes_v1 {
    const char* data;
    size_t length;
} latchkey_bytes_v1;

/* What the host offers. Callable from the thread that got the call only. */
typedef struct latchkey_host_v1 {
    uint32_t size;
    uint32_t abi;
    void* context; /* first argument of every function below */

    /* The channel's own setting `name` as text; data is NULL if it is not set. */
    latchkey_bytes_v1 (*option)(void* context, const char* name);

    /* Content of the channel's secret_file; empty if it has none. */
    latchkey_bytes_v1 (*secret)(void* context);

    /* Adds a note to the log text of this call. Never a code, a secret or a full
     * address; the host blots out those it recognises. */
    void (*log)(void* context, const char* text);

    /* Milliseconds until the process is killed. */
    uint32_t (*milliseconds_left)(void* context);
} latchkey_host_v1;

typedef struct latchkey_message_v1 {
    uint32_t size;
    uint32_t abi;
    latchkey_bytes_v1 to;         /* the address; hostile bytes until you checked them */
    latchkey_bytes_v1 subject;    /* one line, UTF-8 */
    latchkey_bytes_v1 text;       /* UTF-8, lines end with \n; holds the code */
    latchkey_bytes_v1 message_id; /* unique per message, the same when it is tried again */
    latchkey_bytes_v1 short_text; /* the same as `text` in one line of printable ASCII, at most
                                     160 bytes: one text message; holds the code */
    latchkey_bytes_v1 code;       /* the code's digits, for a voice; empty: a notice, no code */
    uint64_t expires_at;          /* seconds since 1970: tell a gateway that can drop what is
                                     stale; never 0 */
} latchkey_message_v1;

typedef struct latchkey_question_v1 {
    uint32_t size;
    uint32_t abi;
    latchkey_bytes_v1 key;    /* the shared secret, raw bytes */
    latchkey_bytes_v1 answer; /* what the claimant typed */
    uint64_t now;             /* seconds since 1970; ask no other clock */
    uint64_t last_step;       /* steps up to this one are spent; 0: none, so that who counts
                                 codes calls the first one 1 */
    uint32_t window;          /* steps accepted on either side of now, by who asks the clock */
} latchkey_question_v1;

/* A claimant has to show that the device at `to` is in their hands. The claimant's screen
 * shows a two-digit number; who holds the device chooses it among `choices`, or types it
 * there. The plugin is not told which it is, and hands back what was answered: the host
 * compares. */
typedef struct latchkey_approval_v1 {
    uint32_t size;
    uint32_t abi;
    latchkey_bytes_v1 to;         /* the device's address; hostile bytes until you checked them */
    latchkey_bytes_v1 subject;    /* one line, UTF-8: what is asked */
    latchkey_bytes_v1 text;       /* UTF-8, lines end with \n: for whom, where from; no code */
    latchkey_bytes_v1 choices;    /* "17 42 88": three numbers, one of them on the screen */
    latchkey_bytes_v1 request_id; /* unique per request, 32 hexadecimal digits that nobody can
                                     guess: take no answer that does not belong to it */
    latchkey_bytes_v1 state;      /* poll: what begin, or the last poll, left; begin: empty */
    uint64_t expires_at;          /* seconds since 1970; the request is void from then on */
    uint64_t now;                 /* seconds since 1970; ask no other clock */
} latchkey_approval_v1;

/* Filled by the plugin; comes zeroed but for size and abi, and zero means
 * misconfigured: what nobody set is no success. */
typedef struct latchkey_result_v1 {
    uint32_t size;
    uint32_t abi;
    uint32_t outcome;                 /* enum latchkey_outcome */
    uint32_t retry_after;             /* seconds; 0: no wish */
    uint64_t matched_step;            /* verification, accepted: the step that matched */
    char for_log[LATCHKEY_MAX_LOG];   /* NUL-terminated, English; same rules as log() */
    char answer[LATCHKEY_MAX_ANSWER]; /* poll, accepted: the number that was chosen, digits */
    uint32_t state_length;            /* approval: how much of `state` the next poll gets */
    char state[LATCHKEY_MAX_STATE];   /* any bytes; the host keeps them in memory */
} latchkey_result_v1;

typedef struct latchkey_plugin_table_v1 {
    uint32_t size;
    uint32_t abi;
    uint32_t kind; /* enum latchkey_kind */
    uint32_t reserved;
    const char* version; /* of the plugin, for the log */

    /* LATCHKEY_DELIVERY; otherwise NULL. Nothing may be thrown out of it. */
    void (*deliver)(const latchkey_host_v1* host, const latchkey_message_v1* message,
                    latchkey_result_v1* result);

    /* LATCHKEY_VERIFICATION; otherwise NULL. The host records the matched step,
     * so that a code works once; the plugin only computes. */
    void (*verify)(const latchkey_host_v1* host, const latchkey_question_v1* question,
                   latchkey_result_v1* result);

    /* LATCHKEY_DELIVERY, optional: would the service take a message now? Goes as far
     * as deliver() would without handing one over, about once a minute. ACCEPTED is
     * yes, everything else no, and for_log says why. Two times no, and everybody who
     * could choose the method is told that it does not work. NULL, or a table that
     * ends before: nothing is known and nobody is told. */
    void (*probe)(const latchkey_host_v1* host, latchkey_result_v1* result);

    /* LATCHKEY_APPROVAL; otherwise NULL. begin asks on the device; ACCEPTED or QUEUED once
     * the service has the request. poll looks for the answer, and may wait for it a few
     * seconds: ACCEPTED with `answer`, QUEUED while there is none, WRONG if the holder of
     * the device said no. Each call is a process of its own: `state` is all that lasts. */
    void (*begin)(const latchkey_host_v1* host, const latchkey_approval_v1* approval,
                  latchkey_result_v1* result);
    void (*poll)(const latchkey_host_v1* host, const latchkey_approval_v1* approval,
                 latchkey_result_v1* result);
} latchkey_plugin_table_v1;

/* The one symbol a plugin exports: LATCHKEY_EXPORT = &table; */
__attribute__((
    visibility("default"))) extern const latchkey_plugin_table_v1* const latchkey_plugin_v1;
#define LATCHKEY_SYMBOL "latchkey_plugin_v1"
#define LATCHKEY_EXPORT const latchkey_plugin_table_v1* const latchkey_plugin_v1

#ifdef __cplusplus
}
#endif

#endif

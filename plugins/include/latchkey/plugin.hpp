// SPDX-License-Identifier: MIT
//
// The plugin ABI for C++ authors: derive one class from Delivery, Verification or Approval,
// then one line: LATCHKEY_DELIVERY(Class, "1.0"), LATCHKEY_VERIFICATION(Class, "1.0") or
// LATCHKEY_APPROVAL(Class, "1.0").
// Exceptions are caught here and end as a temporary failure. See docs/plugin-authors.md.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <latchkey/plugin.h>

namespace latchkey::plugin {

enum class Outcome : std::uint32_t {
    Misconfigured = LATCHKEY_MISCONFIGURED,
    Accepted = LATCHKEY_ACCEPTED,
    Queued = LATCHKEY_QUEUED,
    Temporary = LATCHKEY_TEMPORARY,
    Permanent = LATCHKEY_PERMANENT,
    Wrong = LATCHKEY_WRONG,
    NotTaken = LATCHKEY_NOT_TAKEN,
};

// What a call came to. `for_log` is English and never holds a code, a secret or
// a full address; what is longer than LATCHKEY_MAX_LOG - 1 bytes is cut.
struct Reply {
    Outcome outcome = Outcome::Misconfigured;
    std::string for_log;
    std::chrono::seconds retry_after{0};
    std::uint64_t matched_step = 0;  // Verification, Accepted
    std::string answer{};            // Approval, poll, Accepted: the number that was chosen
    std::string state{};             // Approval: for the next poll; at most LATCHKEY_MAX_STATE
};

// Borrowed: valid during the call, like everything it returns.
class Host {
public:
    explicit Host(const latchkey_host_v1& host) : host_(host) {}

    [[nodiscard]] std::optional<std::string_view> option(const char* name) const {
        const latchkey_bytes_v1 value = host_.option(host_.context, name);
        if (value.data == nullptr) return std::nullopt;
        return std::string_view{value.data, value.length};
    }
    [[nodiscard]] std::string_view secret() const {
        const latchkey_bytes_v1 value = host_.secret(host_.context);
        return {value.data, value.length};
    }
    void log(const std::string& text) const { host_.log(host_.context, text.c_str()); }
    [[nodiscard]] std::chrono::milliseconds time_left() const {
        return std::chrono::milliseconds{host_.milliseconds_left(host_.context)};
    }

private:
    const latchkey_host_v1& host_;
};

struct Message {
    std::string_view to;          // hostile bytes until you checked them
    std::string_view subject;     // one line, UTF-8
    std::string_view text;        // UTF-8, lines end with \n; holds the code
    std::string_view message_id;  // unique per message, the same when it is tried again
    std::string_view short_text;  // `text` in one line of printable ASCII, at most 160 bytes
    std::string_view code;        // its digits, for a voice; empty: a notice
    std::uint64_t expires_at;     // seconds since 1970
};

struct Question {
    std::string_view key;     // the shared secret, raw bytes
    std::string_view answer;  // what the claimant typed
    std::uint64_t now;        // seconds since 1970
    std::uint64_t last_step;  // steps up to this one are spent
    std::uint32_t window;     // steps accepted on either side of now
};

// The claimant's screen shows one of the choices; the plugin is not told which.
struct ApprovalRequest {
    std::string_view to;          // the device's address; hostile bytes until you checked them
    std::string_view subject;     // one line, UTF-8: what is asked
    std::string_view text;        // UTF-8, lines end with \n: for whom, where from
    std::string_view choices;     // "17 42 88"
    std::string_view request_id;  // 32 hexadecimal digits that nobody can guess
    std::string_view state;       // poll: what the call before left
    std::uint64_t expires_at;     // seconds since 1970
    std::uint64_t now;            // seconds since 1970
};

class Delivery {
public:
    virtual ~Delivery() = default;
    [[nodiscard]] virtual Reply deliver(const Host& host, const Message& message) = 0;
};

// Second base of a Delivery that can tell whether its service would take a message now
// (docs/plugin-authors.md). Accepted means yes.
class Probe {
public:
    virtual ~Probe() = default;
    [[nodiscard]] virtual Reply probe(const Host& host) = 0;
};

class Verification {
public:
    virtual ~Verification() = default;
    [[nodiscard]] virtual Reply verify(const Host& host, const Question& question) = 0;
};

class Approval {
public:
    virtual ~Approval() = default;
    // Asks on the device. Accepted or Queued: the service has the request.
    [[nodiscard]] virtual Reply begin(const Host& host, const ApprovalRequest& request) = 0;
    // Accepted with Reply::answer, Queued while there is none, Wrong if it was denied.
    [[nodiscard]] virtual Reply poll(const Host& host, const ApprovalRequest& request) = 0;
};

// The border: nothing below is called by an author.
namespace border {

inline std::string_view view(const latchkey_bytes_v1& bytes) {
    return {bytes.data, bytes.length};
}

inline void write(const Reply& reply, latchkey_result_v1& result) {
    result.outcome = static_cast<std::uint32_t>(reply.outcome);
    result.retry_after = static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(reply.retry_after.count(), 0, UINT32_MAX));
    result.matched_step = reply.matched_step;
    const std::size_t length = std::min<std::size_t>(reply.for_log.size(), LATCHKEY_MAX_LOG - 1);
    std::memcpy(result.for_log, reply.for_log.data(), length);
    result.for_log[length] = '\0';
    if (reply.answer.size() >= LATCHKEY_MAX_ANSWER || reply.state.size() > LATCHKEY_MAX_STATE) {
        result.outcome = LATCHKEY_MISCONFIGURED;
        return;
    }
    std::memcpy(result.answer, reply.answer.c_str(), reply.answer.size() + 1);
    std::memcpy(result.state, reply.state.data(), reply.state.size());
    result.state_length = static_cast<std::uint32_t>(reply.state.size());
}

inline void write_exception(const char* what, latchkey_result_v1& result) noexcept {
    result.outcome = LATCHKEY_TEMPORARY;
    std::snprintf(result.for_log, sizeof result.for_log, "plugin threw: %s", what);
}

// Runs `body`; no exception leaves it.
template <typename Body>
void guarded(latchkey_result_v1& result, Body&& body) noexcept {
    try {
        write(body(), result);
    } catch (const std::exception& error) {
        write_exception(error.what(), result);
    } catch (...) {
        write_exception("something that is no std::exception", result);
    }
}

template <typename Class>
void deliver(const latchkey_host_v1* host, const latchkey_message_v1* message,
             latchkey_result_v1* result) {
    guarded(*result, [&] {
        Class plugin;
        return plugin.deliver(
            Host{*host}, {view(message->to), view(message->subject), view(message->text),
                          view(message->message_id), view(message->short_text), view(message->code),
                          message->expires_at});
    });
}

template <typename Class>
void verify(const latchkey_host_v1* host, const latchkey_question_v1* question,
            latchkey_result_v1* result) {
    guarded(*result, [&] {
        Class plugin;
        return plugin.verify(Host{*host}, {view(question->key), view(question->answer),
                                           question->now, question->last_step, question->window});
    });
}

template <typename Class>
void probe(const latchkey_host_v1* host, latchkey_result_v1* result) {
    guarded(*result, [&] {
        Class plugin;
        return plugin.probe(Host{*host});
    });
}

inline ApprovalRequest request_of(const latchkey_approval_v1& approval) {
    return {view(approval.to),         view(approval.subject),
            view(approval.text),       view(approval.choices),
            view(approval.request_id), view(approval.state),
            approval.expires_at,       approval.now};
}

template <typename Class>
void begin(const latchkey_host_v1* host, const latchkey_approval_v1* approval,
           latchkey_result_v1* result) {
    guarded(*result, [&] {
        Class plugin;
        return plugin.begin(Host{*host}, request_of(*approval));
    });
}

template <typename Class>
void poll(const latchkey_host_v1* host, const latchkey_approval_v1* approval,
          latchkey_result_v1* result) {
    guarded(*result, [&] {
        Class plugin;
        return plugin.poll(Host{*host}, request_of(*approval));
    });
}

using ProbeFunction = decltype(latchkey_plugin_table_v1::probe);

template <typename Class>
constexpr ProbeFunction probe_of() {
    if constexpr (std::is_base_of_v<Probe, Class>)
        return &probe<Class>;
    else
        return nullptr;
}

template <typename Class>
constexpr latchkey_plugin_table_v1 delivery_table(const char* version) {
    return {sizeof(latchkey_plugin_table_v1),
            LATCHKEY_ABI,
            LATCHKEY_DELIVERY,
            0,
            version,
            &deliver<Class>,
            nullptr,
            probe_of<Class>(),
            nullptr,
            nullptr};
}

template <typename Class>
constexpr latchkey_plugin_table_v1 verification_table(const char* version) {
    return {sizeof(latchkey_plugin_table_v1),
            LATCHKEY_ABI,
            LATCHKEY_VERIFICATION,
            0,
            version,
            nullptr,
            &verify<Class>,
            nullptr,
            nullptr,
            nullptr};
}

template <typename Class>
constexpr latchkey_plugin_table_v1 approval_table(const char* version) {
    return {sizeof(latchkey_plugin_table_v1),
            LATCHKEY_ABI,
            LATCHKEY_APPROVAL,
            0,
            version,
            nullptr,
            nullptr,
            nullptr,
            &begin<Class>,
            &poll<Class>};
}

}  // namespace border
}  // namespace latchkey::plugin

// NOLINTBEGIN(bugprone-macro-parentheses): it ends in a declaration.
#define LATCHKEY_EXPORT_TABLE(make_table, version)                                            \
    namespace {                                                                               \
    constexpr latchkey_plugin_table_v1 latchkey_table_of_this_plugin = (make_table)(version); \
    }                                                                                         \
    LATCHKEY_EXPORT = &latchkey_table_of_this_plugin
// NOLINTEND(bugprone-macro-parentheses)

// At namespace scope, once per plugin, followed by a semicolon.
#define LATCHKEY_DELIVERY(Class, version) \
    LATCHKEY_EXPORT_TABLE(latchkey::plugin::border::delivery_table<Class>, version)
#define LATCHKEY_VERIFICATION(Class, version) \
    LATCHKEY_EXPORT_TABLE(latchkey::plugin::border::verification_table<Class>, version)
#define LATCHKEY_APPROVAL(Class, version) \
    LATCHKEY_EXPORT_TABLE(latchkey::plugin::border::approval_table<Class>, version)

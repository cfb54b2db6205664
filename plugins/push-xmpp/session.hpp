// SPDX-License-Identifier: MIT
//
// One session with an XMPP server, by libstrophe. It sends no presence: the server then neither
// hands over what was stored for the account nor shows that somebody is there.
#pragma once

#include <strophe.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <latchkey/plugin.hpp>

#include "plugins/push-xmpp/xmpp_settings.hpp"

namespace latchkey::xmpp {

struct ReleaseStanza {
    void operator()(xmpp_stanza_t* stanza) const { xmpp_stanza_release(stanza); }
};
using Stanza = std::unique_ptr<xmpp_stanza_t, ReleaseStanza>;

// Attribute, or "" without one.
[[nodiscard]] std::string attribute_of(xmpp_stanza_t* stanza, const char* name);
// A child of that name and namespace; null without one, or if `stanza` is null.
[[nodiscard]] xmpp_stanza_t* child_of(xmpp_stanza_t* stanza, const char* name, const char* space);
// The text of a child; "" without one.
[[nodiscard]] std::string text_in(xmpp_stanza_t* stanza, const char* child);

class Session {
public:
    // `settings` must outlive it. Nothing takes longer than `time`.
    Session(const XmppSettings& settings, std::chrono::milliseconds time);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Nothing: we are signed in. Otherwise why not.
    [[nodiscard]] std::optional<plugin::Reply> sign_in();
    // Nothing: we still are, and there is time. Otherwise why not.
    [[nodiscard]] std::optional<plugin::Reply> end() const;
    void send(const std::string& xml);
    // Sends a request and returns its answer, or null if none came in time. Messages that came
    // before it are in messages().
    [[nodiscard]] Stanza ask(const char* type, const std::string& payload);
    // All messages so far. Not more than a hundred are kept.
    [[nodiscard]] const std::vector<Stanza>& messages() const { return messages_; }
    void forget_messages() { messages_.clear(); }
    // Lets that much time pass.
    void wait(std::chrono::milliseconds time);
    [[nodiscard]] std::chrono::milliseconds time_left() const;

private:
    enum class State { Connecting, Ready, Ended };

    static void on_change(xmpp_conn_t* connection, xmpp_conn_event_t event, int error,
                          xmpp_stream_error_t* stream_error, void* self);
    static int on_message(xmpp_conn_t* connection, xmpp_stanza_t* stanza, void* self);
    static int on_answer(xmpp_conn_t* connection, xmpp_stanza_t* stanza, void* self);
    [[nodiscard]] plugin::Reply failure() const;
    void run_once();

    const XmppSettings& settings_;
    std::chrono::steady_clock::time_point end_;
    xmpp_ctx_t* context_;
    xmpp_conn_t* connection_;
    State state_ = State::Connecting;
    int error_ = 0;
    std::optional<xmpp_error_type_t> stream_error_;
    bool was_signed_in_ = false;
    bool is_flooded_ = false;
    unsigned requests_ = 0;
    std::vector<Stanza> messages_;
    Stanza answer_;
};

}  // namespace latchkey::xmpp

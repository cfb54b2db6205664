// SPDX-License-Identifier: MIT
#include "plugins/push-xmpp/session.hpp"

#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <new>

namespace latchkey::xmpp {

namespace {

using plugin::Outcome;
using plugin::Reply;
using plugin::Tls;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMostMessages = 100;
// Of one session; fifty messages of somebody who answers with numbers are a tenth of it. It also
// bounds how deep a stanza is nested, which libstrophe releases by recursion.
constexpr std::uint64_t kMostReceived = 256 << 10;

// What libstrophe tells to functions that get no context from it. One process makes one
// connection.
struct Seen {
    bool refused_certificate = false;
    int socket = -1;  // of the last attempt to connect
    xmpp_ctx_t* abandoned = nullptr;
};
Seen seen;

int refuse_certificate(const xmpp_tlscert_t*, const char*) {
    seen.refused_certificate = true;
    return 0;
}

void forget_socket() {
    if (seen.socket >= 0) ::close(seen.socket);
    seen.socket = -1;
}

int remember_socket(xmpp_conn_t*, void* socket) {
    forget_socket();
    seen.socket = ::fcntl(*static_cast<int*>(socket), F_DUPFD_CLOEXEC, 0);
    return 0;
}

// Also of a connection that has ended since, which has no peer any more.
std::uint64_t bytes_received() {
    tcp_info info{};
    socklen_t length = sizeof info;
    const bool is_known = ::getsockopt(seen.socket, IPPROTO_TCP, TCP_INFO, &info, &length) == 0;
    return is_known ? info.tcpi_bytes_received : 0;
}

long flags_for(Tls tls) {
    constexpr long kAlways = XMPP_CONN_FLAG_DISABLE_SM;
    switch (tls) {
        case Tls::StartTls:
            return kAlways | XMPP_CONN_FLAG_MANDATORY_TLS;
        case Tls::Implicit:
            return kAlways | XMPP_CONN_FLAG_LEGACY_SSL | XMPP_CONN_FLAG_MANDATORY_TLS;
        case Tls::None:
            break;
    }
    return kAlways | XMPP_CONN_FLAG_DISABLE_TLS;
}

// The host's certificates are trusted by libstrophe beside the file that it is given. OpenSSL
// finds them where these say, so that the file is the only trust.
constexpr const char* kTrustFile = "SSL_CERT_FILE";
constexpr const char* kTrustDirectory = "SSL_CERT_DIR";

void trust_alone(const std::string& ca_file) {
    (void)::setenv(kTrustFile, ca_file.c_str(), 1);
    (void)::setenv(kTrustDirectory, "/nonexistent", 1);
}

void trust_as_usual() {
    (void)::unsetenv(kTrustFile);
    (void)::unsetenv(kTrustDirectory);
}

Outcome outcome_of(xmpp_error_type_t error) {
    switch (error) {
        case XMPP_SE_HOST_UNKNOWN:
        case XMPP_SE_HOST_GONE:
        case XMPP_SE_NOT_AUTHORIZED:
        case XMPP_SE_SEE_OTHER_HOST:
            return Outcome::Misconfigured;
        default:
            return Outcome::Temporary;
    }
}

}  // namespace

std::string attribute_of(xmpp_stanza_t* stanza, const char* name) {
    const char* value = stanza == nullptr ? nullptr : xmpp_stanza_get_attribute(stanza, name);
    return value == nullptr ? "" : value;
}

xmpp_stanza_t* child_of(xmpp_stanza_t* stanza, const char* name, const char* space) {
    return stanza == nullptr ? nullptr : xmpp_stanza_get_child_by_name_and_ns(stanza, name, space);
}

std::string text_in(xmpp_stanza_t* stanza, const char* child) {
    xmpp_stanza_t* element =
        stanza == nullptr ? nullptr : xmpp_stanza_get_child_by_name(stanza, child);
    char* text = element == nullptr ? nullptr : xmpp_stanza_get_text(element);
    if (text == nullptr) return {};
    std::string result{text};
    xmpp_free(xmpp_stanza_get_context(stanza), text);
    return result;
}

Session::Session(const XmppSettings& settings, milliseconds time)
    : settings_{settings}, end_{steady_clock::now() + time} {
    seen.refused_certificate = false;
    xmpp_initialize();
    context_ = xmpp_ctx_new(nullptr, nullptr);
    connection_ = context_ == nullptr ? nullptr : xmpp_conn_new(context_);
    if (connection_ == nullptr) throw std::bad_alloc{};
    if (!settings.ca_file.empty()) {
        trust_alone(settings.ca_file);
        xmpp_conn_set_cafile(connection_, settings.ca_file.c_str());
    }
    xmpp_conn_set_certfail_handler(connection_, &refuse_certificate);
    xmpp_conn_set_sockopt_callback(connection_, &remember_socket);
    xmpp_conn_set_jid(connection_, settings.jid.c_str());
    xmpp_conn_set_pass(connection_, settings.password.c_str());
}

Session::~Session() {
    messages_.clear();
    answer_.reset();
    // What is left of a flood may be too deep to be released; the process ends with this call.
    if (is_flooded_) {
        seen.abandoned = context_;
    } else {
        xmpp_conn_release(connection_);
        xmpp_ctx_free(context_);
    }
    forget_socket();
    trust_as_usual();
}

milliseconds Session::time_left() const {
    const auto left = std::chrono::duration_cast<milliseconds>(end_ - steady_clock::now());
    return std::max(left, milliseconds{0});
}

void Session::run_once() {
    constexpr milliseconds kStep{100};
    xmpp_run_once(context_, static_cast<unsigned long>(std::min(time_left(), kStep).count()));
    is_flooded_ = bytes_received() > kMostReceived;
    if (is_flooded_) state_ = State::Ended;
}

std::optional<Reply> Session::sign_in() {
    if (xmpp_conn_set_flags(connection_, flags_for(settings_.tls)) != XMPP_EOK)
        return Reply{Outcome::Misconfigured, "libstrophe lacks what is needed"};
    // Not what a name server says about "localhost", where nothing is encrypted.
    const bool is_local = settings_.tls == Tls::None && settings_.server == "localhost";
    const std::string server = is_local ? "127.0.0.1" : settings_.server;
    if (xmpp_connect_client(connection_, server.c_str(), settings_.port, &Session::on_change,
                            this) != XMPP_EOK)
        return Reply{Outcome::Temporary, "the server cannot be connected to"};
    while (state_ == State::Connecting && time_left().count() > 0) run_once();
    if (state_ == State::Ready) return std::nullopt;
    return failure();
}

std::optional<Reply> Session::end() const {
    if (state_ == State::Ready && time_left().count() > 0) return std::nullopt;
    return failure();
}

Reply Session::failure() const {
    if (is_flooded_) return {Outcome::Temporary, "the server says too much"};
    if (seen.refused_certificate)
        return {Outcome::Misconfigured, "the server's certificate is not right"};
    if (state_ != State::Ended) return {Outcome::Temporary, "the server took too long"};
    if (stream_error_)
        return {outcome_of(*stream_error_),
                "the server ended the session with error " + std::to_string(*stream_error_)};
    // libstrophe ends the session in order, and without an error, after these two alone.
    if (error_ == 0 && !was_signed_in_ && bytes_received() > 0)
        return {Outcome::Misconfigured,
                "the server takes neither this jid nor this password, or has no TLS"};
    return {Outcome::Temporary, "the connection cannot be made, or broke off"};
}

void Session::send(const std::string& xml) {
    xmpp_send_raw(connection_, xml.data(), xml.size());
}

Stanza Session::ask(const char* type, const std::string& payload) {
    const std::string id = "latchkey-" + std::to_string(++requests_);
    answer_.reset();
    xmpp_id_handler_add(connection_, &Session::on_answer, id.c_str(), this);
    send(std::string{"<iq type='"} + type + "' id='" + id + "'>" + payload + "</iq>");
    while (!answer_ && state_ == State::Ready && time_left().count() > 0) run_once();
    xmpp_id_handler_delete(connection_, &Session::on_answer, id.c_str());
    return std::move(answer_);
}

void Session::wait(milliseconds time) {
    const auto until = std::min(end_, steady_clock::now() + time);
    while (state_ == State::Ready && steady_clock::now() < until) run_once();
}

void Session::on_change(xmpp_conn_t* connection, xmpp_conn_event_t event, int error,
                        xmpp_stream_error_t* stream_error, void* self) {
    auto& session = *static_cast<Session*>(self);
    if (event == XMPP_CONN_CONNECT) {
        session.state_ = State::Ready;
        session.was_signed_in_ = true;
        xmpp_handler_add(connection, &Session::on_message, nullptr, "message", nullptr, self);
        return;
    }
    session.state_ = State::Ended;
    session.error_ = error;
    if (stream_error != nullptr) session.stream_error_ = stream_error->type;
}

int Session::on_message(xmpp_conn_t*, xmpp_stanza_t* stanza, void* self) {
    auto& messages = static_cast<Session*>(self)->messages_;
    if (messages.size() < kMostMessages) messages.emplace_back(xmpp_stanza_clone(stanza));
    return 1;
}

int Session::on_answer(xmpp_conn_t*, xmpp_stanza_t* stanza, void* self) {
    // From our server or our own account alone; others' answers could name our id, too.
    auto& session = *static_cast<Session*>(self);
    const std::string from = attribute_of(stanza, "from");
    const std::string& jid = session.settings_.jid;
    const bool is_ours = from.empty() || from == jid || from == jid.substr(jid.find('@') + 1);
    if (is_ours) session.answer_.reset(xmpp_stanza_clone(stanza));
    return is_ours ? 0 : 1;
}

}  // namespace latchkey::xmpp

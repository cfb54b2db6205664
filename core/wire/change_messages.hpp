// SPDX-License-Identifier: MIT
//
// Owners and their security info: the command of an ordinary user, the monitor, and the
// verifier that serves the change.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "core/change_wish.hpp"
#include "core/recovery.hpp"
#include "core/secret.hpp"
#include "core/wire/message_type.hpp"
#include "core/wire/packet.hpp"

namespace latchkey::wire {

enum class UserVerb : std::uint8_t {
    Status,    // AdminReply rows as to root's Status
    Activity,  // AdminReply rows as to root's Audit
    Change,    // `wish`; Ask and AskHidden may come before the AdminReply
    Later,     // no reminders at sign-ins for a while
    Export,    // AskHidden, then AdminReply rows: monitor/own_data.hpp
    Help,      // an AdminRequest follows, which names somebody else's account; AskHidden may come
};

// First message on the users' socket. Who it is about is who connected, but of Help.
struct UserRequest {
    static constexpr Type kType = Type::UserRequest;
    std::uint32_t version = kVersion;
    UserVerb verb = UserVerb::Status;
    ChangeWish wish = ChangeWish::Deny;
    std::string method;
    std::string address;     // as it was typed
    Secret veto_code;        // of Deny; may be empty
    std::int64_t since = 0;  // Activity: seconds since 1970
    Secret key;              // of EnrolAuthenticator: raw, of the app they have; empty: a fresh one
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.version, s.verb, s.wish, s.method, s.address, s.veto_code, s.since,
                        s.key);
    }
};

struct ChangeHello {  // monitor to verifier: whose password was right, and what they want
    static constexpr Type kType = Type::ChangeHello;
    std::uint32_t version = kVersion;
    SubjectKey subject;
    bool privileged = false;
    bool has_saved_codes = false;
    Secret subkey;
    std::string account_name;
    std::string host_name;
    std::string source;
    ChangeWish wish = ChangeWish::Deny;
    std::string method;
    std::string address;
    Secret veto_code;
    Secret key;  // as of UserRequest
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.version, s.subject, s.privileged, s.has_saved_codes, s.subkey,
                        s.account_name, s.host_name, s.source, s.wish, s.method, s.address,
                        s.veto_code, s.key);
    }
};

struct NewKey {  // verifier to monitor, for the person's eyes, once
    static constexpr Type kType = Type::NewKey;
    Secret key_base32;
    Secret uri;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.key_base32, s.uri);
    }
};

struct AnnounceChange {  // ChangeToCome: the verifier records it as soon as this is answered
    static constexpr Type kType = Type::AnnounceChange;
    bool is_new = false;
    bool is_first = false;
    std::uint32_t told = 0;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.is_new, s.is_first, s.told);
    }
};

struct ChangeAnnounced {
    static constexpr Type kType = Type::ChangeAnnounced;
    bool announced = false;  // false: it must not be made
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.announced);
    }
};

struct ChangeFinish {  // ChangeEnd
    static constexpr Type kType = Type::ChangeFinish;
    bool done = false;
    std::string why;
    std::string destination;
    std::int64_t counts_from = 0;  // seconds since 1970
    std::uint32_t told = 0;
    bool is_new = false;
    bool is_first = false;
    bool postpones_codes = false;
    bool ends_codes = false;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.done, s.why, s.destination, s.counts_from, s.told, s.is_new, s.is_first,
                        s.postpones_codes, s.ends_codes);
    }
};

template <>
struct EnumLast<UserVerb> {
    static constexpr UserVerb value = UserVerb::Help;
};
template <>
struct EnumLast<ChangeWish> {
    static constexpr ChangeWish value = ChangeWish::Forget;
};

}  // namespace latchkey::wire

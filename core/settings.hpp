// SPDX-License-Identifier: MIT
//
// Every number and word an administrator may change, with its default. The same
// table stands in latchkey.toml(5) and in tests/unit/settings_test.cpp; sources
// of the numbers are in docs/limits.md. Bounds are the reader's business
// (config/settings_reader.hpp): whoever holds a Settings may rely on them.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/recovery.hpp"

namespace latchkey {

// The sandbox a channel's process lives in (docs/plugin-authors.md).
enum class Profile : std::uint8_t { None, Network, Spool, Program };

// How many messages a channel may carry, whoever they are for. 0: as many as there are;
// nobody can write that, and channels to telephones never have it.
struct ChannelBudget {
    std::uint32_t per_hour = 0;  // 1-10000; 60 to telephones
    std::uint32_t per_day = 0;   // 1-100000; 200 to telephones
};

struct ChannelSettings {
    std::string plugin;  // file name below the channel directory, without ".so"
    Profile profile = Profile::Network;
    std::string group;  // one more group of the channel host, for Spool and Program; may be empty
    std::chrono::seconds deadline{10};  // the channel host is killed after it; 1-60
    std::string secret_file;            // root-only file handed to this plugin alone; may be empty
    ChannelBudget budget;
    std::map<std::string, std::string> options;  // the plugin's own keys, as text
};

inline constexpr std::chrono::minutes kMostCodeLifetime{10};
inline constexpr std::chrono::hours kMostExtraLifetime{24};  // NIST SP 800-63B-4, section 4.2.1.3
inline constexpr std::uint32_t kMostMinutesOfCode =
    std::chrono::minutes{kMostCodeLifetime + kMostExtraLifetime}.count();

struct MethodSettings {
    std::string label;  // the menu line: "E-mail my alternate address"
    MethodKind kind = MethodKind::Delivery;
    std::vector<std::string> channels;  // tried in order; fail-over only if acceptance is excluded
    std::chrono::minutes code_lifetime{10};  // 1-10
    Medium medium = Medium::Email;           // of a delivery method
    std::vector<std::string> countries{};    // "+49": of telephone numbers; empty: any
    OtpKind otp = OtpKind::Time;             // of a verification method; its plugin's
    // Addresses of a delivery method are those of a person whom the account's owner trusts, who
    // reads the code to whoever is known to be the owner.
    bool recovery_contact = false;
    std::chrono::hours extra_lifetime{0};  // 0-24, of a code that goes to such a contact
};

struct GateSettings {
    std::uint32_t console = 1;     // 1-3
    std::uint32_t remote = 2;      // 1-3; less than 2 is refused
    std::uint32_t privileged = 2;  // 2-3; one of them is always a saved recovery code
};

// Limits are queries over recorded attempts (core/limits.hpp turns these numbers
// into queries). Zero is refused: it would read as "no limit".
struct LimitSettings {
    std::uint32_t wrong_per_code = 5;
    std::uint32_t wrong_per_hour = 5;       // per account; guesses at sent codes and at an app
    std::uint32_t wrong_per_day = 10;       // per account, over remote services
    std::uint32_t consecutive_wrong = 20;   // per account and method, closes it for 7 days
    std::uint32_t saved_code_interval = 2;  // seconds between guesses from one source
    std::uint32_t saved_code_alarm = 50;    // wrong saved codes per day that raise an alarm
    std::uint32_t sends_per_minute = 1;     // per account and method
    std::uint32_t sends_per_ten_minutes = 3;
    std::uint32_t sends_per_hour = 5;
    std::uint32_t sends_per_day = 10;
    std::uint32_t approvals_per_hour = 3;  // requests to a person's device
    std::uint32_t approvals_per_day = 5;
    std::uint32_t denials_per_day = 2;  // no more requests after so many
    std::uint32_t starts_per_source_hour = 10;
    std::uint32_t names_per_source_hour = 5;
    std::uint32_t wrong_addresses_per_source_hour = 20;
    std::uint32_t wrong_addresses_per_pair_day = 20;  // (source, account)
    std::uint32_t wrong_resumes_per_source_hour = 10;
    std::uint32_t host_alarm_per_day = 300;  // wrong proofs on this host: alarm, one more gate
    // Per account, apart from the remote ones.
    std::uint32_t wrong_at_console_per_day = 5;
};

// A speed bump before the first question (core/human_check.hpp).
enum class HumanCheckWhen : std::uint8_t { Off, AfterFailures, Always };
struct HumanCheckSettings {
    HumanCheckWhen when = HumanCheckWhen::AfterFailures;
    std::uint32_t after = 3;  // recoveries begun from a source in an hour; 1-10
};

// Limits of the root side's ledger. Not configurable upwards.
struct ActLimits {
    std::uint32_t resets_per_day = 1;
    std::uint32_t unlocks_per_day = 3;
    std::uint32_t begun_per_day = 5;
    std::uint32_t host_per_hour = 20;
};

// Whether a sign-in tells who has too few ways back, and at a console offers to set one up.
enum class Registration : std::uint8_t {
    Off,
    Remind,   // and is quiet for a week where the answer is "later"
    Require,  // at every sign-in; none is refused for it
};

// How long a change of the ways waits before it counts (docs/limits.md), and what a sign-in
// reminds of.
struct SecurityInfoSettings {
    std::chrono::days hold{7};               // 7-30
    std::chrono::days privileged_hold{30};   // 30-90; of accounts that can become root
    std::chrono::days replaced_hold{30};     // 30-90; where none of the old ways stays
    std::chrono::days expires_after{730};    // 30-3650; an address counts no longer
    std::chrono::days reconfirm_after{180};  // 0-730; 0: nobody is asked
    Registration registration = Registration::Off;
};

struct Settings {
    std::chrono::seconds recovery_lifetime{900};  // 60-1800
    std::chrono::seconds grant_lifetime{300};     // 30-600
    std::chrono::milliseconds reply_grid{
        1000};                              // 0-5000; replies before the first proof leave on it
    std::string whom_to_ask;                // empty: "Ask the administrator of HOSTNAME."
    std::uint32_t min_password_length = 8;  // 8-64
    std::uint32_t code_digits = 8;          // 6-10
    std::uint32_t otp_window = 1;           // steps of 30 s accepted on either side; 0-1
    GateSettings gates;
    LimitSettings limits;
    HumanCheckSettings human_check;
    ActLimits acts;
    SecurityInfoSettings security_info;
    // [after_recovery] end_sessions: who changed the password is alone in the account.
    bool end_sessions = true;
    std::vector<std::string> privileged_groups{"root", "sudo",    "wheel",      "adm",    "docker",
                                               "lxd",  "libvirt", "disk",       "shadow", "staff",
                                               "kmem", "incus",   "incus-admin"};
    std::vector<std::string> privileged_users;
    // Told of what needs an administrator. Empty: root's mailbox, where this host has one.
    std::vector<std::string> administrator_mail;
    // Mailboxes there are opened by the password that is being recovered: no contacts.
    std::vector<std::string> own_mail_domains;
    std::string phone_country;  // "+49": what a leading 0 of a number stands for; may be empty
    std::map<std::string, MethodSettings>
        methods;  // menu order is that of the names' table in core/screens
    std::map<std::string, ChannelSettings> channels;
};

}  // namespace latchkey

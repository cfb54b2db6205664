// SPDX-License-Identifier: MIT
//
// Text messages by a modem of this host, through the daemon that has it (README.md).
// Option format: "smstools3" (directory; profile = "spool") or "gammu" (config,
// inject; profile = "program").
#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <string>
#include <utility>

#include <latchkey/plugin.hpp>

#include "plugins/common/phone_number.hpp"
#include "plugins/common/program_run.hpp"
#include "plugins/common/trusted_path.hpp"
#include "plugins/common/validity.hpp"
#include "plugins/sms-spool/smstools.hpp"

namespace {

using latchkey::plugin::Host;
using latchkey::plugin::Message;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;

bool is_one_line(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

std::string text_of(const Host& host, const char* option, const char* otherwise) {
    return std::string{host.option(option).value_or(otherwise)};
}

// Either format, and what is wrong with the options.
struct Spool {
    std::string format;
    std::string directory;  // smstools3
    std::string config;     // gammu
    std::string inject;
    std::string refusal;
};

Spool spool_of(const Host& host) {
    Spool spool{text_of(host, "format", ""),
                text_of(host, "directory", ""),
                text_of(host, "config", "/etc/gammu-smsdrc"),
                text_of(host, "inject", "/usr/bin/gammu-smsd-inject"),
                {}};
    if (spool.format == "smstools3") {
        if (!spool.directory.starts_with('/'))
            spool.refusal = "option directory is no absolute path";
    } else if (spool.format == "gammu") {
        const auto refusal = latchkey::plugin::refusal_of_program(spool.inject);
        if (!spool.config.starts_with('/')) spool.refusal = "option config is no absolute path";
        if (!refusal.empty()) spool.refusal = "option inject " + refusal;
    } else {
        spool.refusal = "option format is neither smstools3 nor gammu";
    }
    return spool;
}

// The smallest of gammu's steps that covers what is left until `expires_at`.
std::string gammu_validity(std::uint64_t expires_at) {
    using std::chrono::hours;
    constexpr std::array<std::pair<hours, const char*>, 5> kSteps{{{hours{1}, "HOUR"},
                                                                   {hours{6}, "6HOURS"},
                                                                   {hours{24}, "DAY"},
                                                                   {hours{72}, "3DAYS"},
                                                                   {hours{168}, "WEEK"}}};
    const auto left = latchkey::plugin::validity(
        expires_at, static_cast<std::uint64_t>(std::time(nullptr)), kSteps.back().first);
    return std::find_if(kSteps.begin(), kSteps.end() - 1,
                        [left](const auto& step) { return left <= step.first; })
        ->second;
}

class SmsSpoolDelivery final : public latchkey::plugin::Delivery, public latchkey::plugin::Probe {
public:
    Reply probe(const Host& host) override {
        const Spool spool = spool_of(host);
        if (!spool.refusal.empty()) return {Outcome::Misconfigured, spool.refusal};
        if (spool.format == "smstools3") return latchkey::sms::try_spool(spool.directory);
        return {Outcome::Accepted, "gammu-smsd-inject is there"};
    }
    Reply deliver(const Host& host, const Message& message) override {
        const Spool spool = spool_of(host);
        if (!spool.refusal.empty()) return {Outcome::Misconfigured, spool.refusal};
        if (!latchkey::plugin::is_phone_number(message.to))
            return {Outcome::Permanent, "the address is no phone number such as +4930123456"};
        if (!is_one_line(message.short_text))
            return {Outcome::Permanent, "the message is not one line of ASCII"};
        if (spool.format == "smstools3")
            return latchkey::sms::put_into_spool(
                spool.directory, message.message_id,
                latchkey::sms::spool_file(latchkey::plugin::digits_of(message.to),
                                          message.short_text, message.expires_at,
                                          std::time(nullptr)));
        return latchkey::plugin::reply_of(latchkey::plugin::run_program(
            {spool.inject, "-c", spool.config, "TEXT", std::string{message.to}, "-validity",
             gammu_validity(message.expires_at)},
            message.short_text, host.time_left()));
    }
};

}  // namespace

LATCHKEY_DELIVERY(SmsSpoolDelivery, LATCHKEY_VERSION);

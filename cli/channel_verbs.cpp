// SPDX-License-Identifier: MIT
#include "cli/channel_verbs.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "cli/json_output.hpp"
#include "cli/table.hpp"
#include "cli/test_message.hpp"
#include "core/channel_budget.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;
using wire::ChannelOutcome;

constexpr std::size_t kLongestReason = 512;

const char* name_of(Profile profile) {
    constexpr std::array kNames{"none", "network", "spool", "program"};
    return kNames.at(static_cast<std::size_t>(profile));
}

const char* name_of(ChannelOutcome outcome) {
    constexpr std::array kNames{"misconfigured", "accepted", "queued",    "temporary",
                                "permanent",     "wrong",    "not taken", "cannot tell"};
    return kNames.at(static_cast<std::size_t>(outcome));
}

const char* word_for(MethodKind kind) {
    if (kind == MethodKind::Approval) return "approval";
    return kind == MethodKind::Verification ? "verification" : "delivery";
}

// The kinds of the methods that name the channel: a plugin has one.
std::string kind_of(const Settings& settings, const std::string& channel) {
    for (const auto& [name, method] : settings.methods)
        for (const std::string& candidate : method.channels)
            if (candidate == channel) return word_for(method.kind);
    return "";
}

// What was heard of a channel: a word, and why.
struct Heard {
    std::string result;
    std::string why;
    bool is_well = false;
};

Heard heard_of(const Result<wire::ChannelReply>& reply) {
    if (!reply) return {"failed", escaped(reply.error().detail.substr(0, kLongestReason)), false};
    const bool silent = reply->outcome == ChannelOutcome::CannotTell;
    return {name_of(reply->outcome), escaped(reply->for_log.substr(0, kLongestReason)),
            silent || was_taken(*reply)};
}

Heard probed(const Settings& settings, const std::string& channel, const CallChannel& call) {
    wire::ChannelCall probe;
    probe.verb = wire::ChannelVerb::Probe;
    Heard heard = heard_of(call(settings, channel, probe));
    if (heard.result == name_of(ChannelOutcome::Accepted)) heard.result = "works";
    return heard;
}

bool delivers(const std::string& kind) {
    return kind != "verification" && kind != "approval";
}

// A channel that checks answers or asks devices is never asked: there is nothing to check, and
// nobody to disturb.
Heard health_of(const Settings& settings, const std::string& channel, const CallChannel& call) {
    if (!delivers(kind_of(settings, channel))) return {"", "", true};
    return probed(settings, channel, call);
}

// What the channels have carried, by name; empty where the monitor does not tell.
std::map<std::string, ChannelUse> used_budgets(const MonitorCall& monitor) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::Budgets;
    std::map<std::string, ChannelUse> used;
    const MonitorAnswer answer = monitor(request);
    try {
        for (const Secret& text : answer.rows) {
            const json row = json::parse(text.reveal());
            used[row.at("channel").get<std::string>()] = {row.at("last_hour").get<std::uint32_t>(),
                                                          row.at("last_day").get<std::uint32_t>()};
        }
    } catch (const json::exception&) {
        return {};
    }
    return used;
}

// Of one span of time: how many of how many. Empty: there is no limit.
struct Share {
    std::string text;
    json object;
};

Share share_of(std::uint32_t limit, const std::optional<ChannelUse>& use,
               std::uint32_t ChannelUse::*span) {
    if (limit == 0) return {"", nullptr};
    const std::string of_limit = " of " + std::to_string(limit);
    if (!use) return {"?" + of_limit, json{{"limit", limit}, {"used", nullptr}, {"left", nullptr}}};
    const std::uint32_t used = (*use).*span;
    return {std::to_string(used) + of_limit,
            json{{"limit", limit}, {"used", used}, {"left", limit - std::min(limit, used)}}};
}

ExitStatus no_such_channel(const TestCommand& command, const Settings& settings,
                           const Terminal& terminal) {
    std::string names;
    for (const auto& [name, channel] : settings.channels)
        names += (names.empty() ? "" : ", ") + name;
    return terminal.fail(ExitStatus::NotFound, "no channel is called " + escaped(command.channel) +
                                                   "; there are: " + names);
}

}  // namespace

ExitStatus run_channels(const ChannelsCommand& command, const Host& host,
                        const MonitorCall& monitor, const CallChannel& call,
                        const Terminal& terminal) {
    const auto settings = host.settings();
    if (!settings) return terminal.fail(ExitStatus::Configuration, settings.error().detail);
    const auto budgets = used_budgets(monitor);
    Table table{{"CHANNEL", "PLUGIN", "PROFILE", "KIND", "HOUR", "DAY", "HEALTH", "WHY"}};
    json rows = json::array();
    bool all_well = true;
    for (const auto& [name, channel] : settings->channels) {
        const std::string kind = kind_of(*settings, name);
        const Heard health = health_of(*settings, name, call);
        all_well = all_well && health.is_well;
        const auto used = budgets.find(name);
        const auto use = used == budgets.end() ? std::nullopt : std::optional{used->second};
        const Share hour = share_of(channel.budget.per_hour, use, &ChannelUse::last_hour);
        const Share day = share_of(channel.budget.per_day, use, &ChannelUse::last_day);
        table.add({name, channel.plugin, name_of(channel.profile), kind, hour.text, day.text,
                   health.result, health.why});
        rows.push_back({{"channel", name},
                        {"plugin", channel.plugin},
                        {"profile", name_of(channel.profile)},
                        {"kind", kind},
                        {"hour", hour.object},
                        {"day", day.object},
                        {"health", health.result},
                        {"why", health.why}});
    }
    if (command.output.json)
        print_json(terminal.out, json{{"channels", std::move(rows)}});
    else
        table.print(terminal.out, command.output.legend);
    return all_well ? ExitStatus::Ok : ExitStatus::ChannelFailed;
}

ExitStatus run_test(const TestCommand& command, const Host& host, const CallChannel& call,
                    const Terminal& terminal) {
    const auto settings = host.settings();
    if (!settings) return terminal.fail(ExitStatus::Configuration, settings.error().detail);
    const auto channel = settings->channels.find(command.channel);
    if (channel == settings->channels.end()) return no_such_channel(command, *settings, terminal);
    if (const std::string kind = kind_of(*settings, command.channel); !delivers(kind))
        return terminal.fail(ExitStatus::Usage,
                             "channel " + command.channel +
                                 (kind == "approval" ? " asks devices and delivers no message"
                                                     : " checks answers and sends nothing") +
                                 "; name one that delivers");
    Table table{{"STEP", "RESULT", "WHAT"}};
    json steps = json::array();
    const auto add = [&](const char* step, const std::string& result, const std::string& what) {
        table.add({step, result, what});
        steps.push_back({{"step", step}, {"result", result}, {"what", what}});
    };
    add("settings", "read",
        "plugin " + channel->second.plugin + ", profile " + name_of(channel->second.profile));
    const Heard probe = probed(*settings, command.channel, call);
    add("probe", probe.result, probe.why);
    const Heard message = heard_of(
        call(*settings, command.channel, test_message_to(command.address, "latchkey test")));
    add("message", message.result, message.why);
    if (command.output.json)
        print_json(terminal.out, json{{"channel", command.channel},
                                      {"taken", message.is_well},
                                      {"steps", std::move(steps)}});
    else
        table.print(terminal.out, command.output.legend);
    if (message.is_well) return ExitStatus::Ok;
    return terminal.fail(ExitStatus::ChannelFailed, "the message was not taken; mend [channel." +
                                                        command.channel +
                                                        "] in /etc/latchkey, or the address");
}

}  // namespace latchkey::cli

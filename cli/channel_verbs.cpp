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
using Heard = TestStep;

Heard heard_of(const Result<wire::ChannelReply>& reply) {
    if (!reply) return {"failed", escaped(reply.error().detail.substr(0, kLongestReason)), false};
    const bool silent = reply->outcome == ChannelOutcome::CannotTell;
    return {outcome_word(reply->outcome), escaped(reply->for_log.substr(0, kLongestReason)),
            silent || was_taken(*reply)};
}

Heard probed(const Settings& settings, const std::string& channel, const CallChannel& call) {
    wire::ChannelCall probe;
    probe.verb = wire::ChannelVerb::Probe;
    Heard heard = heard_of(call(settings, channel, probe));
    if (heard.result == outcome_word(ChannelOutcome::Accepted)) heard.result = "works";
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

// What a test did, one after the other; it is as well as its last step.
class Steps {
public:
    void add(const std::string& step, const Heard& heard) {
        table_.add({step, heard.result, heard.why});
        rows_.push_back({{"step", step}, {"result", heard.result}, {"what", heard.why}});
        last_ = step;
        is_well_ = heard.is_well;
    }
    void print(const TestCommand& command, const Terminal& terminal) const {
        if (command.output.json)
            print_json(terminal.out,
                       json{{"channel", command.channel}, {"taken", is_well_}, {"steps", rows_}});
        else
            table_.print(terminal.out, command.output.legend);
    }
    [[nodiscard]] bool is_well() const { return is_well_; }
    [[nodiscard]] const std::string& last() const { return last_; }

private:
    Table table_{{"STEP", "RESULT", "WHAT"}};
    json rows_ = json::array();
    std::string last_;
    bool is_well_ = false;
};

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
                    const Waiting& waiting, const Terminal& terminal) {
    const auto settings = host.settings();
    if (!settings) return terminal.fail(ExitStatus::Configuration, settings.error().detail);
    const auto channel = settings->channels.find(command.channel);
    if (channel == settings->channels.end()) return no_such_channel(command, *settings, terminal);
    const std::string kind = kind_of(*settings, command.channel);
    if (kind == word_for(MethodKind::Verification))
        return terminal.fail(ExitStatus::Usage, "channel " + command.channel +
                                                    " checks answers and sends nothing; name "
                                                    "another one");
    Steps steps;
    steps.add("settings",
              {"read",
               "plugin " + channel->second.plugin + ", profile " + name_of(channel->second.profile),
               true});
    if (kind == word_for(MethodKind::Approval)) {
        const auto call_it = [&](const wire::ChannelCall& ask) {
            return call(*settings, command.channel, ask);
        };
        const auto asked = ask_device(call_it, command.address, waiting, terminal);
        steps.add("request", asked.request);
        if (asked.request.is_well) steps.add("answer", asked.answer);
    } else {
        steps.add("probe", probed(*settings, command.channel, call));
        steps.add("message", heard_of(call(*settings, command.channel,
                                           test_message_to(command.address, "latchkey test"))));
    }
    steps.print(command, terminal);
    if (steps.is_well()) return ExitStatus::Ok;
    return terminal.fail(
        ExitStatus::ChannelFailed,
        "the " + steps.last() + (steps.last() == "answer" ? " did not come" : " was not taken") +
            "; mend [channel." + command.channel + "] in /etc/latchkey, or the address");
}

}  // namespace latchkey::cli

// SPDX-License-Identifier: MIT
//
// Any bytes as latchkey.toml: settings that keep every bound, or one sentence that
// names file and line. Never anything else.
#include "config/number_keys.hpp"
#include "config/settings_reader.hpp"
#include "core/channel_budget.hpp"
#include "core/printable.hpp"
#include "core/screens.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/memory_file.hpp"

namespace {

using namespace latchkey;
using fuzz::holds;

void check_numbers(const Settings& settings) {
    for (const NumberKey& key : number_keys())
        holds(key.get(settings) >= key.lowest && key.get(settings) <= key.highest,
              "a number is within its bounds");
}

void check_methods(const Settings& settings) {
    for (const auto& [name, method] : settings.methods) {
        Screen menu;
        menu.kind = ScreenKind::Menu;
        menu.items = {{name, method.kind == MethodKind::Delivery ? "a...e at e....org" : ""}};
        holds(render(menu, settings, "host").has_value(), "every method fits into the menu");
        holds(!method.channels.empty(), "every method has a channel");
        for (const std::string& channel : method.channels)
            holds(settings.channels.count(channel) == 1, "every channel named exists");
        holds(method.code_lifetime.count() >= 1 && method.code_lifetime.count() <= 10,
              "a code lives for at most ten minutes");
    }
}

void check_channels(const Settings& settings) {
    for (const auto& [name, channel] : settings.channels) {
        holds(channel.plugin.find('/') == std::string::npos && !channel.plugin.empty(),
              "a plugin is a name and no path");
        holds(channel.deadline.count() >= 1 && channel.deadline.count() <= 60,
              "a deadline is within its bounds");
        holds(channel.secret_file.empty() ||
                  (channel.secret_file.starts_with(std::string{kSecretsDirectory} + '/') &&
                   channel.secret_file.find("..") != std::string{kSecretsDirectory}.size() + 1),
              "a secret lies below its directory");
        const ChannelBudget& budget = channel.budget;
        holds(budget.per_hour <= 10'000 && budget.per_day <= 100'000 &&
                  (budget.per_day == 0 || budget.per_hour <= budget.per_day),
              "a budget is within its bounds");
        holds(
            !carries_to_telephones(settings, name) || (budget.per_hour != 0 && budget.per_day != 0),
            "a channel to telephones has a budget");
        for (const auto& [key, value] : channel.options)
            holds(is_printable(key) && is_printable(value), "an option is printable");
    }
}

void check_settings(const Settings& settings) {
    check_numbers(settings);
    check_methods(settings);
    check_channels(settings);
    Screen screen;
    screen.kind = ScreenKind::WhomToAsk;
    holds(render(screen, settings, "host").has_value(), "whom to ask can be shown");
    for (const std::string& group : Settings{}.privileged_groups)
        holds(std::count(settings.privileged_groups.begin(), settings.privileged_groups.end(),
                         group) == 1,
              "a built-in privileged group stays privileged");
}

void check_refusal(const Error& error, const std::string& file) {
    holds(error.kind == ErrorKind::Misconfigured, "a refusal is the administrator's to mend");
    holds(is_printable(error.detail), "a refusal is printable");
    holds(error.detail.starts_with(file + ':'), "a refusal names the file");
    const char after = error.detail[file.size() + 1];
    const bool is_too_large = error.detail.find("is larger than 256 KiB") != std::string::npos;
    holds((after >= '1' && after <= '9') || is_too_large, "a refusal names the line");
    holds(error.detail.find("; ") != std::string::npos, "a refusal says the mend");
    holds(error.detail.size() < 600, "a refusal is one sentence");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::MemoryFile file;
    file.write({reinterpret_cast<const char*>(data), size});
    const auto settings = read_settings(file.path(), "");
    if (settings)
        check_settings(*settings);
    else
        check_refusal(settings.error(), file.path());
    return 0;
}

// SPDX-License-Identifier: MIT
#include "plugin_test/command_line.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "core/printable.hpp"

namespace latchkey::plugin_test {

namespace {

Error usage(const std::string& sentence) {
    return {ErrorKind::Rejected, sentence + "; see latchkey-plugin-test --help"};
}

}  // namespace

Result<CommandLine> parse_command_line(const std::vector<std::string>& arguments) {
    CommandLine line;
    CLI::App app{"Tests a plugin for latchkey in the sandbox that production has.",
                 "latchkey-plugin-test"};
    app.set_version_flag("--version", "latchkey-plugin-test " LATCHKEY_VERSION);
    app.add_option("FILE.so", line.file, "the plugin")->required();
    app.add_option("--config", line.config, "its [channel.NAME] table, as in latchkey.toml(5)")
        ->type_name("FILE.toml");
    app.add_option("--live", line.live_address, "send one message to this address, really")
        ->type_name("ADDRESS");
    app.add_flag("--json", line.json, "one JSON object instead of lines");
    try {
        app.parse(std::vector<std::string>{arguments.rbegin(), arguments.rend()});
    } catch (const CLI::CallForHelp&) {
        line.text = app.help();
    } catch (const CLI::CallForVersion&) {
        line.text = app.version() + '\n';
    } catch (const CLI::ParseError& error) {
        return usage(escaped(error.what()));
    }
    if (line.text.empty() && !line.live_address.empty() && line.config.empty())
        return usage("--live needs the real settings: give them with --config");
    return line;
}

}  // namespace latchkey::plugin_test

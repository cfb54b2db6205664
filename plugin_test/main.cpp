// SPDX-License-Identifier: MIT
//
// latchkey-plugin-test: what an author runs before a plugin is shipped. Exit status: 0
// nothing failed, 1 something failed, 2 it could not be tested.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>

#include <exception>
#include <filesystem>
#include <iostream>

#include "channel_host/plugin_file.hpp"
#include "core/printable.hpp"
#include "plugin_test/command_line.hpp"
#include "plugin_test/report.hpp"

namespace {

using namespace latchkey;
using namespace latchkey::plugin_test;

constexpr int kFailed = 1;
constexpr int kUntested = 2;

Result<Subject> subject_of(const CommandLine& line) {
    Subject subject;
    subject.path = line.file;
    const std::filesystem::path path{line.file};
    subject.name = path.extension() == ".so" ? path.stem().string() : path.filename().string();
    subject.file = UniqueFd{::open(line.file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
    if (!subject.file)
        return Error{ErrorKind::NotFound, escaped(line.file) + ": " + strerrordesc_np(errno) +
                                              "; name the plugin's .so file"};
    if (auto usable = require_shared_object(subject.file, line.file); !usable)
        return std::move(usable).error();
    if (line.config.empty()) {
        subject.channel = unconfigured_channel(subject.name);
        return subject;
    }
    auto channel = read_channel(line.config, subject.name);
    if (!channel) return std::move(channel).error();
    subject.channel = std::move(*channel);
    return subject;
}

int complain(const std::string& sentence) {
    std::cerr << "latchkey-plugin-test: " << sentence << '\n';
    return kUntested;
}

int test(const CommandLine& line) {
    auto subject = subject_of(line);
    if (!subject) return complain(subject.error().detail);
    const auto report = line.json ? json_report(std::cout, line.file) : text_report(std::cout);
    const Tally tally = examine(*subject, line.live_address,
                                [&report](const Examined& examined) { report->tell(examined); });
    report->end(tally);
    return tally.failed == 0 ? 0 : kFailed;
}

}  // namespace

int main(int argc, char** argv) {
    ::signal(SIGPIPE, SIG_IGN);
    try {
        const auto line = parse_command_line({argv + 1, argv + argc});
        if (!line) return complain(line.error().detail);
        if (line->text.empty()) return test(*line);
        std::cout << line->text;
        return 0;
    } catch (const std::exception& error) {
        return complain(std::string{"the test could not be done: "} + error.what());
    }
}

// SPDX-License-Identifier: MIT
#include "tests/crash/stop.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/system/comes_true.hpp"

namespace latchkey::crash {
namespace {

constexpr const char* report_file = "/run/latchkey-stop-at";
// A fault may cost a conversation its patience (10 s), and a refusal PAM's delay.
constexpr std::chrono::seconds patience{45};

}  // namespace

Stop::Stop(Plan plan) : plan_(std::move(plan)) {
    std::filesystem::remove(report_file);
}

std::vector<std::string> Stop::around(const std::vector<std::string>& argv) const {
    std::vector<std::string> words{LATCHKEY_STOP_AT,
                                   plan_.program,
                                   plan_.set,
                                   std::to_string(plan_.nth),
                                   plan_.kill ? "kill" : "fail",
                                   report_file};
    if (!plan_.after.empty()) words.insert(words.end(), {"--after", plan_.after});
    if (!plan_.alongside.empty()) words.insert(words.end(), {"--alongside", plan_.alongside});
    if (!plan_.tried.empty()) words.insert(words.end(), {"--tried", plan_.tried});
    if (!plan_.below.empty()) words.insert(words.end(), {"--below", plan_.below});
    words.emplace_back("--");
    words.insert(words.end(), argv.begin(), argv.end());
    return words;
}

Report Stop::report() const {
    if (!comes_true([] { return std::filesystem::exists(report_file); }, patience))
        throw std::runtime_error("something that was started goes on");
    Report report;
    std::ifstream file{report_file};
    for (std::string key; file >> key;) {
        if (key == "calls") file >> report.calls;
        if (key == "hit") file >> report.hit;
        if (key == "caller") file >> report.caller;
        if (key != "died") continue;
        std::string rest;
        std::getline(file, rest);
        report.died.push_back(rest);
    }
    return report;
}

}  // namespace latchkey::crash

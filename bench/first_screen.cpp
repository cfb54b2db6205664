// SPDX-License-Identifier: MIT
//
// bench_first_screen MONITOR HELPER ROUNDS USER: from the answered reason to the next
// screen (start of the monitor, verifier, settings, slot, store), against the spawn
// and round trip of one bare dynamic C++ helper, turn by turn in one run.
#include <stdio.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "pam_module/monitor_process.hpp"

namespace {

using namespace latchkey;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

[[noreturn]] void give_up(const std::string& program, const Error& why) {
    fprintf(stderr, "cannot start %s: %s\n", program.c_str(), why.detail.c_str());
    exit(1);
}

double first_screen(const std::string& monitor, const std::string& user, int round) {
    const auto begin = Clock::now();
    auto link = pam::start_monitor(monitor);
    if (!link) give_up(monitor, link.error());
    wire::LoginHello hello;
    hello.user = user;
    hello.service = "login";
    hello.tty = "tty" + std::to_string(1 + round / 10);  // ten starts are asked no human check
    if (!link->send_message(hello)) exit(1);
    auto ask = link->receive_message<wire::Ask>(begin + std::chrono::seconds{20});
    const double took = Milliseconds(Clock::now() - begin).count();
    if (!ask) {
        fprintf(stderr, "no screen: %s\n", ask.error().detail.c_str());
        exit(1);
    }
    (void)link->send_message(wire::Left{});
    (void)link->receive(begin +
                        std::chrono::seconds{20});  // its end, so that rounds do not overlap
    return took;
}

double bare_helper(const std::string& helper) {
    const auto begin = Clock::now();
    auto link = pam::start_monitor(helper);
    if (!link) give_up(helper, link.error());
    if (!link->send_message(wire::Left{})) exit(1);
    if (!link->receive(begin + std::chrono::seconds{20})) exit(1);
    return Milliseconds(Clock::now() - begin).count();
}

}  // namespace

int main(int argc, char* argv[]) {
    if (argc != 5) return 2;
    std::vector<double> screens;
    std::vector<double> helpers;
    for (int i = 0; i < atoi(argv[3]); ++i) {
        screens.push_back(first_screen(argv[1], argv[4], i));
        helpers.push_back(bare_helper(argv[2]));
    }
    printf("first screen: median %.2f ms; bare helper: median %.2f ms; ratio %.2f (at most 4)\n",
           median(screens), median(helpers), median(screens) / median(helpers));
    return 0;
}

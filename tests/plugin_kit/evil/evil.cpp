// SPDX-License-Identifier: MIT
//
// A plugin with exactly one fault, EVIL_FAULT, built once for each. Without it, it is a
// good one: it wants the option `service`, refuses addresses that cannot be one, and
// tries to reach its service.
#include <arpa/inet.h>
#include <fcntl.h>
#include <locale.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <latchkey/plugin.h>

namespace {

constexpr std::string_view fault = EVIL_FAULT;
constexpr const char* kCode = "4821 0673";  // as the tester writes it in its messages

[[maybe_unused]] const bool is_loaded = [] {
    if (fault == "exits_when_it_is_loaded") ::_exit(3);
    return true;
}();

std::string_view view(const latchkey_bytes_v1& bytes) {
    return {bytes.data, bytes.length};
}

std::string_view option(const latchkey_host_v1& host, const char* name) {
    return view(host.option(host.context, name));
}

void say(latchkey_result_v1& result, std::uint32_t outcome, const std::string& text) {
    result.outcome = outcome;
    const std::size_t length = text.copy(result.for_log, sizeof result.for_log - 1);
    result.for_log[length] = '\0';
}

bool is_possible(std::string_view address) {
    for (const char c : address)
        if (static_cast<unsigned char>(c) < 0x20) return false;
    return true;
}

// What the service answers, or nothing; `wait` in milliseconds, -1: for ever.
std::string ask_service(std::string_view words, int wait) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(443);
    address.sin_addr.s_addr = htonl(0xc0000201);  // 192.0.2.1, of nobody (RFC 5737)
    std::string answer;
    if (fd >= 0 && ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        (void)!::write(fd, words.data(), words.size());
        pollfd readable{fd, POLLIN, 0};
        char buffer[1024];
        ssize_t got = 0;
        do {
            got = ::poll(&readable, 1, wait) == 1 ? ::read(fd, buffer, sizeof buffer) : 0;
            if (got > 0) answer.assign(buffer, static_cast<std::size_t>(got));
        } while (fault == "reads_on_for_ever" && got > 0);  // anew with all the time for each
        if (fault == "crashes_at_a_reset" && got < 0) ::raise(SIGSEGV);
        if (fault == "crashes_at_babble" && answer.starts_with('\xff')) ::raise(SIGSEGV);
    }
    if (fault != "leaks_descriptors") ::close(fd);
    return answer;
}

void change_the_process() {
    if (fault == "prints") std::puts("sending");
    if (fault == "prints_to_standard_error") (void)!::write(STDERR_FILENO, "sending\n", 8);
    if (fault == "handles_a_signal") ::signal(SIGTERM, [](int) {});
    if (fault == "blocks_a_signal") {
        sigset_t some;
        ::sigemptyset(&some);
        ::sigaddset(&some, SIGTERM);
        ::pthread_sigmask(SIG_BLOCK, &some, nullptr);
    }
    if (fault == "sets_umask") ::umask(0);
    if (fault == "changes_directory") (void)!::chdir("/usr/lib");
    if (fault == "sets_the_environment") ::setenv("LANG", "C", 1);
    if (fault == "sets_the_locale") ::setlocale(LC_ALL, "C.UTF-8");
    if (fault == "forks" && ::fork() == 0) ::_exit(0);
    if (fault == "runs_a_program") {
        char name[] = "/usr/bin/true";
        char* const arguments[] = {name, nullptr};
        ::execve(name, arguments, arguments);
    }
    if (fault == "leaks_memory") memset(std::malloc(1024), 1, 1024);
    if (fault == "leaves_a_thread") {
        static bool left = false;
        static int calls = 0;
        if (!left && ++calls > 500) std::thread{[] { ::poll(nullptr, 0, -1); }}.detach();
        left = calls > 500;
    }
}

void end_badly() {
    if (fault == "throws") throw std::runtime_error{"across the border"};
    if (fault == "exits") std::exit(0);
    if (fault == "aborts") std::abort();
    if (fault == "crashes") ::raise(SIGSEGV);
    if (fault == "hangs") ::poll(nullptr, 0, -1);
}

bool delivers_in_disorder(const latchkey_host_v1& host, const latchkey_message_v1& message,
                          latchkey_result_v1& result) {
    const std::string text{view(message.text)};
    if (fault == "sets_no_outcome") return true;
    if (fault == "invents_an_outcome") {
        say(result, 4711, "what is this");
        return true;
    }
    if (fault == "judges_a_message") {
        say(result, LATCHKEY_WRONG, "wrong");
        return true;
    }
    if (fault == "crashes_at_a_long_message" && text.size() > 5000) ::raise(SIGSEGV);
    if (fault == "hangs_at_a_nul" && text.find('\0') != std::string::npos) ::poll(nullptr, 0, -1);
    if (fault == "throws_at_a_strange_address" && view(message.to).find('%') != std::string::npos)
        throw std::runtime_error{"no address"};
    if (fault == "crashes_at_unknown_options" && !option(host, "an_option_that_nobody_has").empty())
        ::raise(SIGSEGV);
    return false;
}

std::string log_text_of(const latchkey_host_v1& host, const latchkey_message_v1& message) {
    if (fault == "logs_the_code") return "could not send " + std::string{view(message.code)};
    if (fault == "logs_the_code_in_groups") return std::string{"could not send "} + kCode;
    if (fault == "logs_the_address") return "could not reach " + std::string{view(message.to)};
    if (fault == "logs_the_secret") host.log(host.context, host.secret(host.context).data);
    if (fault == "logs_a_control_character") return "two\nlines";
    return "nobody there";
}

// Milliseconds that the peer gets.
int patience(const latchkey_host_v1& host) {
    const auto left = static_cast<int>(host.milliseconds_left(host.context));
    if (fault == "waits_for_ever" && left > 0) return -1;
    if (fault == "takes_zero_for_ever" && left == 0) return -1;
    return left;
}

void deliver(const latchkey_host_v1* host, const latchkey_message_v1* message,
             latchkey_result_v1* result) {
    change_the_process();
    end_badly();
    if (delivers_in_disorder(*host, *message, *result)) return;
    if (option(*host, "service").empty() && fault == "crashes_unconfigured") ::raise(SIGSEGV);
    if (option(*host, "service").empty() && fault == "accepts_unconfigured")
        return say(*result, LATCHKEY_ACCEPTED, "");
    if (option(*host, "service").empty())
        return say(*result, LATCHKEY_MISCONFIGURED, "option service is not set");
    const bool has_line_end = view(message->to).find('\r') != std::string_view::npos;
    if (fault == "takes_a_line_end" && has_line_end) return say(*result, LATCHKEY_ACCEPTED, "");
    if (!(fault == "forwards_a_line_end" && has_line_end) && !is_possible(view(message->to)))
        return say(*result, LATCHKEY_PERMANENT, "the address holds a control character");
    const std::string answer =
        ask_service("POST / HTTP/1.0\r\nTo: " + std::string{view(message->to)} + "\r\n\r\n" +
                        std::string{view(message->text)},
                    patience(*host));
    say(*result, LATCHKEY_TEMPORARY, log_text_of(*host, *message));
    if (fault == "repeats_the_service" && answer.find(kCode) != std::string::npos)
        say(*result, LATCHKEY_TEMPORARY, "it said " + std::string{kCode});
    if (fault == "ends_no_log_text") memset(result->for_log, 'x', sizeof result->for_log);
}

void probe(const latchkey_host_v1* host, latchkey_result_v1* result) {
    const auto left = static_cast<int>(host->milliseconds_left(host->context));
    (void)ask_service("", fault == "probes_for_ever" && left > 0 ? -1 : left);
    say(*result, LATCHKEY_TEMPORARY, "nobody there");
}

// Of another kind.
[[maybe_unused]] void verify(const latchkey_host_v1*, const latchkey_question_v1*,
                             latchkey_result_v1*) {}

constexpr latchkey_plugin_table_v1 table{
    fault == "has_a_short_table" ? 16U : std::uint32_t{sizeof(latchkey_plugin_table_v1)},
    fault == "is_of_another_abi" ? LATCHKEY_ABI + 1 : LATCHKEY_ABI,
    fault == "is_of_an_unknown_kind" ? 4711U : std::uint32_t{LATCHKEY_DELIVERY},
    0,
    fault == "has_no_version"       ? nullptr
    : fault == "has_a_long_version" ? "a version that is a sentence on its own and goes on and on"
                                      " until nobody reads it any more"
                                    : "1.0",
    fault == "has_no_function" ? nullptr : &deliver,
    fault == "has_two_functions" ? &verify : nullptr,
    &probe};

}  // namespace

extern "C" {
#ifdef EVIL_EXPORTS_NOTHING
__attribute__((
    visibility("default"))) extern const latchkey_plugin_table_v1* const latchkey_plugin_v2;
const latchkey_plugin_table_v1* const latchkey_plugin_v2 = &table;
#else
LATCHKEY_EXPORT = fault == "has_no_table" ? nullptr : &table;
#endif
#ifdef EVIL_EXPORTS_MORE
__attribute__((visibility("default"))) void one_more_symbol() {}
#endif
}

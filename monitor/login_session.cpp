// SPDX-License-Identifier: MIT
#include "monitor/login_session.hpp"

#include <arpa/inet.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "config/settings_reader.hpp"
#include "core/printable.hpp"
#include "monitor/keys.hpp"
#include "monitor/paths.hpp"

namespace latchkey {

namespace {

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "this host";
    return name.data();
}

std::string text_of(int family, const void* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    return ::inet_ntop(family, address, text.data(), text.size()) != nullptr ? text.data()
                                                                             : "unknown";
}

}  // namespace

Surface surface_of(const wire::LoginHello& hello) {
    return hello.rhost.empty() && hello.service != "sshd" ? Surface::Console : Surface::Remote;
}

std::string source_of(const wire::LoginHello& hello) {
    if (surface_of(hello) == Surface::Console) {
        const std::string tty = hello.tty.starts_with("/dev/") ? hello.tty.substr(5) : hello.tty;
        return "console:" + escaped(tty.substr(0, 64));
    }
    in_addr v4{};
    if (::inet_pton(AF_INET, hello.rhost.c_str(), &v4) == 1) return text_of(AF_INET, &v4);
    in6_addr v6{};
    if (::inet_pton(AF_INET6, hello.rhost.c_str(), &v6) != 1) return "unknown";
    if (IN6_IS_ADDR_V4MAPPED(&v6)) return text_of(AF_INET, &v6.s6_addr[12]);
    std::fill(std::begin(v6.s6_addr) + 8, std::end(v6.s6_addr), std::uint8_t{0});
    return text_of(AF_INET6, &v6) + "/64";
}

std::uint32_t LoginSession::gates_needed() const {
    const std::uint32_t of_surface =
        surface == Surface::Console ? settings.gates.console : settings.gates.remote;
    return account && privileged ? std::max(of_surface, settings.gates.privileged) : of_surface;
}

Result<LoginSession> begin_session(wire::LoginHello hello,
                                   std::chrono::steady_clock::time_point answered_at,
                                   TimePoint now) {
    auto settings = read_settings(paths::kSettings, paths::kSettingsDirectory);
    if (!settings) return std::move(settings).error();
    auto key = read_master_key(paths::kMasterKey);
    if (!key) return std::move(key).error();

    LoginSession session;
    session.settings = std::move(*settings);
    session.master_key = std::move(*key);
    session.host_name = host_name();
    session.surface = surface_of(hello);
    session.source = source_of(hello);
    session.account = find_local_account(hello.user);
    const HostAccountRules rules = read_host_account_rules();  // for every name, as all look-ups
    if (session.account) session.why_not = why_not_eligible(*session.account, rules, now);
    session.eligible = session.account && session.why_not.empty();
    session.privileged = named_can_become_root(session.account, hello.user, session.settings);
    session.subject =
        session.account ? subject_of(*session.account) : bucket_of(hello.user, session.master_key);
    session.grid = ReplyGrid{session.settings.reply_grid,
                             reply_jitter(session.master_key, hello.user), answered_at};
    session.hello = std::move(hello);
    return session;
}

bool still_eligible(const LoginSession& session, TimePoint now) {
    if (!session.eligible || !session.account) return false;
    const auto account = find_local_account(session.account->name);
    return account && is_unchanged(*session.account, *account) &&
           is_eligible(*account, read_host_account_rules(), now);
}

}  // namespace latchkey

// SPDX-License-Identifier: MIT
//
// bench_many_accounts fill STORE COUNT: a store with so many accounts, each with an address and an
// authenticator app.
// bench_many_accounts check STORE NUMBER PLUGIN [CODE]: looks the account with that number up and
// checks one code of its app by that plugin, as core/recovery_judging.cpp does; without CODE the
// one that is right. scripts/bench counts the instructions of `check` with callgrind. Prints
// whether it was right, and the bytes that were handed to writing calls.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include <array>
#include <fstream>
#include <string>
#include <vector>

#include <latchkey/plugin.h>
#include <liboath/oath.h>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"
#include "core/limits.hpp"

namespace {

using namespace latchkey;

constexpr TimePoint kNow{std::chrono::seconds{1'800'000'000}};
constexpr TimePoint kEnrolled = kNow - std::chrono::days{30};
constexpr std::size_t kAtOnce = 50'000;
constexpr std::uint32_t kWindow = 1;

[[noreturn]] void give_up(const std::string& what) {
    fprintf(stderr, "%s\n", what.c_str());
    exit(1);
}

template <class T>
T must(Result<T> result) {
    if (!result) give_up(result.error().detail);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::unique_ptr<Store> opened(const std::string& path) {
    auto store = SqliteStore::open(path);
    if (!store) give_up(store.error().detail);
    return std::move(*store);
}

// In the order of their numbers, so that the first one and the last one lie at the ends.
SubjectKey subject_of(std::size_t number) {
    std::array<char, 40> text{};
    snprintf(text.data(), text.size(), "%07zu:user%zu", 1'000'000 + number, number);
    return text.data();
}

Secret subkey() {
    return Secret{std::string(Vault::kKeyBytes, 'k')};
}

const std::string kAppKey = "12345678901234567890";

AuditRecord record_of(const SubjectKey& subject) {
    return {kEnrolled, "enrolment", subject, "enrolled by bench"};
}

void add_account(std::vector<Enrolment>& all, const SodiumVault& vault, std::size_t number) {
    const SubjectKey subject = subject_of(number);
    Contact contact{0, "email", "email:example.org", "", kEnrolled, kEnrolled};
    contact.sealed_address = vault.seal(subkey(), contact_binding(subject, contact),
                                        "user" + std::to_string(number) + "@example.org");
    Authenticator app{"", 0, kEnrolled, "totp", kEnrolled};
    app.sealed_key = vault.seal(subkey(), authenticator_binding(subject, app), kAppKey);
    all.push_back({subject, contact, record_of(subject)});
    all.push_back({subject, app, record_of(subject)});
}

int fill(const std::string& path, std::size_t count) {
    const SodiumVault vault;
    for (std::size_t first = 0; first < count; first += kAtOnce) {
        std::vector<Enrolment> all;
        for (std::size_t i = first; i < std::min(count, first + kAtOnce); ++i)
            add_account(all, vault, i);
        must(opened(path)->enrol_all(all, {}));
    }
    return 0;
}

// --- a check -------------------------------------------------------------------------

latchkey_bytes_v1 nothing_set(void*, const char*) {
    return {nullptr, 0};
}
latchkey_bytes_v1 no_secret(void*) {
    return {"", 0};
}
void no_log(void*, const char*) {}
std::uint32_t enough_time(void*) {
    return 10'000;
}

const latchkey_plugin_table_v1& table_of(const std::string& plugin) {
    void* const library = ::dlopen(plugin.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) give_up(::dlerror());
    const void* symbol = ::dlsym(library, LATCHKEY_SYMBOL);
    if (symbol == nullptr) give_up(plugin + " is no plugin");
    return **static_cast<const latchkey_plugin_table_v1* const*>(symbol);
}

std::string code_of_app() {
    std::array<char, 7> otp{};
    if (oath_totp_generate(kAppKey.data(), kAppKey.size(), kNow.time_since_epoch().count(),
                           OATH_TOTP_DEFAULT_TIME_STEP_SIZE, OATH_TOTP_DEFAULT_START_TIME, 6,
                           otp.data()) != OATH_OK)
        give_up("liboath makes no code");
    return otp.data();
}

// The step that matches, or 0.
std::uint64_t ask(const latchkey_plugin_table_v1& plugin, const Secret& key, const std::string& otp,
                  std::uint64_t last_step) {
    const latchkey_host_v1 host{sizeof host, LATCHKEY_ABI, nullptr,     &nothing_set,
                                &no_secret,  &no_log,      &enough_time};
    const std::string_view bytes = key.reveal();
    latchkey_question_v1 question{};
    question.size = sizeof question;
    question.abi = LATCHKEY_ABI;
    question.key = {bytes.data(), bytes.size()};
    question.answer = {otp.data(), otp.size()};
    question.now = static_cast<std::uint64_t>(kNow.time_since_epoch().count());
    question.last_step = last_step;
    question.window = kWindow;
    latchkey_result_v1 result{};
    result.size = sizeof result;
    result.abi = LATCHKEY_ABI;
    plugin.verify(&host, &question, &result);
    return result.outcome == LATCHKEY_ACCEPTED ? result.matched_step : 0;
}

struct Login {
    Store& store;
    const SodiumVault& vault;
    const latchkey_plugin_table_v1& plugin;
    SubjectKey subject;
    RecoveryId recovery = 0;
    std::string otp;
};

std::uint64_t written_so_far() {
    std::ifstream io{"/proc/self/io"};
    for (std::string line; std::getline(io, line);)
        if (line.starts_with("wchar: ")) return std::stoull(line.substr(7));
    give_up("/proc/self/io tells nothing");
}

}  // namespace

// Named for callgrind's --toggle-collect; not inlined for the same reason.
extern "C" __attribute__((noinline, visibility("default"))) bool check(void* given) {
    const Login& login = *static_cast<const Login*>(given);
    const auto addresses = must(login.store.contacts(login.subject));
    const auto apps = must(login.store.authenticators(login.subject));
    const bool is_known = !addresses.empty() && !apps.empty();
    const Attempt attempt{is_known ? login.subject : stranger_of(login.subject), "console:tty1",
                          AttemptKind::Otp, "totp", login.recovery};
    const Charge charge =
        must(login.store.charge_attempt(attempt, limits_for(AttemptKind::Otp, {}), kNow));
    if (!charge.allowed) give_up("a limit was reached");
    // Nobody's key where there is none, as a decoy does.
    const Secret key =
        is_known ? must(login.vault.unseal(subkey(), authenticator_binding(login.subject, apps[0]),
                                           apps[0].sealed_key))
                 : login.vault.derive(subkey(), "nobody's app");
    const std::uint64_t step = ask(login.plugin, key, login.otp, is_known ? apps[0].last_step : 0);
    if (step == 0 || !is_known) {
        must(login.store.settle_attempt(charge.id, AttemptResult::Wrong));
        return false;
    }
    return must(login.store.settle_otp(charge.id, login.recovery,
                                       {login.subject, step, apps[0].sealed_key},
                                       {"app", kNow, {}})) == Verdict::Right;
}

namespace {

int check_account(const std::string& path, const std::string& number, const std::string& plugin,
                  const std::string& otp) {
    const SodiumVault vault;
    const auto store = opened(path);
    const SubjectKey subject = subject_of(std::stoull(number));
    const NewRecovery recovery{
        subject, true, Reason::ForgotPassword,         "login", "console:tty1",
        1,       kNow, kNow + std::chrono::minutes{15}};
    Login login{*store, vault, table_of(plugin), subject, 0, otp};
    login.recovery = must(store->start_recovery(recovery, "bench", {})).id;
    const std::uint64_t before = written_so_far();
    const bool is_right = check(&login);
    printf("%s %llu\n", is_right ? "right" : "wrong",
           static_cast<unsigned long long>(written_so_far() - before));
    return 0;
}

}  // namespace

int main(int argc, char* argv[]) {
    const std::string verb = argc > 1 ? argv[1] : "";
    if (verb == "fill" && argc == 4) return fill(argv[2], std::stoull(argv[3]));
    if (verb == "check" && argc == 5)
        return check_account(argv[2], argv[3], argv[4], code_of_app());
    if (verb == "check" && argc == 6) return check_account(argv[2], argv[3], argv[4], argv[5]);
    return 2;
}

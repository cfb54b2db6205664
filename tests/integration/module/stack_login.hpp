// SPDX-License-Identifier: MIT
//
// One login through real libpam on a stack of the test's own.
#pragma once

#include <security/pam_appl.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include "tests/integration/module/stack_tables.hpp"

namespace latchkey {

inline constexpr const char* kPlace = "/run/latchkey-test/";
inline constexpr const char* kServices = "/run/latchkey-test/pam";

inline void write_text(const std::string& path, const std::string& text) {
    std::ofstream{path, std::ios::trunc} << text;
}

// Our line and the neighbours' with paths in them.
inline std::string our_line(const std::string& control, const Flow& flow) {
    return control + ' ' + kModules + flow.module + " monitor=" + flow.monitor + flow.arguments;
}
inline std::string with_paths(std::string line) {
    const std::string name = "WITNESS";
    if (const std::size_t at = line.find(name); at != std::string::npos)
        line.replace(at, name.size(), std::string{kModules} + "pam_witness.so");
    return line;
}

// Which of libpam's calls succeeded, and whether a password module said yes.
struct Verdict {
    int authenticate = PAM_SYSTEM_ERR;
    int setcred = PAM_SYSTEM_ERR;
    bool password_module_said_yes = false;
};

// A transaction of libpam: open, called in any order, closed.
class Transaction {
public:
    Transaction(Person& person, const std::string& user) {
        conversation_ = {&Person::converse, &person};
        if (pam_start_confdir("login", user.c_str(), &conversation_, kServices, &handle_) !=
            PAM_SUCCESS)
            throw std::runtime_error("pam_start_confdir");
        // Instead of libpam's own waiting after a refusal.
        pam_set_item(handle_, PAM_FAIL_DELAY, reinterpret_cast<const void*>(&do_not_wait));
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction() { pam_end(handle_, PAM_SUCCESS); }

    [[nodiscard]] pam_handle_t* get() const { return handle_; }
    [[nodiscard]] bool password_module_said_yes() const {
        return pam_getenv(handle_, "WITNESS") != nullptr;
    }

private:
    static void do_not_wait(int, unsigned, void*) {}

    pam_conv conversation_{};
    pam_handle_t* handle_ = nullptr;
};

inline Person person_of(const Flow& flow) {
    Person person{flow.answers};
    for (const auto& [step, how] : flow.breaks) person.break_at(step, how);
    return person;
}

// What the flow wants of the host, put back at the end.
class Surroundings {
public:
    explicit Surroundings(const Flow& flow) : flow_(flow) {
        write_text(std::string{kPlace} + "script", flow.script);
        if (!flow.switched_on) change(::rename(kOn, kOff));
        if (!flow.root) change(::seteuid(65534));
    }
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;
    ~Surroundings() {
        if (!flow_.root && ::seteuid(0) != 0) std::abort();
        if (!flow_.switched_on && ::rename(kOff, kOn) != 0) std::abort();
    }

private:
    static constexpr const char* kOn = "/etc/latchkey/enabled";
    static constexpr const char* kOff = "/etc/latchkey/disabled";

    static void change(int result) {
        if (result != 0) throw std::runtime_error("surroundings");
    }
    const Flow& flow_;
};

inline void write_stack(const StackFiles& files, const Flow& flow) {
    std::string before;
    if (!flow.authtok_before.empty())
        before = with_paths("auth optional WITNESS sets=" + flow.authtok_before) + '\n';
    write_text(std::string{kServices} + "/login", before + files.service);
    write_text(kPart, files.included);
}

inline Verdict sign_in(const StackFiles& files, const Flow& flow) {
    write_stack(files, flow);
    Person person = person_of(flow);
    Transaction transaction{person, flow.user};
    const Surroundings surroundings{flow};
    Verdict verdict;
    verdict.authenticate = pam_authenticate(transaction.get(), 0);
    verdict.password_module_said_yes = transaction.password_module_said_yes();
    verdict.setcred = pam_setcred(transaction.get(), PAM_ESTABLISH_CRED);
    return verdict;
}

}  // namespace latchkey

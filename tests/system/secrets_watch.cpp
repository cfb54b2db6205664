// SPDX-License-Identifier: MIT
#include "tests/system/secrets_watch.hpp"

#include <unistd.h>

#include <map>

#include "tests/system/machine.hpp"
#include "tests/system/process_memory.hpp"

namespace latchkey {
namespace {

// The table: what each process may hold of the person whose conversation it is.
// What was typed stands in the program at the prompt and in the monitor that
// relays it; everything else is nowhere.
const std::map<std::string, std::set<std::string>> may_hold{
    {"login program", {"resume code"}},
    {"monitor", {"master key", "resume code"}},
    {"verifier",
     {"subkey", "outbox key", "address", "resume code"}},  // a key is read when it is asked about
    {"delivering monitor", {"master key", "subkey", "outbox key", "gateway password"}},
    {"delivering verifier", {"outbox key", "address", "code"}},
    {"channel host", {"address", "code", "gateway password", "app key"}},
};
const std::set<std::string> may_hold_what_is_typed{"login program", "monitor"};

// The part a process plays; empty if its memory is none of ours.
std::string role_of(const ProcessOnMachine& process) {
    const std::string program = std::filesystem::path(process.program).filename();
    const bool delivers = process.command.find("--deliver") != std::string::npos;
    if (program == "latchkey-monitor") return delivers ? "delivering monitor" : "monitor";
    if (program == "latchkey-verifier") return delivers ? "delivering verifier" : "verifier";
    if (program == "latchkey-channel-host") return "channel host";
    if (program == "sshd" || program == "login") return "login program";
    return {};
}

// The test's own devices know what they are told on their command line.
bool is_a_device_of_the_test(const ProcessOnMachine& process) {
    return process.pid == ::getpid() || process.command.find("mail_server.py") != std::string::npos;
}

}  // namespace

void SecretsWatch::know(const std::string& person, const std::string& kind, std::string_view text) {
    scan_.know(person + '|' + kind, text);
}

void SecretsWatch::begin(const std::string& person) {
    person_ = person;
    typed_.clear();
}

std::set<std::string> SecretsWatch::look(std::string_view bytes, const std::string& place,
                                         const std::string& role) {
    std::set<std::string> misplaced;
    bytes_ += bytes.size();
    for (const Sighting& sighting : scan_.look_in(bytes)) {
        const std::size_t bar = sighting.secret.find('|');
        const std::string person = sighting.secret.substr(0, bar);
        const std::string kind = sighting.secret.substr(bar + 1);
        seen_.insert(place + ": " + kind);
        const auto row = may_hold.find(role);
        const bool in_table = row != may_hold.end() && row->second.count(kind) != 0;
        const bool as_typed = may_hold_what_is_typed.count(role) != 0 && typed_.count(kind) != 0;
        if ((in_table || as_typed) && (person.empty() || person == person_)) continue;
        misplaced.insert(place + ": " + (person.empty() ? "" : person + "'s ") + kind + " (" +
                         sighting.encoding + ')');
    }
    return misplaced;
}

std::set<std::string> SecretsWatch::misplaced_in_processes() {
    std::set<std::string> misplaced;
    for (const ProcessOnMachine& process : processes_on_machine()) {
        if (is_a_device_of_the_test(process)) continue;
        misplaced.merge(look(process.environment, "environment of " + process.program, {}));
        misplaced.merge(look(process.command, "arguments of " + process.program, {}));
        const std::string role = role_of(process);
        if (role.empty()) continue;
        const std::string memory = memory_of(process.pid);
        // What became another program in the meantime is seen as that at the next look.
        if (role_of(process_on_machine(process.pid)) != role) continue;
        ++processes_;
        misplaced.merge(look(memory, role, role));
    }
    return misplaced;
}

std::set<std::string> SecretsWatch::found_in(std::string_view text, const std::string& place) {
    return look(text, place, {});
}

std::set<std::string> SecretsWatch::found_in_files(const std::set<std::string>& directories) {
    std::set<std::string> found;
    for (const std::string& directory : directories) {
        const auto options = std::filesystem::directory_options::skip_permission_denied;
        std::filesystem::recursive_directory_iterator entry(directory, options);
        for (const auto& file : entry) {
            const std::string path = file.path().string();
            if (path == "/run/mail-server") entry.disable_recursion_pending();  // the mailboxes
            // The test's mail server is trusted in it; its dates hold any six digits.
            if (path == "/etc/ssl/certs/ca-certificates.crt") continue;
            if (file.symlink_status().type() != std::filesystem::file_type::regular) continue;
            if (file.last_write_time() >= began_) found.merge(look(file_text(path), path, {}));
        }
    }
    return found;
}

}  // namespace latchkey

// SPDX-License-Identifier: MIT
#include "cli/own_import.hpp"

#include <utility>

#include "cli/import_file.hpp"
#include "cli/import_rows.hpp"
#include "cli/own_change.hpp"
#include "core/own_key.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

constexpr std::size_t kLargestFile = 65'536;  // google-authenticator takes no larger one

struct OwnKey {
    Secret key;                      // raw; empty: it was said on the terminal why there is none
    std::vector<std::string> notes;  // sentences about what was left out
    ExitStatus status = ExitStatus::Ok;
};

OwnKey none(ExitStatus status) {
    OwnKey nothing;
    nothing.status = status;
    return nothing;
}

// Why none of what was read can be the app of one account; empty if one can.
std::string objection_to(const ImportRows& read) {
    if (read.rows.empty())
        return "no line of yours is in it; name a file that has one, or set up a new app: latchkey "
               "enroll totp";
    if (read.rows.size() > 1)
        return std::to_string(read.rows.size()) +
               " lines of yours are in it, and an account has one app; take the others out of a "
               "copy, and import that";
    if (read.rows.front().method != "totp")
        return "its codes are counted (HOTP), and such a token is not taken over; set one up anew: "
               "latchkey enroll hotp";
    return objection_to_key_of(read.rows.front().key.size());
}

ImportRows rows_of(const OwnImportCommand& command, std::string_view text,
                   const std::string& user) {
    return command.format == ImportFormat::Oath ? rows_of_oath(text, user)
                                                : rows_of_google_authenticator(text, {});
}

OwnKey read_own_key(const OwnImportCommand& command, const std::string& file,
                    const UserSurroundings& on) {
    const Terminal& terminal = on.terminal;
    const auto text = read_import_file(file, terminal.in, kLargestFile);
    if (!text) return none(terminal.fail(ExitStatus::Usage, text.error().detail));
    ImportRows read = rows_of(command, text->reveal(), on.user);
    for (const auto& [line, problem] : read.bad.first()) {
        std::string sentence = file;
        sentence.append(", line ").append(std::to_string(line)).append(": ").append(problem);
        terminal.fail(ExitStatus::Negative, sentence);
    }
    if (read.bad.count() > 0) return none(ExitStatus::Negative);
    if (const std::string objection = objection_to(read); !objection.empty())
        return none(terminal.fail(ExitStatus::Negative, file + ": " + objection));
    OwnKey own;
    own.key = std::move(read.rows.front().key);
    own.notes = std::move(read.notes);
    return own;
}

// The enrolment is as safe as the file.
void tell_of_file(const OwnKey& own, const std::string& file, std::ostream& out) {
    for (const std::string& note : own.notes) out << "Note: " << escaped(note) << ".\n";
    out << "The key still lies in " << escaped(file)
        << "; whoever reads it there has your app.\n"
           "Remove the file if nothing else needs it.\n";
}

}  // namespace

ExitStatus run_own_import(const OwnImportCommand& command, const UserSurroundings& on) {
    const std::string file =
        command.file.empty() ? on.home + "/.google_authenticator" : command.file;
    OwnKey own = read_own_key(command, file, on);
    if (own.key.empty()) return own.status;
    UserChangeCommand enroll;
    enroll.wish = ChangeWish::EnrolAuthenticator;
    enroll.method = "totp";
    enroll.output = command.output;
    enroll.key = std::move(own.key);
    const ExitStatus status = run_own_change(enroll, on);
    if (status == ExitStatus::Ok && !command.output.json) tell_of_file(own, file, on.terminal.out);
    return status;
}

}  // namespace latchkey::cli

// SPDX-License-Identifier: MIT
#include "cli/check_sudo.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <sstream>

#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

constexpr int kDeepestInclude = 8;
constexpr uid_t kFirstPerson = 1000;
constexpr std::string_view kBlanks = " \t\r";

constexpr const char* kDigits = "0123456789";

// Users as they are named; groups with a '%' in front.
using Names = std::set<std::string>;

// What sudo's rules come to, as far as they can be read here.
struct Rules {
    Names names;
    std::set<std::string> unread;  // "/etc/sudoers.%h, which check cannot follow"
};

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream{text};
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(std::move(word));
    return words;
}

// Lines without their continuations.
std::vector<std::string> lines_of(std::string text) {
    for (std::size_t at = 0; (at = text.find("\\\n", at)) != std::string::npos;)
        text.replace(at, 2, " ");
    std::istringstream stream{text};
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(std::move(line));
    return lines;
}

// A '#' begins a comment, but a number behind it makes it a uid or, behind a '%', a gid.
std::string without_comment(const std::string& line) {
    std::size_t at = line.find('#');
    while (at != std::string::npos && at + 1 < line.size() &&
           std::string_view{kDigits}.find(line[at + 1]) != std::string_view::npos)
        at = line.find('#', at + 1);
    return line.substr(0, at);
}

// The list that `text` begins with: "ada, %wheel ALL = ..." has two.
void add_list(const std::string& text, Names& names) {
    bool expects = true;  // behind the beginning or a comma
    for (std::size_t at = 0; expects && at < text.size();) {
        const std::size_t begin = text.find_first_not_of(kBlanks, at);
        if (begin == std::string::npos) return;
        // The ':' of "%:group" is part of the name.
        const std::size_t end = std::min(
            text.find_first_of(" \t\r,=:", begin + (text[begin] == '%' ? 2 : 0)), text.size());
        if (end > begin && text[begin] != '!') names.insert(text.substr(begin, end - begin));
        at = text.find_first_not_of(kBlanks, end);
        expects = at != std::string::npos && text[at] == ',';
        if (expects) ++at;
    }
}

// "User_Alias ADMINS = ada, ben : OPS = %ops": every member, whether the alias is used or not.
void add_aliases(const std::string& text, Names& names) {
    for (std::size_t at = text.find('='); at != std::string::npos; at = text.find('=', at + 1))
        add_list(text.substr(at + 1), names);
}

class Sudoers {
public:
    explicit Sudoers(const Host& host) : host_(host) {}

    Rules read() {
        read_file("/etc/sudoers", 0);
        return std::move(rules_);
    }

private:
    void read_file(const std::string& path, int depth) {
        if (depth > kDeepestInclude) return note_unread(path, "which lies too deep");
        const auto text = read_text(host_, path);
        if (text) {
            for (const std::string& line : lines_of(*text)) read_line(line, depth);
        } else if (text.error().kind != ErrorKind::NotFound) {  // of what is absent sudo complains
            note_unread(path, "which cannot be read");
        }
    }

    void read_line(const std::string& line, int depth) {
        const std::vector<std::string> words = words_of(line);
        if (words.empty()) return;
        const std::string& first = words.front();
        if (words.size() > 1 && (first[0] == '#' || first[0] == '@') &&
            (first.substr(1) == "include" || first.substr(1) == "includedir"))
            return follow(first.substr(1), rest_behind(first, line), depth);
        if (first.starts_with("Defaults")) return;
        const std::string rest = without_comment(line);
        if (first == "User_Alias") return add_aliases(rest, rules_.names);
        if (first.ends_with("_Alias")) return;
        add_list(rest, rules_.names);
    }

    static std::string rest_behind(const std::string& word, const std::string& line) {
        const std::size_t begin = line.find_first_not_of(kBlanks, line.find(word) + word.size());
        return line.substr(begin, line.find_last_not_of(kBlanks) + 1 - begin);
    }

    // sudo knows quotation marks, '\\' and "%h" in a path.
    void follow(const std::string& directive, const std::string& path, int depth) {
        if (path.find_first_of("\"\\%") != std::string::npos)
            return note_unread(path, "which check cannot follow");
        const std::string first = words_of(path).front();
        if (directive == "include") return include(first, depth);
        include_all(first, depth);
    }

    void note_unread(const std::string& path, const std::string& why) {
        rules_.unread.insert(escaped(path) + ", " + why);
    }

    static std::string absolute(const std::string& path) {
        return path.starts_with('/') ? path : "/etc/" + path;
    }
    void include(const std::string& path, int depth) { read_file(absolute(path), depth + 1); }
    // As sudo does: no name with a dot in it or a tilde at its end.
    void include_all(const std::string& directory, int depth) {
        for (const std::string& name : names_in(host_, absolute(directory)))
            if (name.find('.') == std::string::npos && !name.ends_with('~'))
                read_file(absolute(directory) + "/" + name, depth + 1);
    }

    const Host& host_;
    Rules rules_;
};

// "permit nopass :wheel as root cmd reboot"
Names named_in_doas(const Host& host) {
    static const std::set<std::string> kOptions{"nopass", "nolog", "persist", "keepenv"};
    Names names;
    const auto text = read_text(host, "/etc/doas.conf");
    for (const std::string& line : text ? lines_of(*text) : std::vector<std::string>{}) {
        const std::vector<std::string> words = words_of(line);
        if (words.empty() || words.front() != "permit") continue;
        auto word = words.begin() + 1;
        while (word != words.end() && (kOptions.count(*word) != 0 || *word == "setenv")) {
            if (*word == "setenv")
                word = std::find_if(word, words.end(),
                                    [](const auto& each) { return each.ends_with('}'); });
            if (word != words.end()) ++word;
        }
        if (word == words.end()) continue;
        names.insert(word->front() == ':' ? "%" + word->substr(1) : *word);
    }
    return names;
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

// Aliases are capitals; their members were named already.
bool is_alias(const std::string& name) {
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// The local account with that uid; empty if there is none.
std::string name_of_uid(const Host& host, const std::string& uid) {
    const auto passwd = read_text(host, "/etc/passwd");
    for (const std::string& row : passwd ? lines_of(*passwd) : std::vector<std::string>{}) {
        const std::size_t end = row.find(':');
        const std::size_t begin = end == std::string::npos ? end : row.find(':', end + 1);
        if (begin == std::string::npos) continue;
        if (row.substr(begin + 1, row.find(':', begin + 1) - begin - 1) == uid)
            return row.substr(0, end);
    }
    return {};
}

// System accounts have no password to recover.
bool is_person(const Host& host, const std::string& name) {
    const auto uid = uid_of(host, name);
    return uid && *uid >= kFirstPerson;
}

// The settings take no other names: one of a netgroup or a gid would switch recovery off.
bool can_be_set(const std::string& name) {
    return name.front() != '-' && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), [](unsigned char c) {
               return c < 0x80 && (std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-');
           });
}

Finding warning_of(const std::string& what, const std::string& mend) {
    return warning("privileged", what, mend);
}

std::optional<Finding> judge_group(const Settings& settings, const std::string& name,
                                   const std::string& where) {
    if (name.empty() || contains(settings.privileged_groups, name)) return std::nullopt;
    const std::string what = where + " names the group " + escaped(name);
    if (!can_be_set(name))
        return warning_of(what + ", which latchkey.toml cannot name", "narrow that rule");
    return warning_of(what + ", whom recovery does not ask for a saved code",
                      "add \"" + name + "\" to privileged_groups in latchkey.toml");
}

std::optional<Finding> judge_user(const Host& host, const Settings& settings,
                                  const std::string& written, const std::string& where) {
    // To name "ALL" in the settings protects nobody.
    if (written == "ALL")
        return warning_of(where +
                              " names ALL, so everybody may become root, and recovery asks nobody "
                              "for a saved code because of it",
                          "name people or groups in that rule instead");
    const std::string name =
        written.front() == '#' ? name_of_uid(host, written.substr(1)) : written;
    if (name.empty() || contains(settings.privileged_users, name) || is_alias(name))
        return std::nullopt;
    const std::string what = where + " names " + escaped(name);
    if (!can_be_set(name))
        return warning_of(what + ", which latchkey.toml cannot name", "narrow that rule");
    if (!is_person(host, name)) return std::nullopt;
    return warning_of(what + ", whom recovery does not ask for a saved code",
                      "add \"" + name + "\" to privileged_users in latchkey.toml");
}

Findings judge(const Host& host, const Settings& settings, const Names& names,
               const std::string& where) {
    Findings findings;
    for (const std::string& name : names) {
        auto finding = name.front() == '%' ? judge_group(settings, name.substr(1), where)
                                           : judge_user(host, settings, name, where);
        if (finding) findings.push_back(std::move(*finding));
    }
    return findings;
}

}  // namespace

Findings check_sudo(const Host& host) {
    const auto settings = host.settings();
    if (!settings) return {};  // said before
    const Rules rules = Sudoers{host}.read();
    Findings findings = judge(host, *settings, rules.names, "sudoers");
    for (const std::string& unread : rules.unread)
        findings.push_back(
            warning_of("sudoers includes " + unread, "look there for people who can become root"));
    for (Finding& finding : judge(host, *settings, named_in_doas(host), "doas.conf"))
        findings.push_back(std::move(finding));
    if (findings.empty())
        findings.push_back(
            ok("privileged", "whom sudo and doas name counts as able to become root"));
    return findings;
}

}  // namespace latchkey::cli

// SPDX-License-Identifier: MIT
#include "cli/check_sudo.hpp"

#include <algorithm>
#include <set>
#include <sstream>

namespace latchkey::cli {

namespace {

constexpr int kDeepestInclude = 8;
constexpr uid_t kFirstPerson = 1000;
constexpr std::string_view kBlanks = " \t\r";

// Users as they are named; groups with a '%' in front.
using Names = std::set<std::string>;

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

    Names read() {
        read_file("/etc/sudoers", 0);
        return std::move(names_);
    }

private:
    void read_file(const std::string& path, int depth) {
        const auto text = read_text(host_, path);
        if (!text || depth > kDeepestInclude) return;
        for (const std::string& line : lines_of(*text)) read_line(line, depth);
    }

    void read_line(const std::string& line, int depth) {
        const std::vector<std::string> words = words_of(line);
        if (words.empty()) return;
        const std::string& first = words.front();
        const bool includes = words.size() > 1 && (first[0] == '#' || first[0] == '@');
        if (includes && first.substr(1) == "include") return include(words[1], depth);
        if (includes && first.substr(1) == "includedir") return include_all(words[1], depth);
        const bool is_uid =
            first.size() > 1 && first[0] == '#' && first[1] >= '0' && first[1] <= '9';
        if ((first[0] == '#' && !is_uid) || first.starts_with("Defaults")) return;
        const std::string rest = line.substr(0, is_uid ? line.size() : line.find('#'));
        if (first == "User_Alias") return add_aliases(rest, names_);
        if (first.ends_with("_Alias")) return;
        add_list(rest, names_);
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
    Names names_;
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

// Aliases are capitals; their members were named already. "ALL" is everybody.
bool is_alias(const std::string& name) {
    return name != "ALL" && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
           });
}

// System accounts have no password to recover.
bool is_person(const Host& host, const std::string& name) {
    const auto uid = uid_of(host, name);
    return name == "ALL" || name.front() == '#' || name.front() == '+' ||
           (uid && *uid >= kFirstPerson);
}

Findings judge(const Host& host, const Settings& settings, const Names& names,
               const std::string& where) {
    Findings findings;
    for (const std::string& name : names) {
        const bool is_group = name.front() == '%';
        const std::string bare = is_group ? name.substr(1) : name;
        if (contains(is_group ? settings.privileged_groups : settings.privileged_users, bare) ||
            (!is_group && (is_alias(bare) || !is_person(host, bare))))
            continue;
        std::string what = where;
        what.append(is_group ? " names the group " : " names ").append(bare);
        what.append(", whom recovery does not ask for a saved code");
        std::string mend = "add \"";
        mend.append(bare).append(is_group ? "\" to privileged_groups" : "\" to privileged_users");
        findings.push_back(warning("privileged", what, mend + " in latchkey.toml"));
    }
    return findings;
}

}  // namespace

Findings check_sudo(const Host& host) {
    const auto settings = host.settings();
    if (!settings) return {};  // said before
    Findings findings = judge(host, *settings, Sudoers{host}.read(), "sudoers");
    for (Finding& finding : judge(host, *settings, named_in_doas(host), "doas.conf"))
        findings.push_back(std::move(finding));
    if (findings.empty())
        findings.push_back(
            ok("privileged", "whom sudo and doas name counts as able to become root"));
    return findings;
}

}  // namespace latchkey::cli

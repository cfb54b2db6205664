// SPDX-License-Identifier: MIT
#include "cli/pam_stack.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

namespace latchkey::cli {

namespace {

constexpr int kDeepestInclude = 32;  // libpam's own limit
// Of one service. Two files that include each other twice would be read 2^32 times.
constexpr int kMostFiles = 1000;

struct LogicalLine {
    std::string text;
    std::size_t number = 0;  // of its first line
};

bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

std::string lower(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return result;
}

// Joins continued lines and cuts comments.
std::vector<LogicalLine> logical_lines(std::string_view content) {
    std::vector<LogicalLine> lines;
    std::size_t number = 0;
    bool continues = false;
    while (!content.empty()) {
        const std::size_t end = std::min(content.find('\n'), content.size());
        std::string_view line = content.substr(0, end);
        content.remove_prefix(std::min(end + 1, content.size()));
        ++number;
        line = line.substr(0, line.find('#'));
        while (!line.empty() && blank(line.back())) line.remove_suffix(1);
        const bool more = !line.empty() && line.back() == '\\';
        if (more) line.remove_suffix(1);
        if (!continues) lines.push_back({{}, number});
        lines.back().text.append(line).append(1, ' ');
        continues = more;
    }
    return lines;
}

// Words of a line; "[a b=c]" is one word and keeps its brackets, "\]" stands for "]".
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::size_t at = 0;
    while (at < text.size()) {
        if (blank(text[at])) {
            ++at;
            continue;
        }
        const bool bracketed = text[at] == '[';
        std::string word;
        while (at < text.size() && (bracketed || !blank(text[at]))) {
            if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == ']') {
                ++at;
            } else if (bracketed && text[at] == ']') {
                word += text[at++];
                break;
            }
            word += text[at++];
        }
        words.push_back(std::move(word));
    }
    return words;
}

bool is_group(std::string_view word) {
    return word == "auth" || word == "account" || word == "password" || word == "session";
}

// An argument in brackets is passed to the module without them.
std::string without_brackets(std::string word) {
    if (word.size() >= 2 && word.front() == '[' && word.back() == ']') {
        return word.substr(1, word.size() - 2);
    }
    return word;
}

class Reader {
public:
    Reader(const PamFileReader& read, std::string_view group) : read_(read), group_(group) {}

    void read_file(const std::string& file, int depth) {
        if (++files_ > kMostFiles) {
            if (files_ == kMostFiles + 1) stack_.faults.push_back(file + ": too many includes");
            return;
        }
        if (depth > kDeepestInclude) {
            stack_.faults.push_back(file + ": included too deeply");
            return;
        }
        const auto content = read_(file);
        if (!content) {
            stack_.faults.push_back(file + ": no such file");
            return;
        }
        for (const LogicalLine& line : logical_lines(*content)) read_line(file, line, depth);
    }

    PamStack take() && { return std::move(stack_); }

private:
    void read_line(const std::string& file, const LogicalLine& line, int depth) {
        std::vector<std::string> words = words_of(line.text);
        if (words.empty()) return;
        if (words.front() == "@include") {
            if (words.size() > 1) return read_file(file_name(words[1]), depth + 1);
            return fault(file, line, "@include without a name");
        }
        PamLine parsed;
        parsed.may_be_missing = words.front().front() == '-';
        parsed.group = lower(words.front().substr(parsed.may_be_missing ? 1 : 0));
        if (!is_group(parsed.group)) return fault(file, line, "no management group");
        if (parsed.group != group_) return;
        if (words.size() < 3) return fault(file, line, "no module");
        parsed.control = lower(words[1]);
        if (parsed.control == "include" || parsed.control == "substack") {
            return read_file(file_name(words[2]), depth + 1);
        }
        parsed.module = words[2];
        for (std::size_t i = 3; i < words.size(); ++i) {
            parsed.arguments.push_back(without_brackets(std::move(words[i])));
        }
        parsed.file = file;
        parsed.line = line.number;
        stack_.lines.push_back(std::move(parsed));
    }

    // An absolute path is named by its last part when it lies in pam.d.
    static std::string file_name(const std::string& word) {
        constexpr std::string_view kDirectory = "/etc/pam.d/";
        return word.starts_with(kDirectory) ? word.substr(kDirectory.size()) : word;
    }

    void fault(const std::string& file, const LogicalLine& line, const char* what) {
        stack_.faults.push_back(file + ":" + std::to_string(line.number) + ": " + what);
    }

    const PamFileReader& read_;
    std::string_view group_;
    PamStack stack_;
    int files_ = 0;
};

struct NamedControl {
    std::string_view name;
    std::string_view list;
};
constexpr std::array kNamedControls{
    NamedControl{"required", "[success=ok new_authtok_reqd=ok ignore=ignore default=bad]"},
    NamedControl{"requisite", "[success=ok new_authtok_reqd=ok ignore=ignore default=die]"},
    NamedControl{"sufficient", "[success=done new_authtok_reqd=done default=ignore]"},
    NamedControl{"optional", "[success=ok new_authtok_reqd=ok default=ignore]"},
};

using Actions = std::vector<std::pair<std::string, std::string>>;

constexpr std::array<std::string_view, 33> kCodes{"success",
                                                  "open_err",
                                                  "symbol_err",
                                                  "service_err",
                                                  "system_err",
                                                  "buf_err",
                                                  "perm_denied",
                                                  "auth_err",
                                                  "cred_insufficient",
                                                  "authinfo_unavail",
                                                  "user_unknown",
                                                  "maxtries",
                                                  "new_authtok_reqd",
                                                  "acct_expired",
                                                  "session_err",
                                                  "cred_unavail",
                                                  "cred_expired",
                                                  "cred_err",
                                                  "no_module_data",
                                                  "conv_err",
                                                  "authtok_err",
                                                  "authtok_recover_err",
                                                  "authtok_lock_busy",
                                                  "authtok_disable_aging",
                                                  "try_again",
                                                  "ignore",
                                                  "abort",
                                                  "authtok_expired",
                                                  "module_unknown",
                                                  "bad_item",
                                                  "conv_again",
                                                  "incomplete",
                                                  "default"};
constexpr std::array<std::string_view, 6> kActions{"ignore", "ok", "done", "bad", "die", "reset"};

// Takes blanks, and the first of `words` that `text` begins with, off `text`; empty if none.
template <std::size_t N>
std::string_view take_one_of(const std::array<std::string_view, N>& words, std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r"), text.size()));
    for (const std::string_view word : words) {
        if (!text.starts_with(word)) continue;
        text.remove_prefix(word.size());
        return word;
    }
    return {};
}

// The digits of a jump, without which there is none.
std::string_view take_jump(std::string_view& text) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::string_view digits = text.substr(0, end);
    text.remove_prefix(end);
    return digits.find_first_not_of('0') == std::string_view::npos ? std::string_view{} : digits;
}

// As libpam reads a list: blanks may stand around "=", nothing need stand between
// two words, and with one word it does not know, every result is bad.
Actions actions_of(const PamLine& line) {
    std::string_view list = line.control;
    for (const NamedControl& named : kNamedControls) {
        if (line.control == named.name) list = named.list;
    }
    if (list.size() >= 2 && list.front() == '[') list = list.substr(1, list.size() - 2);
    Actions actions;
    while (list.find_first_not_of(" \t\r") != std::string_view::npos) {
        const std::string_view code = take_one_of(kCodes, list);
        constexpr std::array<std::string_view, 1> kEquals{"="};
        if (code.empty() || take_one_of(kEquals, list).empty()) return {};
        std::string_view action = take_one_of(kActions, list);
        if (action.empty()) action = take_jump(list);
        if (action.empty()) return {};
        actions.emplace_back(code, action);
    }
    return actions;
}

}  // namespace

std::string PamLine::name() const {
    const std::size_t slash = module.rfind('/');
    return slash == std::string::npos ? module : module.substr(slash + 1);
}

bool PamLine::has_argument(std::string_view argument) const {
    return std::find(arguments.begin(), arguments.end(), argument) != arguments.end();
}

std::optional<std::string> PamLine::argument_value(std::string_view key) const {
    for (const std::string& argument : arguments) {
        if (argument.size() > key.size() && argument.starts_with(key) &&
            argument[key.size()] == '=') {
            return argument.substr(key.size() + 1);
        }
    }
    return std::nullopt;
}

PamStack read_pam_stack(const PamFileReader& read, const std::string& service,
                        std::string_view group) {
    Reader reader{read, group};
    reader.read_file(service, 0);
    return std::move(reader).take();
}

std::string action_on(const PamLine& line, std::string_view code) {
    std::string result;
    for (const auto& [name, action] : actions_of(line)) {
        // A default is for what has no action where it stands; a code named again counts again.
        if (name == code || (name == "default" && result.empty())) result = action;
    }
    return result.empty() ? "bad" : result;  // libpam's own for a list without a default
}

std::size_t longest_jump(const PamLine& line) {
    std::size_t longest = 0;
    for (const auto& [name, action] : actions_of(line)) {
        std::size_t jump = 0;
        const auto* const end = action.data() + action.size();
        if (std::from_chars(action.data(), end, jump).ptr == end) longest = std::max(longest, jump);
    }
    return longest;
}

}  // namespace latchkey::cli

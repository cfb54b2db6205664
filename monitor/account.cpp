// SPDX-License-Identifier: MIT
#include "monitor/account.hpp"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <string.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <memory>
#include <sstream>

#include "adapters/system/unique_fd.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLongestName = 256;
constexpr std::size_t kLongestRow = 65536;

// A row file with buffers of our own, because it may be shadow: what stdio
// allocates is freed unerased.
class RowFile {
public:
    explicit RowFile(const std::string& path) : file_(::fopen(path.c_str(), "re")) {
        if (file_ != nullptr) ::setvbuf(file_, stdio_.data(), _IOFBF, stdio_.size());
    }
    RowFile(const RowFile&) = delete;
    RowFile& operator=(const RowFile&) = delete;
    ~RowFile() {
        if (file_ != nullptr) ::fclose(file_);
        explicit_bzero(stdio_.data(), stdio_.size());
        explicit_bzero(row_.data(), row_.size());
    }

    // Calls `use` with every row; false if the file could not be read to its end.
    // `next` is fgetpwent_r or fgetspent_r, `Row` what it fills.
    template <typename Row, typename Next, typename Use>
    [[nodiscard]] bool for_each(Next next, Use use) {
        if (file_ == nullptr) return false;
        for (;;) {
            Row row{};
            Row* found = nullptr;
            const int status = next(file_, &row, row_.data(), row_.size(), &found);
            // Too long for the buffer: glibc has gone back to where the row begins.
            if (status == ERANGE && grow()) continue;
            if (status == ENOENT) return ::ferror(file_) == 0;
            if (status != 0 || found == nullptr) return false;
            use(row);
        }
    }

private:
    bool grow() {
        if (row_.size() >= kLongestRow) return false;
        explicit_bzero(row_.data(), row_.size());
        row_ = std::vector<char>(row_.size() * 4);
        return true;
    }

    FILE* file_;
    std::vector<char> stdio_ = std::vector<char>(4096);
    std::vector<char> row_ = std::vector<char>(1024);
};

std::string text_or_empty(const char* text) {
    return text == nullptr ? std::string{} : std::string{text};
}

// The only row of that name.
std::optional<Account> find_passwd_row(const std::string& name, const std::string& path) {
    Account account;
    int rows = 0;
    bool in_shadow = false;
    RowFile file{path};
    const bool complete = file.for_each<passwd>(::fgetpwent_r, [&](const passwd& row) {
        if (name != row.pw_name) return;
        ++rows;
        account.name = row.pw_name;
        account.uid = row.pw_uid;
        account.gid = row.pw_gid;
        account.home = text_or_empty(row.pw_dir);
        account.shell = text_or_empty(row.pw_shell);
        in_shadow = row.pw_passwd != nullptr && std::string_view{row.pw_passwd} == "x";
    });
    if (!complete || rows != 1 || !in_shadow) return std::nullopt;
    return account;
}

std::optional<ShadowRow> find_shadow_row(const std::string& name, const std::string& path) {
    ShadowRow found;
    int rows = 0;
    RowFile file{path};
    const bool complete = file.for_each<spwd>(::fgetspent_r, [&](const spwd& row) {
        if (name != row.sp_namp) return;
        ++rows;
        found.password = Secret{row.sp_pwdp == nullptr ? "" : row.sp_pwdp};
        found.last_change = row.sp_lstchg;
        found.min_age = row.sp_min;
        found.max_age = row.sp_max;
        found.inactive = row.sp_inact;
        found.expire = row.sp_expire;
    });
    if (!complete || rows != 1) return std::nullopt;
    return found;
}

// How many rows of shadow each name has; nothing if not all of it could be read.
std::optional<std::unordered_map<std::string, int>> shadow_rows(const std::string& path) {
    std::unordered_map<std::string, int> rows;
    RowFile file{path};
    if (!file.for_each<spwd>(::fgetspent_r, [&](const spwd& row) { ++rows[row.sp_namp]; }))
        return std::nullopt;
    return rows;
}

// "UID_MIN  1000": numbers as shadow's own programs read them, so octal and
// hexadecimal as well.
std::optional<uid_t> login_defs_number(const std::string& text) {
    errno = 0;
    char* end = nullptr;
    const unsigned long value = ::strtoul(text.c_str(), &end, 0);
    if (errno != 0 || text.empty() || *end != '\0' || value > 0xfffffffeUL) return std::nullopt;
    return static_cast<uid_t>(value);
}

}  // namespace

HostAccountRules read_host_account_rules(const HostFiles& files) {
    HostAccountRules rules;
    std::ifstream login_defs{files.login_defs};
    for (std::string line; std::getline(login_defs, line);) {
        if (line.find("UID_M") == line.npos) continue;  // most of a long file, at every start
        std::istringstream words{line};
        std::string key;
        std::string value;
        words >> key >> value;
        if (key == "UID_MIN") rules.uid_min = login_defs_number(value).value_or(rules.uid_min);
        if (key == "UID_MAX") rules.uid_max = login_defs_number(value).value_or(rules.uid_max);
    }
    std::ifstream shells{files.shells};
    for (std::string line; std::getline(shells, line);) {
        line.erase(std::find(line.begin(), line.end(), '#'), line.end());
        std::istringstream words{line};
        std::string shell;
        words >> shell;
        if (shell.starts_with('/')) rules.shells.push_back(shell);
    }
    return rules;
}

bool can_be_a_name(const std::string& name) {
    if (name.empty() || name.size() > kLongestName) return false;
    // '+' and '-' begin the include lines of NIS.
    if (name.front() == '+' || name.front() == '-') return false;
    return std::none_of(name.begin(), name.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f || c == '/' || c == ':';
    });
}

std::optional<Account> find_local_account(const std::string& name, const HostFiles& files) {
    const bool possible = can_be_a_name(name);
    // An impossible name is looked up as well: it must not be told by its time.
    const std::string wanted = possible ? name : std::string{};
    auto account = find_passwd_row(wanted, files.passwd);
    auto shadow = find_shadow_row(wanted, files.shadow);
    if (!possible || !account || !shadow) return std::nullopt;
    account->shadow = std::move(*shadow);
    return account;
}

std::unordered_map<std::string, uid_t> local_accounts(const HostFiles& files) {
    std::unordered_map<std::string, uid_t> accounts;
    std::unordered_map<std::string, int> rows;
    RowFile file{files.passwd};
    const bool complete = file.for_each<passwd>(::fgetpwent_r, [&](const passwd& row) {
        if (++rows[row.pw_name] == 1 && std::string_view{text_or_empty(row.pw_passwd)} == "x")
            accounts.emplace(row.pw_name, row.pw_uid);
    });
    const auto shadow = shadow_rows(files.shadow);
    if (!complete || !shadow) return {};
    std::erase_if(accounts, [&](const auto& account) {
        const auto in_shadow = shadow->find(account.first);
        return rows[account.first] != 1 || !can_be_a_name(account.first) ||
               in_shadow == shadow->end() || in_shadow->second != 1;
    });
    return accounts;
}

bool is_unchanged(const Account& then, const Account& now) {
    const ShadowRow& a = then.shadow;
    const ShadowRow& b = now.shadow;
    return then.name == now.name && then.uid == now.uid && then.gid == now.gid &&
           then.home == now.home && then.shell == now.shell &&
           a.password.reveal() == b.password.reveal() && a.last_change == b.last_change &&
           a.min_age == b.min_age && a.max_age == b.max_age && a.inactive == b.inactive &&
           a.expire == b.expire;
}

SubjectKey subject_of(const Account& account) {
    return std::to_string(account.uid) + ":" + account.name;
}

}  // namespace latchkey

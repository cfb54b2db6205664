// SPDX-License-Identifier: MIT
#include "plugins/common/trusted_path.hpp"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace latchkey::plugin {

namespace {

// As many as the kernel follows.
constexpr int kMostLinks = 40;

bool is_trusted_owner(uid_t owner) {
    struct stat program {};
    return owner == 0 || (::stat("/proc/self/exe", &program) == 0 && owner == program.st_uid);
}

std::optional<std::string> target_of(const std::string& link) {
    std::array<char, PATH_MAX> buffer{};
    const ssize_t length = ::readlink(link.c_str(), buffer.data(), buffer.size());
    if (length <= 0 || static_cast<std::size_t>(length) == buffer.size()) return std::nullopt;
    return std::string{buffer.data(), static_cast<std::size_t>(length)};
}

// Follows a path by itself, so that each step of it is looked at.
class Walk {
public:
    explicit Walk(std::string path) : rest_(std::move(path)) {}

    // `mode` has a bit that the file at its end must have; `otherwise` if that is no such file.
    std::string refusal(mode_t mode, const char* otherwise) {
        if (!rest_.starts_with('/')) return "is no absolute path";
        while (refusal_.empty() && !rest_.empty()) step();
        if (refusal_.empty() && (!S_ISREG(found_.st_mode) || (found_.st_mode & mode) == 0))
            refusal_ = otherwise;
        return refusal_;
    }

private:
    void step() {
        const std::size_t begin = rest_.find_first_not_of('/');
        if (begin == std::string::npos) return rest_.clear();
        const std::size_t end = std::min(rest_.find('/', begin), rest_.size());
        const std::string name = rest_.substr(begin, end - begin);
        rest_.erase(0, end);
        if (name == ".") return;
        if (name == "..") {
            at_.erase(std::min(at_.rfind('/'), at_.size()));
            return;
        }
        const std::string next = at_ + '/' + name;
        if (::lstat(next.c_str(), &found_) != 0) {
            refusal_ = strerrordesc_np(errno);
        } else if (!is_trusted_owner(found_.st_uid)) {
            refusal_ = "does not belong to root, or a directory on the way does not";
        } else if (S_ISLNK(found_.st_mode)) {
            follow(next);
        } else if ((found_.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
            refusal_ = "can be changed by others than root, or a directory on the way can";
        } else {
            at_ = next;
        }
    }

    void follow(const std::string& link) {
        const auto target = target_of(link);
        if (!target || ++links_ > kMostLinks) {
            refusal_ = "leads nowhere";
            return;
        }
        if (target->starts_with('/')) at_.clear();
        rest_ = *target + rest_;
    }

    std::string rest_;
    std::string at_;  // no symbolic link, without a slash at its end
    std::string refusal_;
    struct stat found_ {};
    int links_ = 0;
};

}  // namespace

std::string refusal_of_file(const std::string& path) {
    return Walk{path}.refusal(0444, "is no file that can be read");
}

std::string refusal_of_program(const std::string& path) {
    return Walk{path}.refusal(0111, "is no program");
}

}  // namespace latchkey::plugin

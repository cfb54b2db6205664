// SPDX-License-Identifier: MIT
#include "cli/setup.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "adapters/system/unique_fd.hpp"
#include "cli/check.hpp"
#include "cli/check_files.hpp"
#include "cli/check_pam.hpp"
#include "cli/password_service.hpp"
#include "monitor/paths.hpp"

namespace latchkey::cli {

namespace {

Error failed(const std::string& path) {
    return Error{ErrorKind::Misconfigured, path + ": " + std::strerror(errno)};
}

bool is_as_wanted(const FileFacts& facts, uid_t owner, mode_t mode) {
    return facts.type == FileType::Directory && facts.owner == owner && facts.mode == mode;
}

// True if something was changed.
Result<bool> make_directory(const Host& host, const OwnedDirectory& wanted, bool dry_run) {
    const std::string owner_name = wanted.owner;
    const auto owner =
        owner_name == "root" ? std::optional{host.superuser} : uid_of(host, owner_name);
    if (!owner) return Error{ErrorKind::Misconfigured, "there is no user " + owner_name};
    const auto facts = facts_of(host, wanted.path);
    if (facts && is_as_wanted(*facts, *owner, wanted.mode)) return false;
    if (dry_run) return true;
    const std::string full = host.at(wanted.path);
    if (::mkdir(full.c_str(), 0700) != 0 && errno != EEXIST) return failed(wanted.path);
    const UniqueFd fd{::open(full.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    // The group keeps its own: no mode here allows it anything.
    if (!fd || ::fchown(fd.get(), *owner, static_cast<gid_t>(-1)) != 0 ||
        ::fchmod(fd.get(), wanted.mode) != 0) {
        return failed(wanted.path);
    }
    return true;
}

class Setup {
public:
    Setup(const Host& host, const MonitorCall& monitor, const SendTest& send_test,
          const SetupOptions& options)
        : host_(host), monitor_(monitor), send_test_(send_test), options_(options) {}

    SetupReport run() && {
        if (!is_ready_for_setup()) return std::move(report_);
        const bool prepared = directories() && key() && settings() && service() && profile();
        if (options_.dry_run) {
            step("switch", facts_of(host_, kSwitchPath) ? "kept" : "would do", kSwitchPath);
            report_.status = ExitStatus::Ok;
        } else if (!prepared) {
            report_what_is_left();
        } else if (is_green() && message()) {
            switch_on();
        }
        return std::move(report_);
    }

private:
    void step(std::string name, std::string state, std::string what) {
        report_.steps.push_back({std::move(name), std::move(state), std::move(what)});
    }
    bool fail(const std::string& name, const std::string& why) {
        step(name, "failed", why);
        return false;
    }
    [[nodiscard]] std::string state_of(bool changed) const {
        if (!changed) return "kept";
        return options_.dry_run ? "would do" : "done";
    }

    // What setup cannot mend must be mended before it touches anything.
    bool is_ready_for_setup() {
        // The monitor may fail for want of what the steps below make.
        report_.findings = check_host(host_, monitor_, {options_.allow_file_channel, false});
        return std::none_of(report_.findings.begin(), report_.findings.end(), [](const Finding& f) {
            return f.level == Level::Error && !f.mended_by_setup;
        });
    }

    bool is_green() {
        report_.findings = check_host(host_, monitor_, {options_.allow_file_channel, true});
        return count(report_.findings, Level::Error) == 0;
    }

    // What setup could not do is not mended by running it again.
    void report_what_is_left() {
        (void)is_green();
        for (Finding& finding : report_.findings) {
            if (finding.topic != "pam.profile" || !finding.mended_by_setup) continue;
            finding.mend = std::string("write as the first line of common-auth: ") + kAuthLine;
        }
    }

    bool directories() {
        bool changed = false;
        for (const OwnedDirectory& wanted : owned_directories()) {
            const auto made = make_directory(host_, wanted, options_.dry_run);
            if (!made) return fail("directories", made.error().detail);
            changed = changed || *made;
        }
        step("directories", state_of(changed), "/etc/latchkey, /var/lib/latchkey");
        return true;
    }

    bool key() {
        const bool missing = !facts_of(host_, kKeyPath);
        if (missing && !options_.dry_run) {
            const auto made = host_.make_key(host_.at(kKeyPath));
            if (!made) return fail("key", made.error().detail);
        }
        step("key", state_of(missing), kKeyPath);
        return true;
    }

    bool settings() {
        const auto current = host_.settings();
        if (!current) return fail("settings", current.error().detail);
        const auto before = read_text(host_, kDropInPath);
        const std::string wanted = options_.answers.change_settings()
                                       ? drop_in_text(options_.answers, *current)
                                       : (before ? *before : std::string{});
        const bool changed = wanted != (before ? *before : std::string{});
        if (changed && !options_.dry_run) {
            if (auto put = replace_text(host_, kDropInPath, wanted, 0644); !put) {
                return fail("settings", put.error().detail);
            }
            if (const auto read = host_.settings(); !read) {
                take_back_settings(before);
                return fail("settings", read.error().detail);
            }
        }
        step("settings", state_of(changed), wanted.empty() ? paths::kSettings : kDropInPath);
        return true;
    }

    void take_back_settings(const Result<std::string>& before) {
        if (before) {
            (void)replace_text(host_, kDropInPath, *before, 0644);  // the reader's sentence is told
        } else {
            ::unlink(host_.at(kDropInPath).c_str());
        }
    }

    bool service() {
        const std::string wanted = password_service_text(password_modules(host_));
        const auto now = read_text(host_, kPasswordServicePath);
        const bool changed = !now || *now != wanted;
        if (changed && !options_.dry_run) {
            if (auto put = replace_text(host_, kPasswordServicePath, wanted, 0644); !put) {
                return fail("service", put.error().detail);
            }
        }
        step("service", state_of(changed), kPasswordServicePath);
        return true;
    }

    [[nodiscard]] bool stands_somewhere() const {
        const auto stacks = served_stacks(host_);
        return std::any_of(stacks.begin(), stacks.end(), [](const ServiceStack& stack) {
            return place_of_latchkey(stack.auth) < stack.auth.lines.size();
        });
    }

    bool profile() {
        const bool missing = !stands_somewhere();
        if (missing && !options_.dry_run) {
            const auto ran = host_.run({"/usr/sbin/pam-auth-update", "--enable", "latchkey"});
            if (!ran || ran->exit_status != 0) {
                return fail("profile",
                            ran ? "pam-auth-update failed: " + ran->errors : ran.error().detail);
            }
            // It ends with status 0 as well when it leaves an edited file alone.
            if (!stands_somewhere()) {
                return fail(
                    "profile",
                    std::string("pam-auth-update left /etc/pam.d/common-auth alone, because "
                                "it was edited by hand; write as its first line: ") +
                        kAuthLine);
            }
        }
        step("profile", state_of(missing), "/etc/pam.d/common-auth");
        return true;
    }

    bool message() {
        const std::string& address = options_.answers.test_address;
        if (address.empty()) {
            step("message", "skipped", "for one: latchkey setup --yes --test ADDRESS");
            return true;
        }
        const auto settings = host_.settings();
        if (!settings) return fail("message", settings.error().detail);
        if (const auto sent = send_test_(*settings, address); !sent) {
            report_.status = ExitStatus::ChannelFailed;
            return fail("message", sent.error().detail);
        }
        step("message", "done", address);
        return true;
    }

    void switch_on() {
        const bool missing = !facts_of(host_, kSwitchPath);
        if (missing) {
            if (auto put = replace_text(host_, kSwitchPath, "", 0644); !put) {
                (void)fail("switch", put.error().detail);
                return;
            }
        }
        step("switch", state_of(missing), kSwitchPath);
        report_.switched_on = true;
        report_.status = ExitStatus::Ok;
        for (Finding& finding : report_.findings) {
            if (finding.topic == "switch") finding = check_switch(host_);
        }
    }

    const Host& host_;
    const MonitorCall& monitor_;
    const SendTest& send_test_;
    const SetupOptions& options_;
    SetupReport report_;
};

}  // namespace

SetupReport set_up(const Host& host, const MonitorCall& monitor, const SendTest& send_test,
                   const SetupOptions& options) {
    return Setup{host, monitor, send_test, options}.run();
}

}  // namespace latchkey::cli

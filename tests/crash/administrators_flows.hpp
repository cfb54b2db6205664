// SPDX-License-Identifier: MIT
//
// What root does with the command, stopped.
#pragma once

#include <string>
#include <vector>

#include "tests/crash/flows.hpp"

namespace latchkey::crash {

class AdministratorsFlow : public Flow {
public:
    // With those that deliver the notices of what is done.
    [[nodiscard]] std::vector<Plan> programs() const override;

protected:
    using Flow::Flow;
    // To the end of the command: it asks for nothing.
    void play(Terminal& terminal, Seen& seen) override;
};

// An administrator enrols an address, an app and saved codes.
class Enrol final : public AdministratorsFlow {
public:
    Enrol();
    [[nodiscard]] std::vector<Plan> programs() const override;

private:
    [[nodiscard]] std::vector<std::string> command() const override;
    void go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) override;
    [[nodiscard]] std::vector<Notice> notices(const Disk& disk) const override;
    // How often ada was told before her second address was there to be told, too.
    int told_alone_ = 0;
};

// An administrator issues a temporary pass.
class IssuePass final : public AdministratorsFlow {
public:
    IssuePass();

private:
    [[nodiscard]] std::vector<std::string> command() const override;
    void play(Terminal& terminal, Seen& seen) override;
    void go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) override;
    [[nodiscard]] std::vector<Notice> notices(const Disk& disk) const override;
};

// An administrator ends a lockout by failed attempts.
class EndLockout final : public AdministratorsFlow {
public:
    EndLockout();

private:
    [[nodiscard]] std::vector<std::string> command() const override;
    void go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) override;
    [[nodiscard]] std::vector<Notice> notices(const Disk& disk) const override;
};

// An administrator imports a second address and another app for ada, and ben's first address.
class Import final : public AdministratorsFlow {
public:
    Import();

private:
    [[nodiscard]] std::vector<std::string> command() const override;
    void go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) override;
    [[nodiscard]] std::vector<Notice> notices(const Disk& disk) const override;
};

}  // namespace latchkey::crash

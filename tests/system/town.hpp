// SPDX-License-Identifier: MIT
//
// Many people of one machine at once, and the states in which a stranger might
// meet their names.
#pragma once

#include <string>
#include <vector>

#include "tests/system/machine.hpp"

namespace latchkey {

class Town {
public:
    // Names of every legal shape, none of which is an account yet. latchkey is set up.
    explicit Town(std::size_t size);

    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
    [[nodiscard]] static std::string address_of(const std::string& name) {
        return name + "@example.org";
    }
    // What a person might type in place of `name`: other case, blanks, a domain.
    [[nodiscard]] static std::vector<std::string> spellings_of(const std::string& name);
    // As many of them of every name, other ones for each.
    [[nodiscard]] std::vector<std::string> spellings(std::size_t of_each) const;

    void move_in();  // local accounts with a password, and nothing enrolled
    void enrol();    // an address each, an app and saved codes some of them
    void lock();     // as `passwd -l` does
    void unlock();
    void move_out();  // no accounts any more

    // Method "email" through a mail server that is not there.
    void lose_the_gateway();
    void get_the_gateway_back();
    // Every limit of an account at its smallest: used up by whatever was done before.
    void throttle();
    void lift_the_throttle();

    Machine machine;

private:
    void mark_passwords(bool locked);

    std::vector<std::string> names_;
    std::string passwd_;
    std::string shadow_;
    std::string group_;
};

}  // namespace latchkey

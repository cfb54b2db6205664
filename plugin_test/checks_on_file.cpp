// SPDX-License-Identifier: MIT
#include <stddef.h>
#include <string.h>

#include <algorithm>
#include <memory>

#include "channel_host/plugin_file.hpp"
#include "channel_host/plugin_table.hpp"
#include "core/printable.hpp"
#include "plugin_test/checks.hpp"
#include "plugin_test/exported_symbols.hpp"

namespace latchkey::plugin_test {

namespace {

constexpr std::size_t kMostNamed = 3;
constexpr std::size_t kLongestVersion = sizeof TableFacts::version - 1;

Verdict name_can_be_configured(const Subject& subject) {
    if (is_plugin_name(subject.name)) return passed();
    return failed("\"" + escaped(subject.name) + "\" cannot stand in a configuration",
                  "use lower-case letters, digits, - and _, and the ending .so");
}

Verdict exports_the_symbol(const Subject& subject) {
    const auto symbols = exported_symbols(subject.file);
    if (!symbols) return failed("it has no table of dynamic symbols", "do not strip it away");
    if (std::count(symbols->begin(), symbols->end(), LATCHKEY_SYMBOL) == 1) return passed();
    return failed(
        "no " LATCHKEY_SYMBOL " is exported",
        "end the source with LATCHKEY_DELIVERY, LATCHKEY_VERIFICATION, LATCHKEY_APPROVAL or "
        "LATCHKEY_EXPORT (docs/plugin-authors.md)");
}

Verdict exports_nothing_else(const Subject& subject) {
    auto symbols = exported_symbols(subject.file).value_or(std::vector<std::string>{});
    symbols.erase(std::remove(symbols.begin(), symbols.end(), LATCHKEY_SYMBOL), symbols.end());
    if (symbols.empty()) return passed();
    std::string seen = std::to_string(symbols.size()) + " more are exported:";
    for (std::size_t i = 0; i < std::min(symbols.size(), kMostNamed); ++i)
        seen += ' ' + escaped(symbols[i]);
    return failed(seen,
                  "build it with latchkey_add_channel, or link with "
                  "-Wl,--version-script=latchkey-plugin.map");
}

// Older tables end before these functions.
bool may_approve(const latchkey_plugin_table_v1& table) {
    return table.size >= offsetof(latchkey_plugin_table_v1, poll) + sizeof table.poll;
}

void take_down(const latchkey_plugin_table_v1& table, TableFacts& facts) {
    facts.size = table.size;
    facts.kind = table.kind;
    facts.delivers = table.deliver != nullptr;
    facts.verifies = table.verify != nullptr;
    facts.approves = may_approve(table) && (table.begin != nullptr || table.poll != nullptr);
    facts.probes = probe_of(table) != nullptr;
    facts.has_version = table.version != nullptr;
    if (facts.has_version)
        write_text(facts.version, sizeof facts.version,
                   {table.version, ::strnlen(table.version, sizeof facts.version)});
}

Account look_at_table(const Subject& subject) {
    return watch(subject.guest(), [&subject](const Inside& inside) {
        if (auto taken = check_table(inside.table, subject.name); !taken)
            write_text(inside.seen.trouble, sizeof inside.seen.trouble, taken.error().detail);
        else
            take_down(inside.table, inside.seen.table);
        inside.seen.stage = Stage::Returned;
    });
}

Verdict loads(const Subject& subject, const Account& account) {
    if (account.seen.stage == Stage::Returned) return passed();
    std::string seen = account.seen.trouble;
    if (seen.empty()) seen = end_of(account, subject.guest());
    return failed(seen,
                  "link with -Wl,-z,defs,-z,now, and do nothing in constructors: they run in "
                  "the sandbox, too");
}

Verdict table_is_taken(const Account& account) {
    if (account.seen.trouble[0] == '\0') return passed();
    return failed(account.seen.trouble,
                  "build it against the headers of this host's latchkey-dev, and let the macros "
                  "fill the table");
}

Verdict has_functions_of_its_kind(const TableFacts& table) {
    if (table.size > sizeof(latchkey_plugin_table_v1)) return passed();  // of a later header
    const bool is_right = table.delivers == (table.kind == LATCHKEY_DELIVERY) &&
                          table.verifies == (table.kind == LATCHKEY_VERIFICATION) &&
                          table.approves == (table.kind == LATCHKEY_APPROVAL);
    if (is_right) return passed();
    return failed("the function of another kind is set as well",
                  "set it to NULL: a plugin is of one kind");
}

Verdict version_is_text(const TableFacts& table) {
    const std::string version = table.version;
    if (table.has_version && !version.empty() && version.size() < kLongestVersion &&
        is_printable(version))
        return passed();
    return failed(table.has_version ? "\"" + escaped(version) + "\"" : "there is none",
                  "write up to 62 bytes of printable ASCII, as \"1.0\"");
}

}  // namespace

Checks checks_on_file(Subject& subject) {
    auto table = std::make_shared<Account>();
    return {
        {"has a name that a configuration can name",
         [&subject] { return name_can_be_configured(subject); }},
        {"exports " LATCHKEY_SYMBOL, [&subject] { return exports_the_symbol(subject); }, true},
        {"exports nothing else", [&subject] { return exports_nothing_else(subject); }},
        {"loads within the sandbox",
         [&subject, table] {
             *table = look_at_table(subject);
             subject.table = table->seen.table;
             return loads(subject, *table);
         },
         true},
        {"has a table that the host takes: ABI, size, kind, function",
         [table] { return table_is_taken(*table); }, true},
        {"has the functions of its kind alone",
         [&subject] { return has_functions_of_its_kind(subject.table); }},
        {"has a version that can stand in a log",
         [&subject] { return version_is_text(subject.table); }},
    };
}

}  // namespace latchkey::plugin_test

// SPDX-License-Identifier: MIT
#include "channel_host/plugin_table.hpp"

#include <cstddef>
#include <exception>
#include <memory>

#include <boost/dll/shared_library.hpp>

#include "core/printable.hpp"

namespace latchkey {

namespace {

using Table = latchkey_plugin_table_v1;

// The table as the first header had it: `probe` came later.
constexpr std::size_t kShortestTable = offsetof(Table, probe);

bool approves(const Table& table) {
    const bool has_fields = table.size >= offsetof(Table, poll) + sizeof table.poll;
    return has_fields && table.kind == LATCHKEY_APPROVAL && table.begin != nullptr &&
           table.poll != nullptr;
}

Error refuse(const std::string& name, const std::string& why) {
    return {ErrorKind::Misconfigured, "plugin " + escaped(name) + ": " + why};
}

// "/proc/self/fd/5: undefined symbol" tells an administrator nothing.
std::string reason_of(const std::exception& error, const std::string& path) {
    std::string text = error.what();
    for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path))
        text.replace(at, path.size(), "file");
    return escaped(text);
}

}  // namespace

ProbeFunction probe_of(const Table& table) {
    const bool has_field = table.size >= offsetof(Table, probe) + sizeof table.probe;
    return has_field && table.kind == LATCHKEY_DELIVERY ? table.probe : nullptr;
}

Result<void> check_table(const Table& table, const std::string& name) {
    if (table.abi != LATCHKEY_ABI)
        return refuse(name, "was built for ABI " + std::to_string(table.abi) +
                                ", this host has ABI " + std::to_string(LATCHKEY_ABI));
    if (table.size < kShortestTable) return refuse(name, "has a table that is too short");
    const bool delivers = table.kind == LATCHKEY_DELIVERY && table.deliver != nullptr;
    const bool verifies = table.kind == LATCHKEY_VERIFICATION && table.verify != nullptr;
    if (!delivers && !verifies && !approves(table))
        return refuse(name, "is of a kind that this version does not know, or lacks its function");
    return {};
}

Result<const Table*> load_plugin(const UniqueFd& file, const std::string& name) {
    auto table = open_table(file, name);
    if (!table) return table;
    auto checked = check_table(**table, name);
    if (!checked) return std::move(checked).error();
    return table;
}

Result<const Table*> open_table(const UniqueFd& file, const std::string& name) {
    namespace dll = boost::dll;
    const std::string path = "/proc/self/fd/" + std::to_string(file.get());
    try {
        auto loaded = std::make_unique<dll::shared_library>(
            path, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
        // Never unloaded: that runs destructors, and some libraries do not survive it.
        const dll::shared_library* library = loaded.release();
        if (!library->has(LATCHKEY_SYMBOL))
            // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): meant, see above
            return refuse(name, "is no latchkey plugin: it exports no " LATCHKEY_SYMBOL);
        const Table* table = library->get<const Table* const>(LATCHKEY_SYMBOL);
        if (table == nullptr) return refuse(name, "exports no table");
        return table;
    } catch (const std::exception& error) {
        return refuse(name, "cannot be loaded: " + reason_of(error, path));
    }
}

}  // namespace latchkey

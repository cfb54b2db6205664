// SPDX-License-Identifier: MIT
#include "monitor/channel_group.hpp"

#include <grp.h>
#include <stdio.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "monitor/paths.hpp"

namespace latchkey {

namespace {

struct Row {
    std::string name;
    gid_t gid;
};

std::vector<Row> rows_of(const std::string& path) {
    std::vector<Row> rows;
    const std::unique_ptr<FILE, int (*)(FILE*)> file{::fopen(path.c_str(), "re"), ::fclose};
    while (const group* row = file ? ::fgetgrent(file.get()) : nullptr)
        rows.push_back({row->gr_name, row->gr_gid});
    return rows;
}

bool is_closed(const std::string& name, const Settings& settings) {
    const auto& privileged = settings.privileged_groups;
    return name == paths::kVerifierUser ||
           std::find(privileged.begin(), privileged.end(), name) != privileged.end();
}

}  // namespace

Result<gid_t> find_channel_group(const std::string& name, const Settings& settings,
                                 const std::string& file) {
    const auto rows = rows_of(file);
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
    if (found == rows.end())
        return Error{ErrorKind::Misconfigured,
                     "group " + name + " is not in " + file +
                         "; install the program whose spool directory it is, or correct the name"};
    const bool leads_to_root =
        found->gid == 0 || std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
            return row.gid == found->gid && is_closed(row.name, settings);
        });
    if (leads_to_root)
        return Error{ErrorKind::Misconfigured,
                     "group " + name +
                         " can become root or read latchkey's store; give the channel another one"};
    return found->gid;
}

}  // namespace latchkey

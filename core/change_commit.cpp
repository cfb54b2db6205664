// SPDX-License-Identifier: MIT
#include "core/change_commit.hpp"

#include <cstdint>
#include <utility>

namespace latchkey {

Result<void> commit_change(const ChangeContext& change, const RecordedChange& recorded,
                           bool is_first) {
    const ChangeToCome coming{recorded.audit_event == "enrolment", is_first,
                              static_cast<std::uint32_t>(recorded.notices.size())};
    if (auto announced = change.ports().acts.announce_change(coming); !announced)
        return std::move(announced).error().within("announce change");
    if (auto kept = change.ports().store.record_change(recorded); !kept)
        return std::move(kept).error().within("record change");
    change.ports().channels.send_due();
    return {};
}

}  // namespace latchkey

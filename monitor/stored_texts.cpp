// SPDX-License-Identifier: MIT
#include "monitor/stored_texts.hpp"

#include <algorithm>

#include "monitor/audit_rows.hpp"
#include "monitor/row_text.hpp"

namespace latchkey {

namespace {

// The word behind `key`, which `rest` begins with; goes on behind it.
std::optional<std::string_view> word_behind(std::string_view key, std::string_view& rest) {
    if (!rest.starts_with(key)) return std::nullopt;
    rest.remove_prefix(key.size());
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    return word;
}

}  // namespace

std::string_view name_in(std::string_view subject) {
    const std::size_t colon = subject.find(':');
    return colon == subject.npos ? std::string_view{} : subject.substr(colon + 1);
}

std::string whose_act(std::string_view name, std::string_view act, std::string_view service,
                      std::string_view source) {
    std::string whose;
    for (const std::string_view part : {name, act, service.substr(0, kLongestService), source})
        whose += encoded(part) + '\t';
    return whose;
}

std::optional<ActRow> act_row_in(const StoredEntry& entry) {
    std::string_view rest = entry.detail;
    ActRow row;
    row.name = name_in(entry.subject);
    const auto act = word_behind("act=", rest);
    if (entry.event == "acted") {
        const auto result = word_behind("result=", rest);
        if (!result) return std::nullopt;
        row.result = *result;
    }
    const auto recovery = word_behind("recovery=", rest);
    const auto number = number_in<std::int64_t>(recovery.value_or(""));
    constexpr std::string_view kService = "service=";
    constexpr std::string_view kSource = " source=";
    const std::size_t source = rest.rfind(kSource);
    if (!act || !number || row.name.empty() || !rest.starts_with(kService) || source == rest.npos)
        return std::nullopt;
    row.act = *act;
    row.recovery = *number;
    row.whose = whose_act(row.name, row.act, rest.substr(kService.size(), source - kService.size()),
                          rest.substr(source + kSource.size()));
    return row;
}

bool is_definite(std::string_view result) {
    return result != "unknown" && result != "failed";
}

std::optional<std::string> whose_enrolment(const StoredEntry& entry) {
    std::string_view rest = entry.detail;
    const auto method = word_behind("enrolled ", rest);
    const std::string_view name = name_in(entry.subject);
    if (!method || name.empty()) return std::nullopt;
    return whose_enrolment(name, *method);
}

std::string whose_enrolment(std::string_view name, std::string_view method) {
    return encoded(name) + '\t' + encoded(method);
}

std::string_view import_in(const StoredEntry& entry) {
    constexpr std::string_view kBy = " by import ";
    const std::string_view detail = entry.detail;
    const std::size_t by = detail.rfind(kBy);
    return by == detail.npos ? std::string_view{} : detail.substr(by + kBy.size());
}

}  // namespace latchkey

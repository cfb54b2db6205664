// SPDX-License-Identifier: MIT
#include "adapters/sqlite_store/counting.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace latchkey {

namespace {

// What a statement reads of each attempt: id, result, source, and what the scope looks at. "+":
// of a column as such SQLite copies the names of its table and database, too.
constexpr int kId = 0;
constexpr int kResult = 1;
constexpr int kSource = 2;
constexpr int kOther = 3;
constexpr auto kRight = static_cast<std::int64_t>(AttemptResult::Right);
constexpr std::array<const char*, 3> kStatements{
    "SELECT +id, +result, +source, +method FROM attempt WHERE subject = ?1 AND kind = ?2 AND at > "
    "?3",
    "SELECT +id, +result, +source, +subject FROM attempt WHERE source = ?1 AND kind = ?2 AND at > "
    "?3",
    "SELECT +id, +result, +source, +method FROM attempt WHERE recovery = ?1 AND kind = ?2 AND at > "
    "?3"};
// The conditions of the indexes that have one, in the words of schema.cpp: without them SQLite
// does not see that the index suits, and looks at all of the window.
constexpr std::array<const char*, 3> kIndexed{"", " AND kind NOT BETWEEN 2 AND 3", " AND kind = 2"};
bool is_indexed(std::size_t of, AttemptKind kind) {
    const bool is_code = kind == AttemptKind::Code;
    const std::array<bool, 3> indexed{true, !is_code && kind != AttemptKind::Otp, is_code};
    return indexed.at(of);
}

bool is_of_console(std::string_view source) {
    return source.starts_with("console:");
}

// A list of constants, so that an index serves each kind by itself: of what strangers can
// do without end no row is looked at when something else is counted.
std::string kind_condition(const std::vector<AttemptKind>& kinds) {
    std::string list;
    for (const AttemptKind kind : kinds)
        list += (list.empty() ? "" : ", ") + std::to_string(static_cast<int>(kind));
    return "kind IN (" + list + ")";
}

// Behind "+", so that no index of sources is taken for it.
const char* surface_condition(const std::optional<Surface>& only_at) {
    if (!only_at) return "";
    return *only_at == Surface::Console ? " AND +source GLOB 'console:*'"
                                        : " AND +source NOT GLOB 'console:*'";
}

// ?1 end of the window, of all accounts or of everything. What a limit does not ask for is not in
// its text.
std::string counting_sql(const Limit& limit) {
    std::string in_scope =
        kind_condition(limit.kinds) + " AND at > ?1" + surface_condition(limit.only_at);
    if (limit.scope == LimitScope::Accounts)
        in_scope += " AND subject NOT GLOB '#*' AND subject NOT GLOB 'channel:*'";
    std::string sql = "SELECT count(*) FROM attempt WHERE " + in_scope;
    if (!limit.count_right) sql += " AND result <> 2";
    if (limit.since_last_right)
        sql += " AND id >= coalesce((SELECT max(id) FROM attempt WHERE " + in_scope +
               " AND result = 2), 0)";
    return sql;
}

// Guesses at a code are counted since it was issued, by id: times are whole seconds.
AttemptId newest_before_code(SQLite::Database& database, const Attempt& like) {
    Query query{database, "SELECT after_attempt FROM code WHERE recovery = ?1 AND method = ?2"};
    query.with(like.recovery, like.method);
    return query.next() ? query.integer(0) : 0;
}

}  // namespace

std::uint32_t AttemptCounter::count(const Limit& limit, std::string_view left_out) {
    switch (limit.scope) {
        case LimitScope::Subject:
        case LimitScope::SubjectAndMethod:
            return count_of(Of::Subject, limit, left_out);
        case LimitScope::Source:
        case LimitScope::SourceAndSubject:
        case LimitScope::SubjectsOfSource:
            return count_of(Of::Source, limit, left_out);
        case LimitScope::Recovery:
            return count_of(Of::Recovery, limit, left_out);
        case LimitScope::Accounts:
        case LimitScope::Host:
            return count_on_host(limit);
    }
    throw NotOurs{"an unknown scope"};
}

std::uint32_t AttemptCounter::count_of(Of of, const Limit& limit, std::string_view left_out) {
    std::vector<Counted> counted;
    AttemptId last_right = 0;
    for (const AttemptKind kind : limit.kinds) read(of, kind, limit, counted, last_right);

    AttemptId first = limit.since_last_right ? last_right : 0;
    if (of == Of::Recovery) first = std::max(first, newest_before_code(database_, like_) + 1);
    std::erase_if(counted, [&](const Counted& each) { return each.id < first; });
    if (limit.scope != LimitScope::SubjectsOfSource)
        return static_cast<std::uint32_t>(counted.size());
    std::set<std::string> subjects;
    for (Counted& each : counted)
        if (each.subject != left_out) subjects.insert(std::move(each.subject));
    return static_cast<std::uint32_t>(subjects.size());
}

void AttemptCounter::read(Of of, AttemptKind kind, const Limit& limit,
                          std::vector<Counted>& counted, AttemptId& last_right) {
    Query& row = ask(of, kind, now_ - limit.window);
    while (row.next()) {
        if (!is_in_scope(limit, row)) continue;
        const AttemptId id = row.integer(kId);
        const bool is_right = row.integer(kResult) == kRight;
        if (is_right) last_right = std::max(last_right, id);
        if (is_right && !limit.count_right) continue;
        const bool by_subject = limit.scope == LimitScope::SubjectsOfSource;
        counted.push_back({id, by_subject ? row.text(kOther) : std::string{}});
    }
    row.reset();
}

Query& AttemptCounter::ask(Of of, AttemptKind kind, TimePoint since) {
    const auto which = static_cast<std::size_t>(of);
    const bool indexed = is_indexed(which, kind);
    auto& query = statements_.at(2 * which + (indexed ? 1 : 0));
    if (!query)
        query.emplace(database_,
                      std::string{kStatements.at(which)} + (indexed ? kIndexed.at(which) : ""));
    if (of == Of::Recovery) return query->with(like_.recovery, kind, since);
    return query->with(of == Of::Subject ? like_.subject : like_.source, kind, since);
}

bool AttemptCounter::is_in_scope(const Limit& limit, Query& row) const {
    if (limit.only_at && is_of_console(row.text(kSource)) != (*limit.only_at == Surface::Console))
        return false;
    if (limit.scope == LimitScope::SourceAndSubject) return row.text(kOther) == like_.subject;
    return (limit.scope != LimitScope::SubjectAndMethod && limit.scope != LimitScope::Recovery) ||
           row.text(kOther) == like_.method;
}

// One number over rows without end: here SQLite counts.
std::uint32_t AttemptCounter::count_on_host(const Limit& limit) const {
    Query query{database_, counting_sql(limit)};
    query.with(now_ - limit.window);
    return query.next() ? query.count(0) : 0;
}

}  // namespace latchkey

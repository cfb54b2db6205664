// SPDX-License-Identifier: MIT
//
// An import is one record of the root side's audit log and a row of the store's trail for each
// enrolment. The record holds a hash over what was enrolled, so that the rows which claim to be
// of the import can be held against it: none can be added, taken out or altered.
#pragma once

#include <sodium.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace latchkey {

class ImportDigest {
public:
    ImportDigest();
    // In the order of the rows; whose_enrolment() of each.
    void add(std::string_view whose);
    [[nodiscard]] std::uint64_t rows() const { return rows_; }
    // In hexadecimal digits; nothing can be added behind it.
    [[nodiscard]] std::string text();

private:
    crypto_generichash_state state_{};
    std::uint64_t rows_ = 0;
};

// The rule of the record: "import=NAME digest=HEX"; its outcome tells the number of rows.
struct ImportRule {
    std::string import;
    std::string digest;
};
[[nodiscard]] std::string rule_of_import(const ImportRule& rule);
[[nodiscard]] std::optional<ImportRule> import_rule_in(std::string_view text);

// Another name for each import: 16 hexadecimal digits.
[[nodiscard]] std::string fresh_import_name();

}  // namespace latchkey

// SPDX-License-Identifier: MIT
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace latchkey::cli {

// Columns aligned by blanks, no lines drawn. Cells are escaped when they are
// added; an empty cell is printed as "-", so that the output splits at blanks.
class Table {
public:
    explicit Table(std::vector<std::string> headings);

    // Precondition: as many cells as headings.
    void add(const std::vector<std::string>& cells);

    void print(std::ostream& out, bool with_headings) const;

private:
    std::vector<std::string> headings_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace latchkey::cli

// SPDX-License-Identifier: MIT
#include "cli/table.hpp"

#include <algorithm>
#include <utility>

#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

void print_row(std::ostream& out, const std::vector<std::string>& cells,
               const std::vector<std::size_t>& widths) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const bool is_last = i + 1 == cells.size();
        out << cells[i];
        if (!is_last) out << std::string(widths[i] - cells[i].size() + 2, ' ');
    }
    out << "\n";
}

}  // namespace

Table::Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

void Table::add(const std::vector<std::string>& cells) {
    std::vector<std::string> row;
    row.reserve(cells.size());
    for (const std::string& cell : cells) row.push_back(cell.empty() ? "-" : escaped(cell));
    rows_.push_back(std::move(row));
}

void Table::print(std::ostream& out, bool with_headings) const {
    std::vector<std::size_t> widths(headings_.size(), 0);
    if (with_headings) {
        for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = headings_[i].size();
    }
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    if (with_headings) print_row(out, headings_, widths);
    for (const auto& row : rows_) print_row(out, row, widths);
}

}  // namespace latchkey::cli

// SPDX-License-Identifier: MIT
#include "plugin_test/exported_symbols.hpp"

#include <elf.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include <cstdint>

namespace latchkey::plugin_test {

namespace {

constexpr std::uint64_t kLargestTable = 16U << 20;
// Made by the linker in every shared object.
constexpr const char* kOfLinker[] = {"_init", "_fini", "_edata", "_end", "__bss_start"};

bool read_at(const UniqueFd& file, void* into, std::size_t size, std::uint64_t offset) {
    return ::pread(file.get(), into, size, static_cast<off_t>(offset)) ==
           static_cast<ssize_t>(size);
}

template <typename Item>
std::optional<std::vector<Item>> items(const UniqueFd& file, std::uint64_t offset,
                                       std::uint64_t bytes) {
    if (bytes > kLargestTable) return std::nullopt;
    std::vector<Item> read(bytes / sizeof(Item));
    if (!read_at(file, read.data(), read.size() * sizeof(Item), offset)) return std::nullopt;
    return read;
}

bool is_exported(const ElfW(Sym) & symbol) {
    const unsigned binding = symbol.st_info >> 4;  // the same in both classes
    const unsigned visibility = symbol.st_other & 3U;
    return symbol.st_shndx != SHN_UNDEF && symbol.st_name != 0 && binding != STB_LOCAL &&
           (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

bool is_of_linker(const char* name) {
    for (const char* known : kOfLinker)
        if (strcmp(name, known) == 0) return true;
    return false;
}

std::optional<std::vector<std::string>> names_in(const UniqueFd& file,
                                                 const ElfW(Shdr) & symbol_table,
                                                 const ElfW(Shdr) & text_table) {
    const auto symbols = items<ElfW(Sym)>(file, symbol_table.sh_offset, symbol_table.sh_size);
    auto texts = items<char>(file, text_table.sh_offset, text_table.sh_size);
    if (!symbols || !texts || texts->empty()) return std::nullopt;
    texts->back() = '\0';
    std::vector<std::string> names;
    for (const ElfW(Sym) & symbol : *symbols)
        if (is_exported(symbol) && symbol.st_name < texts->size() &&
            !is_of_linker(&(*texts)[symbol.st_name]))
            names.emplace_back(&(*texts)[symbol.st_name]);
    return names;
}

}  // namespace

std::optional<std::vector<std::string>> exported_symbols(const UniqueFd& file) {
    ElfW(Ehdr) header{};
    if (!read_at(file, &header, sizeof header, 0) || header.e_shentsize != sizeof(ElfW(Shdr)))
        return std::nullopt;
    const auto sections =
        items<ElfW(Shdr)>(file, header.e_shoff, header.e_shnum * sizeof(ElfW(Shdr)));
    if (!sections) return std::nullopt;
    for (const ElfW(Shdr) & section : *sections)
        if (section.sh_type == SHT_DYNSYM && section.sh_link < sections->size())
            return names_in(file, section, (*sections)[section.sh_link]);
    return std::nullopt;
}

}  // namespace latchkey::plugin_test

# What every target of the project has in common: language, warnings, hardening.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

include(CheckPIESupported)
check_pie_supported()

add_library(latchkey_options INTERFACE)
target_include_directories(latchkey_options INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_compile_definitions(latchkey_options INTERFACE
    LATCHKEY_VERSION="${PROJECT_VERSION}"
    LATCHKEY_LIBEXECDIR="${CMAKE_INSTALL_FULL_LIBEXECDIR}/latchkey"
    LATCHKEY_CHANNELDIR="${CMAKE_INSTALL_FULL_LIBDIR}/latchkey/channels")
target_compile_options(latchkey_options INTERFACE
    -Wall -Wextra -Wpedantic -Wformat=2 -Wconversion -Wshadow -Wnon-virtual-dtor
    -Wno-missing-field-initializers  # would forbid designated initialisers that leave defaults
    -Wold-style-cast -Wcast-qual -Woverloaded-virtual
    -fstack-protector-strong -fstack-clash-protection -fcf-protection)
# What ships is built by GCC; clang builds the fuzz targets (preset fuzz) and has
# warnings and flags of its own.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(latchkey_options INTERFACE -Werror -Wduplicated-cond
        $<$<NOT:$<BOOL:$<TARGET_PROPERTY:LATCHKEY_TEST>>>:-Wnull-dereference>)
    # When it optimises the long straight lines of a test case, GCC 12 sees null and
    # uninitialized members in std::string and std::variant that are not there.
    target_compile_options(latchkey_options INTERFACE
        $<$<BOOL:$<TARGET_PROPERTY:LATCHKEY_TEST>>:-Wno-maybe-uninitialized>)
    set(LATCHKEY_NO_UNIQUE_SYMBOLS -fno-gnu-unique)  # clang makes none
endif()
target_link_options(latchkey_options INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)

if(LATCHKEY_SANITIZE)
    target_compile_options(latchkey_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(latchkey_options INTERFACE -fsanitize=address,undefined)
    # GCC's flow analysis sees paths through sanitizer calls that do not exist.
    target_compile_options(latchkey_options INTERFACE -Wno-null-dereference -Wno-maybe-uninitialized)
elseif(LATCHKEY_FUZZ)
    # Every library is watched for new paths; only a target of tests/fuzz has the fuzzer's main.
    target_compile_options(latchkey_options INTERFACE
        -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(latchkey_options INTERFACE -fsanitize=address,undefined)
elseif(LATCHKEY_COVERAGE)
    target_compile_options(latchkey_options INTERFACE --coverage -fprofile-update=atomic)
    target_link_options(latchkey_options INTERFACE --coverage)
else()
    # Half of the time of a build would go into optimising test cases, which run once. What
    # they test is built as it ships; a test that computes for long says LATCHKEY_COMPUTES.
    set(straight $<AND:$<BOOL:$<TARGET_PROPERTY:LATCHKEY_TEST>>,$<NOT:$<BOOL:$<TARGET_PROPERTY:LATCHKEY_COMPUTES>>>>)
    set(fortified $<AND:$<NOT:$<CONFIG:Debug>>,$<NOT:${straight}>>)
    target_compile_options(latchkey_options INTERFACE
        -U_FORTIFY_SOURCE $<${fortified}:-D_FORTIFY_SOURCE=3> $<${straight}:-O0>
        -D_GLIBCXX_ASSERTIONS -ftrivial-auto-var-init=zero)
endif()

# A program of ours: installed below libexec, readable by nobody, so that it is
# not dumpable from its first instruction (docs/architecture.md, "Three uids").
function(latchkey_program name)
    add_executable(${name} ${ARGN})
    target_link_libraries(${name} PRIVATE latchkey_options)
    target_link_options(${name} PRIVATE -pie)
endfunction()

function(latchkey_library name)
    add_library(${name} STATIC ${ARGN})
    target_link_libraries(${name} PUBLIC latchkey_options)
endfunction()

// SPDX-License-Identifier: MIT
//
// Several real processes that do the same thing to one store at the same moment.
#pragma once

#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey::contract {

inline constexpr unsigned kProcesses = 8;
inline constexpr std::size_t kMostRounds = 1024;

class Together {
public:
    explicit Together(unsigned processes = kProcesses) : processes_(processes) {
        void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::bad_alloc{};
        shared_ = new (memory) Shared;
        pthread_barrierattr_t attributes;
        pthread_barrierattr_init(&attributes);
        pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
        pthread_barrier_init(&shared_->start, &attributes, processes_);
        pthread_barrierattr_destroy(&attributes);
    }
    Together(const Together&) = delete;
    Together& operator=(const Together&) = delete;
    ~Together() { ::munmap(shared_, sizeof(Shared)); }

    // `body(store, round)` says how often it succeeded. Every process has a
    // connection of its own; all begin each round at once. The sum of each round.
    template <class Body>
    std::vector<unsigned> run(const std::string& path, std::size_t rounds, Body body) {
        std::vector<pid_t> children;
        for (unsigned i = 0; i < processes_; ++i) {
            const pid_t child = ::fork();
            if (child < 0) throw std::runtime_error{"fork"};
            if (child == 0) ::_exit(serve(path, rounds, body));
            children.push_back(child);
        }
        bool all_well = true;
        for (const pid_t child : children) {
            int status = 0;
            if (::waitpid(child, &status, 0) != child || status != 0) all_well = false;
        }
        if (!all_well) throw std::runtime_error{"a process failed"};
        return {shared_->successes.begin(),
                shared_->successes.begin() + static_cast<std::ptrdiff_t>(rounds)};
    }

private:
    struct Shared {
        pthread_barrier_t start;
        std::array<std::atomic<unsigned>, kMostRounds> successes{};
    };

    static int failed(const Error& error) {
        std::cerr << "a process failed: " << error.detail << std::endl;
        return 1;
    }

    template <class Body>
    int serve(const std::string& path, std::size_t rounds, Body& body) {
        auto store = SqliteStore::open(path);
        int status = store ? 0 : failed(store.error());
        // Also a process that failed goes to every start, or the others would wait for ever.
        for (std::size_t round = 0; round < rounds; ++round) {
            pthread_barrier_wait(&shared_->start);
            if (status != 0) continue;
            const Result<unsigned> done = body(**store, round);
            if (done)
                shared_->successes.at(round) += *done;
            else
                status = failed(done.error());
        }
        return status;
    }

    unsigned processes_;
    Shared* shared_ = nullptr;
};

}  // namespace latchkey::contract

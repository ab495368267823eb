#include "base/memory_reserve.h"

#include <execinfo.h>
#include <malloc.h>
#include <sys/resource.h>

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <new>
#include <utility>

namespace raspc {
namespace {

// Small enough to come from the thread's own heap, and to go back there.
constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

struct Reserve {
  void* first = nullptr;  // freed for the first allocation that fails
  void* for_unwinding =
      nullptr;  // freed for the first one that fails after an exception was thrown
  bool has_thrown = false;
  int num_scopes = 0;
};
thread_local Reserve reserve;

// operator new calls this when it finds no memory; if it returns, operator new tries again.
void GiveBack() {
  if (reserve.first != nullptr) return std::free(std::exchange(reserve.first, nullptr));
  // Eigen calls malloc, and throws by itself.
  const bool is_unwinding = reserve.has_thrown || std::uncaught_exceptions() > 0;
  if (is_unwinding && reserve.for_unwinding != nullptr) {
    return std::free(std::exchange(reserve.for_unwinding, nullptr));
  }
  reserve.has_thrown = true;
  throw std::bad_alloc();
}

}  // namespace

void UseMemoryReserves() {
  std::set_new_handler(GiveBack);
  // glibc gives each thread its own heap, for which it reserves 64 MiB of addresses. If that fails
  // it tries again at every allocation, which is far too slow.
  rlimit addresses{};
  if (getrlimit(RLIMIT_AS, &addresses) == 0 && addresses.rlim_cur != RLIM_INFINITY) {
    mallopt(M_ARENA_MAX, 1);
  }
  // When an exception passes through glibc, as through std::call_once, glibc loads the unwinding
  // library, and aborts if there is no memory for that. So it is loaded now.
  void* caller = nullptr;
  backtrace(&caller, 1);
}

MemoryReserve::MemoryReserve() {
  if (reserve.for_unwinding == nullptr) reserve.for_unwinding = std::malloc(kBlockBytes);
  if (reserve.first == nullptr) reserve.first = std::malloc(kBlockBytes);
  if (reserve.for_unwinding == nullptr || reserve.first == nullptr) throw std::bad_alloc();
  reserve.has_thrown = false;
  ++reserve.num_scopes;
}

MemoryReserve::~MemoryReserve() {
  if (--reserve.num_scopes > 0) return;
  std::free(std::exchange(reserve.first, nullptr));
  std::free(std::exchange(reserve.for_unwinding, nullptr));
}

}  // namespace raspc

// Work that recurses as deep as a program nests, or as its graph is long: up to 200,000 nodes.
#pragma once

#include <cstddef>
#include <functional>

namespace raspc {

// Runs `work` on a thread of its own with a stack of 512 MiB, of which pages that are not used cost
// nothing, or on the caller's stack where there is no such thread to be had. `work` is told how
// many bytes of stack it may use. Passes on what it throws.
void RunOnLargeStack(const std::function<void(std::size_t stack_bytes)>& work);

}  // namespace raspc

// Runs work that recurses as deep as a program is nested, or as its graph is long: up to 200,000
// nodes.
#pragma once

#include <cstddef>
#include <functional>

namespace raspc {

// Runs `work` on its own thread with a stack of 512 MiB, whose unused pages cost nothing, or on the
// caller's stack if no such thread can be started. `work` receives the number of bytes of stack it
// may use. Rethrows what it throws.
void RunOnLargeStack(const std::function<void(std::size_t stack_bytes)>& work);

}  // namespace raspc

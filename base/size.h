// Signed sizes as the standard library's unsigned ones.
#pragma once

#include <cstddef>

namespace raspc {

// Requires value >= 0.
inline std::size_t Size(std::ptrdiff_t value) { return static_cast<std::size_t>(value); }

}  // namespace raspc

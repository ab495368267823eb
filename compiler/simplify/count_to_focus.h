// Counts that are only compared with none:
//
//     selector_width(s) == 0  ->  aggregate(s, 1, 0) == 0
//
// and the same for `!= 0`, `> 0`, `<= 0`, `< 1` and `>= 1`, on either side. Whether a row is empty
// takes a head, but no steps for each count.
#pragma once

#include <optional>

#include "compiler/simplify/simplify.h"

namespace raspc {

// The graph with these comparisons replaced; nothing where there is none.
std::optional<SimplifiedGraph> CountToFocus(const SimplifiedGraph& simplified);

}  // namespace raspc

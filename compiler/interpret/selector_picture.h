// A selector as text: what `eval`, `show` and `draw` print.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/interpret/interpret.h"

namespace raspc {

// A row per query and a column per key, labelled with (the starts of) the tokens: 1 where the row
// selects, else a
// dot. Each line ends in a line break.
std::string SelectorPicture(const SelectorRows& rows, const std::vector<Atom>& tokens);

// Right-aligned in `width` columns.
std::string PadLeft(std::string_view text, std::size_t width);

}  // namespace raspc

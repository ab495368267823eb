// Gives variables, heads and MLP segments names of their own.
#pragma once

#include <string>
#include <vector>

#include "compiler/lower/builder/blocks.h"

namespace raspc {

// Names that are not a variable's: of the directions that are everybody's.
inline constexpr const char* kNameOfOne = "one";
inline constexpr const char* kNameOfBos = "BOS";

// Names variables apart, then heads by their selector and what they carry, and MLP segments by what
// they compute. The margins follow.
void NameApart(Blocks& blocks);

// One name for each item, all different and none in `taken`: the first of its candidates, which go
// from short to long, that no other item takes as well; where the last ones are equal too, they are
// numbered from the second on.
std::vector<std::string> NamedApart(const std::vector<std::vector<std::string>>& candidates,
                                    const std::vector<std::string>& taken);

}  // namespace raspc

// Programs whose depth grows with the logarithm of the length.
#pragma once

#include <cstdint>

#include "frontends/generated_program.h"
#include "frontends/rasp_expression.h"

namespace raspc {

// The number of rounds until a quantity that doubles in each reaches `length`; options.num_rounds
// if that is fewer.
int NumRounds(const GeneratedProgramOptions& options, std::int64_t length);

// `[1, 2, 4]`: the distance that each round attends back.
Expr Distances(int num_rounds);

}  // namespace raspc

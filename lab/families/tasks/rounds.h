// Programs whose depth grows with the logarithm of the length.
#pragma once

#include <cstdint>
#include <string>

#include "frontends/generated_program.h"

namespace raspc {

// How many rounds it takes until what doubles in each reaches `length`; options.num_rounds
// if that is fewer.
int NumRounds(const GeneratedProgramOptions& options, std::int64_t length);

// `[1, 2, 4]`: how far back each of the rounds looks.
std::string Distances(int num_rounds);

}  // namespace raspc

#include "lab/families/tasks/rounds.h"

#include <fmt/format.h>

#include <algorithm>

namespace raspc {

int NumRounds(const GeneratedProgramOptions& options, std::int64_t length) {
  int enough = 0;
  while ((std::int64_t{1} << enough) < length) ++enough;
  return std::min(options.num_rounds.value_or(enough), enough);
}

std::string Distances(int num_rounds) {
  std::string distances;
  for (int k = 0; k < num_rounds; ++k) {
    distances += fmt::format("{}{}", k == 0 ? "" : ", ", std::int64_t{1} << k);
  }
  return "[" + distances + "]";
}

}  // namespace raspc

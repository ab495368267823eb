#include "lab/families/tasks/rounds.h"

#include <algorithm>

namespace raspc {

int NumRounds(const GeneratedProgramOptions& options, std::int64_t length) {
  int enough = 0;
  while ((std::int64_t{1} << enough) < length) ++enough;
  return std::min(options.num_rounds.value_or(enough), enough);
}

Expr Distances(int num_rounds) {
  std::vector<Expr> distances;
  for (int k = 0; k < num_rounds; ++k) distances.emplace_back(std::int64_t{1} << k);
  return ListOf(distances);
}

}  // namespace raspc

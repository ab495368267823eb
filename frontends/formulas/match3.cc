#include "frontends/formulas/match3.h"

#include <fmt/format.h>

#include <algorithm>

#include "frontends/formulas/padding_grid.h"
#include "frontends/program_header.h"

namespace raspc {
namespace {

// The sum has a row for each pair of numbers.
constexpr int kMaxModulus = 250;

}  // namespace

std::optional<GeneratedProgram> Match3ByPads(int modulus, const GeneratedProgramOptions& options,
                                             Diagnostics& diag) {
  if (modulus > kMaxModulus || modulus > options.max_rows) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("the modulus {} exceeds {}, the limit of Match3 by padding", modulus,
                           std::min<std::int64_t>(kMaxModulus, options.max_rows)));
    return std::nullopt;
  }
  const PadGrid grid{2, "$", "_", options.max_length};
  if (!CheckNumPads(grid.max_length, grid.arity, diag)) return std::nullopt;
  GeneratedProgram recogniser;
  ProgramHeader& header = recogniser.header;
  header.comments = {
      fmt::format("Match3 modulo {}: \"1\" at each position i for which x_i + x_j + x_k is a "
                  "multiple for some j and k, else \"0\".",
                  modulus),
      "Each padding token represents a pair (j, k), and determines which x_i would match. Depth: "
      "the length, then the two numbers of each pair, then whether some pair matches. The answer "
      "is read at the positions of the word."};
  std::vector<std::pair<Expr, Expr>> numbers;
  for (int i = 0; i < modulus; ++i) {
    header.alphabet.push_back(fmt::format("{}", i));
    numbers.emplace_back(header.alphabet.back(), i);
  }
  numbers.emplace_back(grid.end_marker, 0);
  numbers.emplace_back(grid.pad, 0);
  header.end_marker = grid.end_marker;
  header.more_tokens = {grid.pad};
  header.max_length = options.max_length;
  header.output = "answer";
  header.max_domain = std::max<std::int64_t>(MaxDomainForPads(grid.max_length), modulus * modulus);
  header.pad = {grid.pad, Polynomial::Power(grid.arity)};

  RaspWriter& w = recogniser.statements;
  WritePadGrid(grid, w);
  w.Blank();
  w.Comment("The numbers, and the one that each pair would match.");
  w.CountRows(static_cast<std::int64_t>(numbers.size()));
  const Expr number = w.Assign("number", DictOf(numbers)[Tokens()]);
  const Expr first = w.Assign("first", Aggregate(Select(Indices(), Coordinate(1)), number));
  const Expr second = w.Assign("second", Aggregate(Select(Indices(), Coordinate(2)), number));
  const Expr wanted = w.Assign("wanted", (0 - first - second) % modulus);
  const Expr matches =
      w.Assign("matches", And(SelectWhere(Var("is_pad")), Select(wanted, number)));
  w.Assign("answer", If(Aggregate(matches, 1, 0) == 1, "1", "0"));

  recogniser.construction = "a padding token for each pair of positions";
  recogniser.reason =
      "each padding token adds two numbers, and each symbol looks for a sum that matches it";
  recogniser.depth = 3;
  recogniser.promise_rest = ": the length, the numbers of a pair, the matches";
  recogniser.result_at = ResultAt::kFirst;
  return recogniser;
}

}  // namespace raspc

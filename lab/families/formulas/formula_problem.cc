#include "lab/families/formulas/formula_problem.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "frontends/formulas/evaluate_formula.h"
#include "frontends/formulas/formula_program.h"
#include "lab/families/formulas/formula_sampler.h"

namespace raspc {
namespace {

constexpr const char* kSource = "Merrill, Sabharwal 2025, exact expressive power";

// First-order logic with counting is TC0, and a transformer whose width may grow runs its circuits.
MechanismTheory KnownInConstantDepth(std::string cost) {
  return OnlyKnown(
      "threshold circuits of constant depth (TC0) decide the sentence: one head gathers the word, "
      "and MLP layers form the circuit; none is built here, since the formula relates more "
      "variables at once than a selector can",
      std::move(cost), "Barrington, Immerman, Straubing 1990");
}

ProblemTheory TheoryOf(const Sentence& formula) {
  ProblemTheory theory;
  auto& by = theory.mechanisms;
  const std::string pads = PaddingOf(formula).Text();
  MechanismTheory& direct = by[static_cast<std::size_t>(Mechanism::kDirect)];
  MechanismTheory& depth = by[static_cast<std::size_t>(Mechanism::kLogDepth)];
  MechanismTheory& cot = by[static_cast<std::size_t>(Mechanism::kCot)];
  MechanismTheory& pad = by[static_cast<std::size_t>(Mechanism::kPad)];
  if (NeedsNoPads(formula)) {
    direct = {Expectation::kYes,
              "a selector for each quantifier, in which at most one other variable is free",
              "constant depth", "Weiss, Goldberg, Yahav 2021; Chiang, Cholak, Pillay 2023"};
    depth = direct;
    depth.reason = "the direct recogniser, which needs no rounds";
    depth.cost = "0 rounds";
  } else {
    direct = KnownInConstantDepth("constant depth, width polynomial in n");
    depth = KnownInConstantDepth("0 rounds, width polynomial in n");
  }
  cot = KnownByPolynomialTime();
  pad = {Expectation::kYes,
         pads == "0" ? "the direct recogniser: positions stand for the one variable"
                     : "a padding token for each tuple of positions, a head for each quantifier",
         fmt::format("{} padding tokens", pads), kSource};
  Classification of_constant_depth;
  of_constant_depth.solvable = true;
  theory.models = ModelVerdicts(of_constant_depth);
  theory.models.back().reference = "Barrington, Immerman, Straubing 1990";
  return theory;
}

}  // namespace

std::optional<Problem> FormulaProblem(std::string_view text, const std::string& name,
                                      const std::optional<Alphabet>& alphabet, Diagnostics& diag) {
  auto parsed = ParseFormula(text, diag);
  if (!parsed) return std::nullopt;
  const auto formula = std::make_shared<const Sentence>(*std::move(parsed));
  const auto over = alphabet ? alphabet : CollectAlphabet(*formula, diag);
  if (!over || !CheckAlphabet(*formula, *over, diag)) return std::nullopt;
  Problem problem;
  problem.name = name;
  problem.level = kFormulaLevel;
  problem.alphabet = *over;
  problem.definition = std::string(text);
  problem.decide = [formula, over](const Word& word) { return Holds(*formula, *over, word); };
  problem.make_sampler = [formula, over](int max_length, const LanguageLimits& limits,
                                        Diagnostics&) {
    return MakeFormulaSampler(formula, *over, max_length, limits);
  };
  problem.theory = TheoryOf(*formula);
  // Only the theory, for messages: a copy of the problem in its own function would own itself.
  const Problem told = problem;
  problem.make_program = [formula, over, told](
                             const GeneratedProgramOptions& options,
                             Diagnostics& diag_) -> std::optional<GeneratedProgram> {
    if (!told.TheoryOf(options.mechanism).IsBuilt()) {
      ReportRefusal(told, options.mechanism, diag_);
      return std::nullopt;
    }
    return FormulaProgram(*formula, *over, told.name, options, diag_);
  };
  return problem;
}

}  // namespace raspc

#include "lab/problem/problem.h"

#include <fmt/format.h>

#include <mutex>
#include <utility>

namespace raspc {

std::string_view ProblemKindName(ProblemKind kind) {
  return kind == ProblemKind::kTask ? "task" : "language";
}

struct LazyTheory::Shared {
  std::function<ProblemTheory()> tell;
  std::once_flag told;
  ProblemTheory theory;
};

LazyTheory::LazyTheory(ProblemTheory theory) : shared_(std::make_shared<Shared>()) {
  shared_->theory = std::move(theory);
}

LazyTheory::LazyTheory(std::function<ProblemTheory()> tell) : shared_(std::make_shared<Shared>()) {
  shared_->tell = std::move(tell);
}

const ProblemTheory& LazyTheory::operator*() const {
  if (shared_->tell) {
    std::call_once(shared_->told, [this] { shared_->theory = shared_->tell(); });
  }
  return shared_->theory;
}

MechanismTheory OnlyKnown(std::string reason, std::string cost, std::string reference) {
  return {Expectation::kYes, std::move(reason), std::move(cost), std::move(reference), true};
}

MechanismTheory KnownByPolynomialTime() {
  return OnlyKnown(
      "a chain of thought can run a polynomial-time Turing machine, a step per token; none is "
      "written here",
      "polynomially many steps", "Merrill, Sabharwal 2024");
}

void ReportRefusal(const Problem& problem, Mechanism mechanism, Diagnostics& diag) {
  const MechanismTheory& theory = problem.TheoryOf(mechanism);
  const std::string source = theory.reference.empty() ? "" : fmt::format(" ({})", theory.reference);
  std::string message;
  switch (theory.expectation) {
    case Expectation::kNo:
      message = fmt::format("no transformer solves {} by '{}': {}{}", problem.name,
                            MechanismName(mechanism), theory.reason, source);
      break;
    case Expectation::kConditionalNo:
      message = fmt::format("no transformer is known to solve {} by '{}': {}{}", problem.name,
                            MechanismName(mechanism), theory.reason, source);
      break;
    case Expectation::kYes:
      message = fmt::format("{} can be solved by '{}', but raspc has no program for it: {}{}",
                            problem.name, MechanismName(mechanism), theory.reason, source);
      break;
    case Expectation::kNoClaim:
      message = fmt::format("raspc has no '{1}' program for {0}{2}{3}", problem.name,
                            MechanismName(mechanism), theory.reason.empty() ? "" : ": ",
                            theory.reason + source);
  }
  Diagnostic& refusal = diag.Error(ErrorKind::kValue, {}, message);
  std::vector<std::string> able;
  for (const Mechanism other : kAllMechanisms) {
    if (problem.TheoryOf(other).IsBuilt()) {
      able.push_back(std::string(MechanismName(other)));
    }
  }
  if (!able.empty()) refusal.Note({}, fmt::format("it is solved by {}", fmt::join(able, ", ")));
}

}  // namespace raspc

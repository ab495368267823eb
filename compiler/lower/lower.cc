#include "compiler/lower/lower.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "compiler/domains/wide_map.h"
#include "compiler/lower/lowering.h"
#include "compiler/lower/builder/name_apart.h"
#include "compiler/lower/too_large.h"

namespace raspc {
namespace {

// The error that the language's rule on floats allows where an output cannot be enumerated (design,
// section 4).
constexpr double kRawTolerance = 1e-9;
constexpr double kTypeMargin = 0.5;  // types are numbered

// The error allowed in a raw output, relative to the smallest size it can have, or to 1.
double RawTolerance(const Domain& domain) {
  const auto interval = IntervalOf(domain);
  if (!interval) return 0;
  const double least = std::max({1.0, interval->low, -interval->high});
  return kRawTolerance * least;
}

// Errors this small do not matter.
constexpr double kStrictTolerance = 1.0 / (1 << 30);
// A chain of functions of many points is less precise than that, but errors this small still add up
// to little.
constexpr double kPatientTolerance = 1.0 / (1 << 15);

// Codes closer together than this, or larger, are numbered instead.
constexpr double kSmallestCodeGap = 1.0 / 64;
constexpr double kLargestCode = 65536;

OutputDecoding NearestDecoding(const std::vector<Atom>& values, const Code& codes) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return codes[a] < codes[b]; });
  OutputDecoding decoding;
  for (const std::size_t i : order) {
    decoding.values.push_back(values[i]);
    decoding.codes.push_back(codes[i]);
  }
  return decoding;
}

}  // namespace

Lowering::Lowering(const DataflowGraph& graph, const Domains& domains, const LowerOptions& options)
    : graph_(graph), domains_(domains), options_(options) {
  blocks_.dtype = options.dtype;
  blocks_.arithmetic = ArithmeticOf(options.dtype);
}

Blocks Lowering::Run(NodeId output, const PrecisionPlan& effort) {
  effort_ = effort;
  program_ = graph_[output].location.source;
  if (effort.read_out_raw || !DomainOf(output).is_finite) {
    LowerRawOutput(output);
  } else {
    LowerOutput(output);
  }
  Blocks blocks =
      options_.optimizations.Has(Optimization::kDeadBlocks) ? WithoutDeadBlocks(blocks_) : blocks_;
  NameApart(blocks);
  return blocks;
}

void Lowering::LowerOutput(NodeId output) {
  if (!LowerOutputAsNumber(output)) LowerOutputAsCode(output);
}

// A number as it is, and whether it is a float.
void Lowering::LowerRawOutput(NodeId output) {
  const Domain& domain = DomainOf(output);
  const LinearForm number = Number(output);
  const double error = BoundOf(blocks_, number).error;
  const double tolerance = domain.MayBe(AtomType::kFloat) ? RawTolerance(domain) : kTypeMargin;
  if (!(error <= tolerance)) {
    FailImprecise(output,
                  fmt::format("is a number known only to within {:.2g}, where {:.2g} is needed,",
                              error, tolerance));
  }
  blocks_.margins.push_back({{NameInMessage(graph_, output), error, tolerance}, {}});
  blocks_.readouts = {number};
  blocks_.decoding.kind = OutputDecoding::Kind::kRaw;
  if (!domain.MayBe(AtomType::kInt) && !domain.MayBe(AtomType::kBool) &&
      !domain.MayBe(AtomType::kString)) {
    return;
  }
  RequireExactInts(output, error);
  const LinearForm type = TypeForm(output);
  const double type_error = BoundOf(blocks_, type).error;
  if (!(type_error < kTypeMargin)) FailImprecise(output, "has a type that cannot be told");
  blocks_.margins.push_back(
      {{"type of " + NameInMessage(graph_, output), type_error, kTypeMargin}, {}});
  blocks_.decoding.kind = OutputDecoding::Kind::kNumber;
  blocks_.decoding.values = domain.Strings();
  blocks_.readouts.push_back(type);
}

// Ints are rounded to ints, which needs them to within a half. `error` is that of the output; a
// single value that an aggregate gathers keeps its own error.
void Lowering::RequireExactInts(NodeId output, double error) {
  const Domain& domain = DomainOf(output);
  const auto* aggregate = std::get_if<AggregateNode>(&graph_[output].kind);
  if (domain.is_finite && aggregate != nullptr && IsFree(aggregate->values)) {
    error = 0;
    for (const Atom& value : domain.values) {
      if (TypeOf(value) != AtomType::kInt) continue;
      const double number = NumberOf(value);
      const bool is_double = static_cast<std::int64_t>(number) == std::get<std::int64_t>(value);
      error =
          std::max(error, BoundOfConstant(number, blocks_.arithmetic).error + (is_double ? 0 : 1));
    }
  }
  if (!(error < kTypeMargin)) FailImprecise(output, "holds ints too large to be exact");
}

// A sum, a mean or the like is read out directly if its values are far enough apart.
bool Lowering::LowerOutputAsNumber(NodeId output) {
  if ((!IsNumeric(output) && !HasNumberOnly(output)) || IsFree(output)) return false;
  Code codes = NumberCode(output);
  const auto number = LinearNumber(output);
  if (!number) return false;
  LinearForm form = *number;
  if (ClosestOf(codes).gap == 0) {
    // The int 1 and the float 1.0 are both possible, or strings, which have no number: the types
    // are shifted apart.
    if (!HasNumberOnly(output)) return false;
    const auto [low, high] = std::minmax_element(codes.begin(), codes.end());
    const double offset = PowerOfTwoAtLeast(*high - *low + 1);
    const Code types = TypeCode(output);
    for (std::size_t i = 0; i < codes.size(); ++i) codes[i] += offset * types[i];
    form = Sum(form, Scaled(TypeForm(output), offset));
  }
  const double error = BoundOf(blocks_, form).error;
  const ClosestPair closest = ClosestOf(codes);
  const double margin = closest.gap / 2;
  if (!(error < margin)) {
    // Where only the rounding of the program's floats is in the way, the values are distinguished
    // by the features they are made of.
    const bool is_table = !domains_.TableOf(output).rows.empty();
    if (is_table && error - DriftOf(blocks_, form) < margin) return false;
    FailImprecise(output, fmt::format("has the values {} and {}, {:.2g} apart, but is known only "
                                      "to within {:.2g}",
                                      PythonFloat(closest.low), PythonFloat(closest.high),
                                      closest.gap, error));
  }
  blocks_.readouts = {form};
  blocks_.decoding = NearestDecoding(DomainOf(output).values, codes);
  blocks_.margins.push_back({{NameInMessage(graph_, output), error, margin}, {}});
  return true;
}

void Lowering::LowerOutputAsCode(NodeId output) {
  const Domain& domain = DomainOf(output);
  Code codes;
  if (IsNumeric(output)) codes = NumberCode(output);
  const bool numbers_serve = !codes.empty() && ClosestOf(codes).gap >= kSmallestCodeGap &&
                             std::all_of(codes.begin(), codes.end(), [](double code) {
                               return std::abs(code) <= kLargestCode;
                             });
  if (!numbers_serve) {
    codes.resize(domain.values.size());
    std::iota(codes.begin(), codes.end(), 0.0);
  }
  blocks_.readouts = {Real(output, codes)};
  blocks_.decoding = NearestDecoding(domain.values, codes);
  const double error = BoundOf(blocks_, blocks_.readouts[0]).error;
  const double margin = ClosestOf(codes).gap / 2;
  if (!(error < margin)) FailImprecise(output, "has values too close to tell apart");
  blocks_.margins.push_back({{NameInMessage(graph_, output), error, margin}, {}});
}

void Lowering::FailTooLarge(NodeId id, const std::string& what) const {
  LoweringFailure failure;
  failure.diagnostic = TooLarge(graph_, domains_, id, what);
  throw failure;
}

void Lowering::FailImprecise(NodeId id, const std::string& what) const {
  LoweringFailure failure;
  failure.is_imprecise = true;
  failure.diagnostic.kind = ErrorKind::kLimit;
  failure.diagnostic.location = graph_[id].location;
  failure.diagnostic.message =
      fmt::format("{} {} in {}", NameInMessage(graph_, id), what, NameOf(options_.dtype));
  throw failure;
}

namespace {

// The most precise MLP segment within a tolerance.
PrecisionPlan PreciseEffort(double number_tolerance) {
  PrecisionPlan effort;
  effort.number_tolerance = number_tolerance;
  effort.prefer = MlpPiece::Prefer::kPrecision;
  effort.square_cells = 16;
  effort.laid_out_products = 128;
  return effort;
}

// Whether some values of a domain are floats, for which an approximation is good enough.
bool MayBeRaw(const Domain& domain) { return domain.MayBe(AtomType::kFloat); }

}  // namespace

LowerResult Lower(const DataflowGraph& graph, const Domains& domains, NodeId output,
                  const LowerOptions& options, Diagnostics& diag) {
  std::vector<PrecisionPlan> efforts{PrecisionPlan{}};
  if (options.dtype == DType::kFloat64) {
    efforts.push_back(PreciseEffort(kStrictTolerance));
    efforts.push_back(PreciseEffort(kPatientTolerance));
    // Floats that are too close together to be distinguished, such as 0.1 + 0.2 and 0.3, can still
    // be read out directly.
    if (MayBeRaw(domains[output])) {
      efforts.push_back(PreciseEffort(kStrictTolerance));
      efforts.back().read_out_raw = true;
    }
  }
  LowerResult result;
  for (const PrecisionPlan& effort : efforts) {
    try {
      result.blocks = Lowering(graph, domains, options).Run(output, effort);
      result.imprecise.reset();
      return result;
    } catch (const LoweringFailure& failure) {
      if (!failure.is_imprecise) {
        diag.Add(failure.diagnostic);
        return result;
      }
      if (!result.imprecise)
        result.imprecise = failure.diagnostic;  // the first is the most informative
    }
  }
  return result;
}

}  // namespace raspc

#include "compiler/lower/readout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "compiler/domains/wide_map.h"
#include "compiler/lower/builder/number_line.h"

namespace raspc {
namespace {

// The error that the language's rule on floats allows where an output cannot be enumerated.
constexpr double kRawTolerance = 1e-9;
constexpr double kTypeMargin = 0.5;  // types are numbered

// The error allowed in a raw output, relative to the smallest size it can have, or to 1.
double RawTolerance(const Domain& domain) {
  const auto interval = IntervalOf(domain);
  if (!interval) return 0;
  const double least = std::max({1.0, interval->low, -interval->high});
  return kRawTolerance * least;
}

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
    decoding.values.push_back(WithoutFraction(values[i]));
    decoding.codes.push_back(codes[i]);
  }
  return decoding;
}

}  // namespace

void Readout::OfListed(NodeId output) {
  if (!AsNumber(output)) AsCode(output);
}

// A number as it is, and whether it is a float.
void Readout::OfRaw(NodeId output) {
  const Domain& domain = sops_[output];
  const LinearForm number = forms_.Number(output);
  const double error = builder_.BoundOf(number).error;
  const double tolerance = domain.MayBe(AtomType::kFloat) ? RawTolerance(domain) : kTypeMargin;
  if (!(error <= tolerance)) {
    sops_.FailImprecise(
        output, fmt::format("is a number known only to within {:.2g}, where {:.2g} is needed,",
                            error, tolerance));
  }
  const std::string name = NameInMessage(sops_.graph(), output);
  builder_.AddMargin(name, error, tolerance);
  OutputDecoding decoding;
  decoding.kind = OutputDecoding::Kind::kRaw;
  if (!domain.MayBe(AtomType::kInt) && !domain.MayBe(AtomType::kBool) &&
      !domain.MayBe(AtomType::kString)) {
    builder_.SetReadouts({number}, std::move(decoding));
    return;
  }
  RequireExactInts(output, error);
  const LinearForm type = forms_.Type(output);
  const double type_error = builder_.BoundOf(type).error;
  if (!(type_error < kTypeMargin))
    sops_.FailImprecise(output, "has a type that cannot be determined");
  builder_.AddMargin("type of " + name, type_error, kTypeMargin);
  decoding.kind = OutputDecoding::Kind::kNumber;
  decoding.values = domain.Strings();
  builder_.SetReadouts({number, type}, std::move(decoding));
}

// Ints are rounded to ints, which needs them to within a half. `error` is that of the output; a
// single value that an aggregate gathers keeps its own error.
void Readout::RequireExactInts(NodeId output, double error) {
  const Domain& domain = sops_[output];
  const auto* aggregate = sops_.As<AggregateNode>(output);
  if (domain.is_finite && aggregate != nullptr && sops_.IsEmbedded(aggregate->values)) {
    error = 0;
    for (const Atom& value : domain.values) {
      if (TypeOf(value) != AtomType::kInt) continue;
      const double number = NumberOf(value);
      const bool is_double = static_cast<std::int64_t>(number) == std::get<std::int64_t>(value);
      error = std::max(
          error, BoundOfConstant(number, builder_.arithmetic()).error + (is_double ? 0 : 1));
    }
  }
  if (!(error < kTypeMargin)) sops_.FailImprecise(output, "holds ints too large to be exact");
}

// A sum, a mean or the like is read out directly if its values are far enough apart.
bool Readout::AsNumber(NodeId output) {
  const bool has_number_only = sops_.HasNumberOnly(output);
  if ((!sops_.IsNumeric(output) && !has_number_only) || sops_.IsEmbedded(output)) return false;
  Code codes = sops_.NumberCode(output);
  if (codes.size() < 2) return false;
  const auto number = forms_.LinearNumber(output);
  if (!number) return false;
  LinearForm form = *number;
  if (ClosestOf(codes).gap == 0) {
    // The int 1 and the float 1.0 are both possible, or strings, which have no number: the types
    // are shifted apart.
    if (!has_number_only) return false;
    const auto [low, high] = std::minmax_element(codes.begin(), codes.end());
    const double offset = PowerOfTwoAtLeast(*high - *low + 1);
    const Code types = sops_.TypeCode(output);
    for (std::size_t i = 0; i < codes.size(); ++i) codes[i] += offset * types[i];
    form = Sum(form, Scaled(forms_.Type(output), offset));
  }
  const double error = builder_.BoundOf(form).error;
  const ClosestPair closest = ClosestOf(codes);
  const double margin = closest.gap / 2;
  if (!(error < margin)) {
    // Where only the rounding of the program's floats is in the way, the values are distinguished
    // by the features they are made of.
    if (sops_.HasTable(output) && error - DriftOf(builder_.blocks(), form) < margin) return false;
    const auto value_with = [&](double code) {
      const auto at = std::find(codes.begin(), codes.end(), code) - codes.begin();
      return ToJson(sops_[output].values[static_cast<std::size_t>(at)]);
    };
    sops_.FailImprecise(output,
                        fmt::format("has the values {} and {}, {:.2g} apart, but is known only "
                                    "to within {:.2g}",
                                    value_with(closest.low), value_with(closest.high), closest.gap,
                                    error));
  }
  builder_.SetReadouts({form}, NearestDecoding(sops_[output].values, codes));
  builder_.AddMargin(NameInMessage(sops_.graph(), output), error, margin);
  return true;
}

void Readout::AsCode(NodeId output) {
  const Domain& domain = sops_[output];
  Code codes;
  if (sops_.IsNumeric(output)) codes = sops_.NumberCode(output);
  const bool numbers_serve = !codes.empty() && ClosestOf(codes).gap >= kSmallestCodeGap &&
                             std::all_of(codes.begin(), codes.end(), [](double code) {
                               return std::abs(code) <= kLargestCode;
                             });
  if (!numbers_serve) {
    codes.resize(domain.values.size());
    std::iota(codes.begin(), codes.end(), 0.0);
  }
  const LinearForm form = forms_.Real(output, codes);
  builder_.SetReadouts({form}, NearestDecoding(domain.values, codes));
  const double error = builder_.BoundOf(form).error;
  const double margin = ClosestOf(codes).gap / 2;
  if (!(error < margin)) sops_.FailImprecise(output, "has values too close to distinguish");
  builder_.AddMargin(NameInMessage(sops_.graph(), output), error, margin);
}

}  // namespace raspc

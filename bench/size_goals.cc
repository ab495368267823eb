#include "bench/size_goals.h"

namespace raspc {
namespace {

using Verdict = std::optional<bool>;

// The result of `holds` for the measurement at a length: false if there is no model, nothing if
// none was tried.
template <typename Holds>
Verdict JudgeAt(const MeasuredAt& at, std::int64_t max_length, const Holds& holds) {
  const Measurement* measured = at(max_length);
  if (measured == nullptr) return std::nullopt;
  return measured->HasModel() && holds(*measured);
}

// Whether `holds` at each of Tracr's lengths; nothing if one of them was not measured.
template <typename Holds>
Verdict JudgeAtTracrLengths(const MeasuredAt& at, const Holds& holds) {
  bool all_hold = true;
  for (const std::int64_t max_length : kTracrLengths) {
    const Verdict verdict = JudgeAt(
        at, max_length, [&](const Measurement& measured) { return holds(max_length, measured); });
    if (!verdict) return std::nullopt;
    all_hold = all_hold && *verdict;
  }
  return all_hold;
}

Verdict IsThirdOfTracr(const TracrTwin& twin, const MeasuredAt& at) {
  return JudgeAt(at, 32, [&](const Measurement& measured) {
    return 3 * measured.sizes.d_model <= TracrSizesAt(twin, 32)->d_model;
  });
}

Verdict HasSmallStream(const TracrTwin& twin, const MeasuredAt& at) {
  return JudgeAt(at, 128, [&](const Measurement& measured) {
    return measured.sizes.d_model <= twin.most_d_model;
  });
}

Verdict HasFewParameters(const TracrTwin& twin, const MeasuredAt& at) {
  if (!twin.tracr_parameters) return std::nullopt;
  const auto& [max_length, millions] = *twin.tracr_parameters;
  return JudgeAt(at, max_length, [most = millions * 1e6 / 20](const Measurement& measured) {
    return static_cast<double>(measured.sizes.parameters) <= most;
  });
}

Verdict HasSmallMlps(const TracrTwin&, const MeasuredAt& at) {
  return JudgeAtTracrLengths(at, [](std::int64_t max_length, const Measurement& measured) {
    return measured.sizes.d_mlp <= 8 * max_length;
  });
}

Verdict HasFewLayers(const TracrTwin& twin, const MeasuredAt& at) {
  return JudgeAtTracrLengths(at, [&](std::int64_t, const Measurement& measured) {
    return measured.sizes.layers <= twin.tracr_layers;
  });
}

// At every measured length at most the d_model of the shortest.
Verdict DoesNotGrow(const TracrTwin& twin, const MeasuredAt& at) {
  if (!twin.never_orders_positions) return std::nullopt;
  const Measurement* shortest = at(kTracrLengths.front());
  if (shortest == nullptr) return std::nullopt;
  const int d_model = shortest->sizes.d_model;
  const auto is_no_wider = [&](const Measurement& measured) {
    return measured.sizes.d_model <= d_model;
  };
  Verdict verdict =
      JudgeAtTracrLengths(at, [&](std::int64_t, const Measurement& m) { return is_no_wider(m); });
  const Verdict at_long = JudgeAt(at, kLongLength, is_no_wider);
  if (verdict && at_long) verdict = *verdict && *at_long;
  return verdict;
}

Verdict IsQuick(const MeasuredAt& at, std::int64_t max_length, double seconds) {
  return JudgeAt(at, max_length,
                 [&](const Measurement& measured) { return measured.seconds < seconds; });
}

Verdict FitsInMemory(const TracrTwin&, const MeasuredAt& at) {
  constexpr double kGibibyte = 1 << 30;
  return JudgeAt(at, kLongLength,
                 [](const Measurement& measured) { return measured.peak_bytes < kGibibyte; });
}

}  // namespace

const std::vector<SizeGoal>& SizeGoals() {
  static const std::vector<SizeGoal> goals = {
      {"d_model at most a third of Tracr's at 32", true, IsThirdOfTracr},
      {"d_model at most 64 (sort_freq: 192) at 128", true, HasSmallStream},
      {"d_model does not grow with the length", true, DoesNotGrow},
      {"parameters at most a 20th of Tracr's", true, HasFewParameters},
      {"no MLP above 8 N neurons up to 128", true, HasSmallMlps},
      {"layers at most Tracr's", true, HasFewLayers},
      {"under 0.5 s at 128", false,
       [](const TracrTwin&, const MeasuredAt& at) { return IsQuick(at, 128, 0.5); }},
      {"under 5 s at 1024", false,
       [](const TracrTwin&, const MeasuredAt& at) { return IsQuick(at, kLongLength, 5); }},
      {"under 1 GiB at 1024", false, FitsInMemory},
  };
  return goals;
}

}  // namespace raspc

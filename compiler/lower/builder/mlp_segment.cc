#include "compiler/lower/builder/mlp_segment.h"

#include <algorithm>
#include <cmath>

namespace raspc {

// A multiple of z, and the bound of its terms, which all neurons that read it share.
struct MlpSegment::Multiple {
  LinearForm form;
  SumBound of_terms;
  double slope = 0;  // relative to z
};

struct MlpSegment::Neuron {
  const Multiple* multiple = nullptr;
  double constant = 0;  // its input is that of the multiple's terms, and this
  double drift = 0;     // that does not depend on the variables

  Neuron Plus(double summand) const {
    return {multiple, constant + summand, drift + ErrorOfSum(constant, summand)};
  }
  LinearForm Form() const {
    LinearForm form = multiple->form;
    form.constant = constant;
    form.drift = drift;
    return form;
  }
};

struct MlpSegment::Candidate {
  std::vector<Neuron> neurons;
  std::vector<double> weights;
  double base = 0;
  double error = 0;  // from z and from the rounding inside neurons
  double drift = 0;  // distance of the ideal output from the value it stands for
  double margin = 0;
  double z_error = 0;
  Bound bound;

  void Add(const Neuron& neuron, double weight) {
    neurons.push_back(neuron);
    weights.push_back(weight);
  }
  // Somewhere z may err by this much, and already errs by up to `error_there`.
  void LeaveRoom(double room, double error_there) {
    if (room >= margin) return;
    margin = room;
    z_error = error_there;
  }
};

MlpSegment::MlpSegment(const Blocks& blocks, LinearForm z, std::vector<double> points)
    : blocks_(blocks), z_(std::move(z)), points_(std::move(points)) {}

MlpSegment::~MlpSegment() = default;

// --- Neurons, and what is known of them.

MlpSegment::Multiple MlpSegment::MultipleOf(LinearForm form) const {
  SumBound of_terms(blocks_.arithmetic);
  for (const auto& [variable, weight] : form.terms) of_terms.Add(weight, blocks_[variable].bound);
  const double slope =
      form.terms.empty() ? 0 : form.terms.front().second / z_.terms.front().second;
  return {std::move(form), of_terms, slope};
}

// A neuron that reads z, or `factor` times z.
MlpSegment::Neuron MlpSegment::OfZ() {
  if (!as_it_is_) as_it_is_ = std::make_unique<Multiple>(MultipleOf(z_));
  return {as_it_is_.get(), z_.constant, z_.drift};
}

MlpSegment::Neuron MlpSegment::OfZTimes(double factor) {
  const auto [at, is_new] = multiples_.try_emplace(factor);
  if (is_new) at->second = std::make_unique<Multiple>(MultipleOf(Scaled(z_, factor)));
  const Multiple& multiple = *at->second;
  return {&multiple, multiple.form.constant, multiple.form.drift};
}

// Its input as a sum, without drift.
SumBound MlpSegment::SumOf(const Neuron& neuron) const {
  SumBound sum = neuron.multiple->of_terms;
  sum.Add(neuron.constant, BoundOfConstant(1, blocks_.arithmetic));
  return sum;
}

double MlpSegment::DriftOfInput(const Neuron& neuron) const {
  return neuron.multiple->form.weight_errors.empty() ? neuron.drift
                                                     : DriftOf(blocks_, neuron.Form());
}

// The largest ideal value of a neuron over the points.
double MlpSegment::LargestOutput(const Neuron& neuron) const {
  const double slope = neuron.multiple->slope;
  const double offset = neuron.constant - slope * z_.constant;
  return std::max({0.0, slope * points_.front() + offset, slope * points_.back() + offset});
}

// Drift from computing it: a multiple of z drifts by a multiple of z's drift; this is the rest.
double MlpSegment::RoundingOfConstant(const Neuron& neuron) const {
  return std::max(0.0, neuron.drift - std::abs(neuron.multiple->slope) * z_.drift);
}

namespace {

LinearForm WithoutDrift(const LinearForm& form) {
  LinearForm result = form;
  result.drift = 0;
  result.weight_errors.clear();
  return result;
}

}  // namespace

// The error of the sum over the neurons, once all of them exist.
void MlpSegment::Finish(Candidate& candidate, const std::vector<double>& values) const {
  // Neurons that open to one side are off where those to the other are on, and adding 0 does not
  // round. Near the point where they meet, rounding may turn both on, by no more than the
  // rounding error.
  SumBound right(blocks_.arithmetic);
  SumBound left(blocks_.arithmetic);
  double rounding = 0;
  double drift = candidate.drift;
  for (std::size_t i = 0; i < candidate.neurons.size(); ++i) {
    const Neuron& neuron = candidate.neurons[i];
    const SumBound sum = SumOf(neuron);
    // The shape accounts for the error of z itself (`candidate.error`); what remains is the
    // rounding inside the neuron, and that of its constant.
    const double own_rounding = std::max(0.0, sum.Computed().error - sum.Given().error);
    rounding += std::abs(candidate.weights[i]) * own_rounding;
    drift += std::abs(candidate.weights[i]) * RoundingOfConstant(neuron);
    Bound output = sum.Computed(DriftOfInput(neuron));
    if (output.error != 0) output.error = std::numeric_limits<double>::denorm_min();
    output.max_abs = LargestOutput(neuron);
    (neuron.multiple->slope > 0 ? right : left).Add(candidate.weights[i], output);
  }
  for (SumBound* side : {&right, &left}) {
    side->Add(candidate.base, BoundOfConstant(1, blocks_.arithmetic));
  }
  candidate.bound = right.Computed();
  candidate.bound.error = std::max(candidate.bound.error, left.Computed().error);
  candidate.bound.error += std::max(1.01 * rounding, rounding + drift) + candidate.error;
  // A result without error is one of the values, whatever grid the neurons needed.
  candidate.bound.max_abs = 0;
  candidate.bound.grid = Bound::kAnyGrid;
  for (const double value : values) {
    candidate.bound.max_abs = std::max(candidate.bound.max_abs, std::abs(value));
    candidate.bound.grid = std::min(candidate.bound.grid, LowestBit(value));
  }
}

MlpSegment::Output MlpSegment::Keep(const Candidate& candidate) {
  Output output;
  output.base = candidate.base;
  output.bound = candidate.bound;
  output.margin = candidate.margin;
  output.own_error = candidate.bound.error - candidate.error;
  output.z_error = candidate.z_error;
  for (std::size_t i = 0; i < candidate.neurons.size(); ++i) {
    const Neuron& neuron = candidate.neurons[i];
    // Every neuron reads a multiple of z: one weight determines the others.
    const auto& terms = neuron.multiple->form.terms;
    const double slope = terms.empty() ? 0 : terms.front().second;
    const auto [at, is_new] =
        index_.try_emplace({slope, neuron.constant}, static_cast<std::int32_t>(neurons_.size()));
    if (is_new) neurons_.push_back(neuron.Form());
    output.weights.emplace_back(at->second, candidate.weights[i]);
  }
  return output;
}

namespace {

// A breakpoint between two points on a coarse grid, so that it costs few bits: within an eighth of
// the gap of the middle.
double Breakpoint(double below, double above) {
  const double grid = PowerOfTwoAtLeast((above - below) / 16);
  return std::round((below + above) / 2 / grid) * grid;
}

}  // namespace

std::optional<MlpSegment::Candidate> MlpSegment::StepsTo(Side side,
                                                     const std::vector<double>& values) {
  const double direction = side == Side::kRight ? 1 : -1;
  Candidate candidate;
  candidate.base = side == Side::kRight ? values.front() : values.back();
  candidate.margin = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < points_.size(); ++i) {
    if (values[i] == values[i + 1]) continue;
    const double change = direction * (values[i + 1] - values[i]);
    const double breakpoint = Breakpoint(points_[i], points_[i + 1]);
    const double clearance = std::min(breakpoint - points_[i], points_[i + 1] - breakpoint);
    bool is_clear = false;
    // A steeper ramp leaves more room for errors in z, until rounding in the neuron uses it up.
    double slope = PowerOfTwoAtLeast(2 / (points_[i + 1] - points_[i]));
    for (int attempt = 0; attempt < 3 && !is_clear; ++attempt, slope *= 2) {
      const Neuron ramp = OfZTimes(direction * slope).Plus(-direction * slope * breakpoint);
      const Neuron high = ramp.Plus(0.5);
      const double error = SumOf(high).Computed(DriftOfInput(high)).error;
      const double room = slope * clearance - 0.5 - error;
      if (!(room >= 0)) continue;
      is_clear = true;
      candidate.LeaveRoom(room / slope, error / slope);
      candidate.Add(high, change);
      candidate.Add(ramp.Plus(-0.5), -change);
    }
    if (!is_clear) return std::nullopt;
  }
  Finish(candidate, values);
  return candidate;
}

std::vector<double> MlpSegment::SlopesOf(const std::vector<double>& values) const {
  std::vector<double> slopes;
  for (std::size_t i = 0; i + 1 < points_.size(); ++i) {
    slopes.push_back((values[i + 1] - values[i]) / (points_[i + 1] - points_[i]));
  }
  return slopes;
}

// The start that minimises the larger of the neurons' sums on the two sides.
std::size_t MlpSegment::MiddleOf(const std::vector<double>& values) const {
  const std::vector<double> slopes = SlopesOf(values);
  const std::size_t n = points_.size();
  std::vector<double> right(n, 0), left(n, 0);  // of all neurons that open beyond a point
  for (std::size_t i = n - 1; i-- > 1;) {
    right[i - 1] = right[i] + std::abs(slopes[i] - slopes[i - 1]) * (points_.back() - points_[i]);
  }
  for (std::size_t i = 1; i + 1 < n; ++i) {
    left[i + 1] = left[i] + std::abs(slopes[i] - slopes[i - 1]) * (points_[i] - points_.front());
  }
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i + 1 < n; ++i) {
    const double to_right = right[i] + std::abs(slopes[i]) * (points_.back() - points_[i]);
    const double to_left = left[i] + std::abs(slopes[i - 1]) * (points_[i] - points_.front());
    const double size = std::abs(values[i]) + std::max(to_right, to_left);
    if (size >= least) continue;
    least = size;
    best = i;
  }
  return best;
}

// How far the lines are from the values, since slopes and their changes are rounded.
double MlpSegment::DeviationOf(std::size_t start, const std::vector<double>& slopes,
                             const std::vector<double>& values) const {
  double deviation = 0;
  const auto follow = [&](std::size_t from, std::size_t to, std::size_t line, double& before,
                          long double& slope, long double& value) {
    slope += slopes[line] - before;
    before = slopes[line];
    value += slope * (static_cast<long double>(points_[to]) - points_[from]);
    deviation = std::max(deviation, static_cast<double>(std::abs(value - values[to])));
  };
  double before = 0;
  long double slope = 0, value = values[start];
  for (std::size_t i = start; i < slopes.size(); ++i) follow(i, i + 1, i, before, slope, value);
  before = 0;
  slope = 0;
  value = values[start];
  for (std::size_t i = start; i-- > 0;) follow(i + 1, i, i, before, slope, value);
  return deviation;
}

std::optional<MlpSegment::Candidate> MlpSegment::InterpolationFrom(
    std::size_t start, const std::vector<double>& values) {
  Candidate candidate;
  candidate.margin = std::numeric_limits<double>::infinity();
  candidate.base = values[start];
  const std::vector<double> slopes = SlopesOf(values);
  double steepest = 0;
  for (const double slope : slopes) steepest = std::max(steepest, std::abs(slope));
  if (!std::isfinite(steepest)) return std::nullopt;
  double before = 0;
  for (std::size_t i = start; i < slopes.size(); ++i) {
    if (slopes[i] == before) continue;
    candidate.Add(OfZ().Plus(-points_[i]), slopes[i] - before);
    before = slopes[i];
  }
  before = 0;
  for (std::size_t i = start; i-- > 0;) {
    if (slopes[i] == before) continue;
    candidate.Add(OfZTimes(-1).Plus(points_[i + 1]), before - slopes[i]);
    before = slopes[i];
  }
  // Where z falls short of the first point, or beyond the last, the outermost slope still bounds
  // the error.
  candidate.error = steepest * GivenBoundOf(blocks_, WithoutDrift(z_)).error;
  candidate.drift = steepest * DriftOf(blocks_, z_) + DeviationOf(start, slopes, values);
  Finish(candidate, values);
  return candidate;
}

std::optional<MlpSegment::Output> MlpSegment::Steps(const std::vector<double>& values) {
  auto right = StepsTo(Side::kRight, values);
  auto left = StepsTo(Side::kLeft, values);
  if (!right && !left) return std::nullopt;
  const bool take_left = !right || (left && left->bound.error < right->bound.error);
  return Keep(take_left ? *left : *right);
}

std::optional<MlpSegment::Output> MlpSegment::Interpolation(const std::vector<double>& values) {
  constexpr double kWorthANeuron = 0.5;
  std::optional<Candidate> best;
  const auto consider = [&](std::size_t start, double factor) {
    auto candidate = InterpolationFrom(start, values);
    if (!candidate) return;
    if (best && !(candidate->bound.error < factor * best->bound.error)) return;
    best = std::move(candidate);
  };
  consider(0, 1);
  consider(points_.size() - 1, 1);
  consider(MiddleOf(values), kWorthANeuron);
  if (!best) return std::nullopt;
  return Keep(*best);
}

std::optional<MlpSegment::Output> MlpSegment::Function(const std::vector<double>& values,
                                                   double tolerance, Prefer prefer) {
  std::optional<Candidate> best;
  const auto better = [&](const Candidate& a, const Candidate& b) {
    const bool a_exact = a.bound.IsExact();
    const bool b_exact = b.bound.IsExact();
    if (a_exact != b_exact) return a_exact;
    if (prefer == Prefer::kFewNeurons && a.neurons.size() != b.neurons.size()) {
      return a.neurons.size() < b.neurons.size();
    }
    return a.bound.error < b.bound.error;
  };
  const auto consider = [&](std::optional<Candidate> candidate) {
    if (!candidate || !(candidate->bound.error <= tolerance)) return;
    if (!best || better(*candidate, *best)) best = std::move(candidate);
  };
  consider(StepsTo(Side::kRight, values));
  consider(InterpolationFrom(0, values));
  consider(StepsTo(Side::kLeft, values));
  consider(InterpolationFrom(points_.size() - 1, values));
  // One more neuron than starting at an end, but smaller sums: used where the others' error is too
  // large.
  if (!best || prefer == Prefer::kPrecision) {
    consider(InterpolationFrom(MiddleOf(values), values));
  }
  if (!best) return std::nullopt;
  return Keep(*best);
}

std::optional<MlpSegment::Output> MlpSegment::Hinges(const std::vector<bool>& is_zero) {
  const auto first = std::find(is_zero.begin(), is_zero.end(), true);
  if (first == is_zero.end()) return std::nullopt;
  const auto after = std::find(first, is_zero.end(), false);
  if (std::find(after, is_zero.end(), true) != is_zero.end()) return std::nullopt;

  Candidate candidate;
  candidate.margin = std::numeric_limits<double>::infinity();
  // One neuron that rises towards `outside` and is off at `inside`.
  const auto add_hinge = [&](double inside, double outside) {
    const double direction = outside > inside ? 1 : -1;
    const double gap = std::abs(outside - inside);
    const double breakpoint = Breakpoint(std::min(inside, outside), std::max(inside, outside));
    double slope = PowerOfTwoAtLeast(3 / gap);
    for (int attempt = 0; attempt < 3; ++attempt, slope *= 2) {
      const Neuron neuron = OfZTimes(direction * slope).Plus(-direction * slope * breakpoint);
      const double error = SumOf(neuron).Computed(DriftOfInput(neuron)).error;
      const double inside_room = slope * std::abs(breakpoint - inside) - error;
      const double outside_room = slope * std::abs(outside - breakpoint) - 1 - error;
      const double room = std::min(inside_room, outside_room);
      if (!(room >= 0) || !(inside_room > 0)) continue;
      candidate.LeaveRoom(room / slope, error / slope);
      candidate.Add(neuron, 1);
      return true;
    }
    return false;
  };
  const auto first_at = static_cast<std::size_t>(first - is_zero.begin());
  const auto after_at = static_cast<std::size_t>(after - is_zero.begin());
  if (first_at > 0 && !add_hinge(points_[first_at], points_[first_at - 1])) return std::nullopt;
  if (after_at < points_.size() && !add_hinge(points_[after_at - 1], points_[after_at])) {
    return std::nullopt;
  }
  Output output = Keep(candidate);
  for (const Neuron& neuron : candidate.neurons) output.bound.max_abs += LargestOutput(neuron);
  output.bound.error =
      std::numeric_limits<double>::denorm_min();  // above 0 anything of at least 1 will do
  return output;
}

}  // namespace raspc

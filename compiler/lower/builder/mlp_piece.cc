#include "compiler/lower/builder/mlp_piece.h"

#include <algorithm>
#include <cmath>

namespace raspc {

struct MlpPiece::Candidate {
  std::vector<LinearForm> neurons;
  std::vector<double> weights;
  double base = 0;
  double error = 0;  // from z and from the rounding inside neurons
  double drift = 0;  // distance of the ideal output from the value it stands for
  double margin = 0;
  double z_error = 0;
  Bound bound;

  // Somewhere z may err by this much, and already errs by up to `error_there`.
  void LeaveRoom(double room, double error_there) {
    if (room >= margin) return;
    margin = room;
    z_error = error_there;
  }
};

MlpPiece::MlpPiece(const Blocks& blocks, LinearForm z, std::vector<double> points)
    : blocks_(blocks), z_(std::move(z)), points_(std::move(points)) {}

// A neuron's input is slope * z + constant: the first term gives the slope.
double MlpPiece::SlopeOf(const LinearForm& input) const {
  return z_.terms.empty() ? 0 : input.terms.front().second / z_.terms.front().second;
}

// The largest ideal value of a neuron over the points.
double MlpPiece::LargestOutput(const LinearForm& input) const {
  const double slope = SlopeOf(input);
  const double offset = input.constant - slope * z_.constant;
  return std::max({0.0, slope * points_.front() + offset, slope * points_.back() + offset});
}

namespace {

LinearForm WithoutDrift(const LinearForm& form) {
  LinearForm result = form;
  result.drift = 0;
  result.weight_errors.clear();
  return result;
}

}  // namespace

// Of the neuron's sum, apart from the error of z.
double MlpPiece::RoundingIn(const LinearForm& input, const Bound& bound) const {
  if (input.HasDrift()) {
    const LinearForm as_is = WithoutDrift(input);
    return RoundingIn(as_is, BoundOf(blocks_, as_is));
  }
  return std::max(0.0, bound.error - GivenBoundOf(blocks_, input).error);
}

// Drift from computing it: a multiple of z drifts by a multiple of z's drift; this is the rest.
double MlpPiece::RoundingOfConstant(const LinearForm& input) const {
  return std::max(0.0, input.drift - std::abs(SlopeOf(input)) * z_.drift);
}

void MlpPiece::AddNeuron(Candidate& candidate, LinearForm input, double weight) const {
  candidate.neurons.push_back(std::move(input));
  candidate.weights.push_back(weight);
}

// The error of the sum over the neurons, once all of them exist.
void MlpPiece::Finish(Candidate& candidate, const std::vector<double>& values) const {
  // Neurons that open to one side are off where those to the other are on, and adding 0 does not
  // round. Near the point where they meet, rounding may turn both on, by no more than the
  // rounding error.
  SumBound right(blocks_.arithmetic);
  SumBound left(blocks_.arithmetic);
  double rounding = 0;
  double drift = candidate.drift;
  for (std::size_t i = 0; i < candidate.neurons.size(); ++i) {
    Bound neuron = BoundOf(blocks_, candidate.neurons[i]);
    // The shape accounts for the error of z itself (`candidate.error`); what remains is the
    // rounding inside the neuron, and that of its constant.
    rounding += std::abs(candidate.weights[i]) * RoundingIn(candidate.neurons[i], neuron);
    drift += std::abs(candidate.weights[i]) * RoundingOfConstant(candidate.neurons[i]);
    if (neuron.error != 0) neuron.error = std::numeric_limits<double>::denorm_min();
    neuron.max_abs = LargestOutput(candidate.neurons[i]);
    (SlopeOf(candidate.neurons[i]) > 0 ? right : left).Add(candidate.weights[i], neuron);
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

MlpPiece::Output MlpPiece::Keep(const Candidate& candidate) {
  Output output;
  output.base = candidate.base;
  output.bound = candidate.bound;
  output.margin = candidate.margin;
  output.own_error = candidate.bound.error - candidate.error;
  output.z_error = candidate.z_error;
  for (std::size_t i = 0; i < candidate.neurons.size(); ++i) {
    const LinearForm& neuron = candidate.neurons[i];
    // Every neuron reads a multiple of z: one weight determines the others.
    const double slope = neuron.terms.empty() ? 0 : neuron.terms.front().second;
    const auto [at, is_new] =
        index_.try_emplace({slope, neuron.constant}, static_cast<std::int32_t>(neurons_.size()));
    if (is_new) neurons_.push_back(neuron);
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

std::optional<MlpPiece::Candidate> MlpPiece::StepsTo(Side side,
                                                     const std::vector<double>& values) const {
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
      const LinearForm ramp =
          Shifted(Scaled(z_, direction * slope), -direction * slope * breakpoint);
      LinearForm high = Shifted(ramp, 0.5);
      LinearForm low = Shifted(ramp, -0.5);
      const double error = BoundOf(blocks_, high).error;
      const double room = slope * clearance - 0.5 - error;
      if (!(room >= 0)) continue;
      is_clear = true;
      candidate.LeaveRoom(room / slope, error / slope);
      AddNeuron(candidate, std::move(high), change);
      AddNeuron(candidate, std::move(low), -change);
    }
    if (!is_clear) return std::nullopt;
  }
  Finish(candidate, values);
  return candidate;
}

std::vector<double> MlpPiece::SlopesOf(const std::vector<double>& values) const {
  std::vector<double> slopes;
  for (std::size_t i = 0; i + 1 < points_.size(); ++i) {
    slopes.push_back((values[i + 1] - values[i]) / (points_[i + 1] - points_[i]));
  }
  return slopes;
}

// The start that minimises the larger of the neurons' sums on the two sides.
std::size_t MlpPiece::MiddleOf(const std::vector<double>& values) const {
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
double MlpPiece::DeviationOf(std::size_t start, const std::vector<double>& slopes,
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

std::optional<MlpPiece::Candidate> MlpPiece::InterpolationFrom(
    std::size_t start, const std::vector<double>& values) const {
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
    AddNeuron(candidate, Shifted(z_, -points_[i]), slopes[i] - before);
    before = slopes[i];
  }
  before = 0;
  for (std::size_t i = start; i-- > 0;) {
    if (slopes[i] == before) continue;
    AddNeuron(candidate, Shifted(Scaled(z_, -1), points_[i + 1]), before - slopes[i]);
    before = slopes[i];
  }
  // Where z falls short of the first point, or beyond the last, the outermost slope still bounds
  // the error.
  candidate.error = steepest * GivenBoundOf(blocks_, WithoutDrift(z_)).error;
  candidate.drift = steepest * DriftOf(blocks_, z_) + DeviationOf(start, slopes, values);
  Finish(candidate, values);
  return candidate;
}

std::optional<MlpPiece::Output> MlpPiece::Steps(const std::vector<double>& values) {
  auto right = StepsTo(Side::kRight, values);
  auto left = StepsTo(Side::kLeft, values);
  if (!right && !left) return std::nullopt;
  const bool take_left = !right || (left && left->bound.error < right->bound.error);
  return Keep(take_left ? *left : *right);
}

std::optional<MlpPiece::Output> MlpPiece::Interpolation(const std::vector<double>& values) {
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

std::optional<MlpPiece::Output> MlpPiece::Function(const std::vector<double>& values,
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

std::optional<MlpPiece::Output> MlpPiece::Hinges(const std::vector<bool>& is_zero) {
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
      LinearForm input = Shifted(Scaled(z_, direction * slope), -direction * slope * breakpoint);
      const double error = BoundOf(blocks_, input).error;
      const double inside_room = slope * std::abs(breakpoint - inside) - error;
      const double outside_room = slope * std::abs(outside - breakpoint) - 1 - error;
      const double room = std::min(inside_room, outside_room);
      if (!(room >= 0) || !(inside_room > 0)) continue;
      candidate.LeaveRoom(room / slope, error / slope);
      AddNeuron(candidate, std::move(input), 1);
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
  for (const auto& [neuron, weight] : output.weights) {
    output.bound.max_abs += LargestOutput(neurons_[static_cast<std::size_t>(neuron)]);
  }
  output.bound.error =
      std::numeric_limits<double>::denorm_min();  // above 0 anything of at least 1 will do
  return output;
}

}  // namespace raspc

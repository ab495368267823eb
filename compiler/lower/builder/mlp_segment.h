// Functions of one number, made of ReLU neurons.
//
// Everything an MLP computes is brought to this form: a number z (a linear form), its finitely many
// ideal values, and the output at each. There are three shapes:
//
//   steps        a change of the output at a breakpoint b, midway between two neighbouring z, is a
//                ramp of two neurons, s(z-b)+1/2 and s(z-b)-1/2: their difference is 0 below and 1
//                above, and an error in z that stays clear of the ramp disappears
//   interpolation  one neuron per change of slope; errors in z are multiplied by the slope
//   hinges       for outputs that need only be exactly 0 on a run of neighbouring z and at least 1
//                elsewhere: one neuron per end of the run, and no cancellation, so that the 0 is
//                exact whatever the rounding of z. This is what attention scores are built from.
//
// Steps and interpolations may open to the right or to the left: smaller neurons round less. For a
// width, z = 1/(1+w), opening to the left bounds their sum by N^2 rather than N^3. An interpolation
// may also open to both sides from a point in between, which suits functions that grow both ways,
// such as squares.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "compiler/lower/builder/blocks.h"

namespace raspc {

class MlpSegment {
 public:
  struct Output {
    double base = 0;
    std::vector<std::pair<std::int32_t, double>> weights;  // neuron, weight
    Bound bound;
    double margin = 0;     // how much larger the error of z could be
    double z_error = 0;    // and how large it is where that margin is smallest
    double own_error = 0;  // the part of the bound's error that does not come from z
  };

  // `z` must be readable in `blocks`; `points` are its ideal values, ascending.
  MlpSegment(const Blocks& blocks, LinearForm z, std::vector<double> points);
  ~MlpSegment();

  // The function with `values[i]` at points[i]: the better of steps and interpolation, that is an
  // exact one if possible, else the one with fewer neurons, or the more precise one, among those
  // with an error of at most `tolerance`. Nothing if z is not precise enough.
  enum class Prefer { kFewNeurons, kPrecision };
  std::optional<Output> Function(const std::vector<double>& values, double tolerance,
                                 Prefer prefer = Prefer::kFewNeurons);
  std::optional<Output> Steps(const std::vector<double>& values);
  // Straight lines between the points: an error in z moves the output along the line.
  std::optional<Output> Interpolation(const std::vector<double>& values);
  // Exactly 0 where `is_zero`, at least 1 elsewhere. Nothing if the zeros are not one run of
  // points, or z is not precise enough.
  std::optional<Output> Hinges(const std::vector<bool>& is_zero);

  const std::vector<LinearForm>& neurons() const { return neurons_; }

 private:
  struct Multiple;
  struct Neuron;
  struct Candidate;
  enum class Side { kRight, kLeft };

  std::optional<Candidate> StepsTo(Side side, const std::vector<double>& values);
  // With neurons that open to the right from points_[start] on, and to the left before it.
  std::optional<Candidate> InterpolationFrom(std::size_t start, const std::vector<double>& values);
  std::size_t MiddleOf(const std::vector<double>& values) const;
  std::vector<double> SlopesOf(const std::vector<double>& values) const;
  double DeviationOf(std::size_t start, const std::vector<double>& slopes,
                     const std::vector<double>& values) const;
  Multiple MultipleOf(LinearForm form) const;
  Neuron OfZ();
  Neuron OfZTimes(double factor);
  SumBound SumOf(const Neuron& neuron) const;
  double DriftOfInput(const Neuron& neuron) const;
  double LargestOutput(const Neuron& neuron) const;
  double RoundingOfConstant(const Neuron& neuron) const;
  void Finish(Candidate& candidate, const std::vector<double>& values) const;
  Output Keep(const Candidate& candidate);

  const Blocks& blocks_;
  LinearForm z_;
  std::vector<double> points_;
  std::vector<LinearForm> neurons_;
  std::map<std::pair<double, double>, std::int32_t> index_;  // by slope and constant
  std::unique_ptr<Multiple> as_it_is_;
  std::map<double, std::unique_ptr<Multiple>> multiples_;  // by factor
};

}  // namespace raspc

// An MLP as piecewise-linear functions of a few numbers.
//
// Hidden neurons whose input weights are multiples of one another read one number z, and their
// output is a piecewise-linear function of z with a breakpoint per neuron:
//
//     sum over neurons of ReLU(a z + b) w  =  value_i + slope_i (z - s_i)   for t_i <= z < t_i+1
//
// where s_i is the number of the interval that is nearest to 0.
//
// So a staircase of N neurons costs a search for z among its breakpoints and one multiplication per
// output, where a product costs N. It is the same function: values and slopes are summed in twice
// the precision of a double and rounded once, so the result is closer to the weights' exact
// function than the sum over the neurons is.
//
// Neurons that do not share their direction with kFewNeurons others are computed as neurons.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/model/model.h"
#include "runtime/engine/structured/sparse_map.h"

namespace raspc {

// A search among breakpoints costs about as much as this many neurons.
inline constexpr int kFewNeurons = 12;

// Finds the interval of a number among ascending breakpoints: a table over equal cells, of the
// number itself or, where that spreads them better, of its logarithm, then bisection within the
// cell.
class IntervalSearch {
 public:
  IntervalSearch() = default;
  // `breakpoints` is ascending and not empty; equal ones are allowed.
  explicit IntervalSearch(std::vector<double> breakpoints);

  // How many breakpoints are <= z; 0 for NaN.
  int IntervalOf(double z) const;
  const std::vector<double>& breakpoints() const { return breakpoints_; }

 private:
  friend class PiecewiseLinear;

  int Find(double z) const;  // IntervalOf, inlined into the loops of PiecewiseLinear
  std::int64_t CellOf(double z) const;
  void MakeCells(bool logarithmic, std::int64_t num_cells);
  int FullestCell() const;

  std::vector<double> breakpoints_;
  std::vector<std::int32_t> cells_;  // [num_cells + 1]: breakpoints in the cells before
  bool logarithmic_ = false;
  double offset_ = 0, per_cell_ = 0;  // of equal cells
  std::int64_t lowest_key_ = 0;       // of logarithmic ones
  int shift_ = 0;
};

// The neurons that read one direction and write to the same outputs.
class PiecewiseLinear {
 public:
  struct Neuron {
    double factor;                // a: the neuron's input weights are a times the direction; not 0
    double bias;                  // b
    std::vector<double> weights;  // [num_outputs]
  };
  // z is the product of the stream with `direction`, whose indices are ascending. There is at least
  // one neuron; `outputs` lists the features its weights are for.
  PiecewiseLinear(std::vector<SparseMap::Entry> direction, std::vector<int> outputs,
                  const std::vector<Neuron>& neurons);

  int num_neurons() const { return static_cast<int>(search_.breakpoints().size()); }
  const std::vector<SparseMap::Entry>& direction() const { return direction_; }
  const std::vector<int>& outputs() const { return outputs_; }

  // Adds the function's values for the stream `x`, [d_model], to `added`: of output o to feature
  // outputs[o]. `z` is scratch for num_positions numbers.
  void Add(Features x, std::ptrdiff_t num_positions, double* z, Features added) const;
  // The same for one position, with contiguous features.
  void AddOne(const double* x, double* added) const;

 private:
  struct Piece {
    double value, slope;
  };
  // Adds the values at z, which lies in the interval; output o goes to added[outputs_[o] * stride].
  void AddAt(double z, int interval, double* added, std::ptrdiff_t stride) const;
  // The value of output o there.
  double ValueAt(double z, int interval, std::size_t o) const;
  void AddOneOutput(const double* z, std::ptrdiff_t num_positions, double* added) const;

  std::vector<SparseMap::Entry> direction_;
  std::vector<int> outputs_;
  IntervalSearch search_;
  std::vector<double> anchors_;  // [num_neurons + 1]: s of each interval
  std::vector<Piece> pieces_;    // [num_neurons + 1, num_outputs]
};

// A whole MLP.
class StructuredMlp {
 public:
  StructuredMlp() = default;
  // `eps` is the rounding unit of the model's type: how far stored multiples may be from exact.
  StructuredMlp(const Mlp& mlp, double eps);

  const std::vector<PiecewiseLinear>& functions() const { return functions_; }
  // Neurons that are computed one by one.
  int num_neurons() const { return in_.num_outputs(); }
  bool empty() const { return functions_.empty() && in_.num_outputs() == 0 && written_.empty(); }

  // Memory that Add needs, in doubles per position.
  int ScratchRows() const { return 1 + num_neurons() + static_cast<int>(written_.size()); }
  // x += the MLP's output. `scratch` has ScratchRows() rows.
  void Add(Features x, std::ptrdiff_t num_positions, Features scratch) const;
  // The same for one position: x is [d_model], `scratch` [ScratchRows()].
  void AddOne(double* x, double* scratch) const;

 private:
  int d_model_ = 0;
  std::vector<PiecewiseLinear> functions_;
  SparseMap in_, out_;        // of the other neurons; out_ has the MLP's bias
  std::vector<int> written_;  // directions of the stream that the MLP adds to
};

}  // namespace raspc

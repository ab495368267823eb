// See piecewise_linear.h.
//
// Neurons are grouped by the support of their input weights and the ratios between them, first by a
// hash of the rounded ratios and then exactly, up to the rounding of stored weights: weights that
// were the same multiple before they were stored have an error of half a unit each.
#include "runtime/engine/structured/piecewise_linear.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

namespace raspc {
namespace {

// A sum of two doubles, with twice the digits of one (Dekker 1971; Shewchuk 1997, section 2).
struct DoubleDouble {
  double high = 0, low = 0;

  void Add(double x) {
    const double sum = high + x;
    const double part = sum - high;
    low += (high - (sum - part)) + (x - part);
    high = sum;
  }
  // Adds a * b without rounding the product.
  void AddProduct(double a, double b) {
    const double product = a * b;
    Add(product);
    const double error = std::fma(a, b, -product);
    if (std::isfinite(error)) low += error;
  }
  void AddProduct(const DoubleDouble& a, double b) {
    AddProduct(a.high, b);
    AddProduct(a.low, b);
  }
  void Add(const DoubleDouble& x) {
    Add(x.high);
    Add(x.low);
  }
  double value() const { return high + low; }
};

// An order-preserving map from doubles to integers; neighbours differ by 1.
std::int64_t KeyOf(double x) {
  const auto bits = std::bit_cast<std::int64_t>(x + 0.0);
  return bits >= 0 ? bits : std::numeric_limits<std::int64_t>::min() - bits;
}

}  // namespace

// IntervalSearch: ------------------------------------------------------------------------------

IntervalSearch::IntervalSearch(std::vector<double> breakpoints)
    : breakpoints_(std::move(breakpoints)) {
  const auto num_cells = static_cast<std::int64_t>(std::bit_ceil(2 * breakpoints_.size() + 2));
  MakeCells(false, num_cells);
  if (FullestCell() <= 2) return;
  const int linear = FullestCell();
  MakeCells(true, num_cells);
  if (FullestCell() >= linear) MakeCells(false, num_cells);
}

void IntervalSearch::MakeCells(bool logarithmic, std::int64_t num_cells) {
  const double low = breakpoints_.front(), high = breakpoints_.back();
  logarithmic_ = logarithmic;
  offset_ = low;
  // Two breakpoints may be so close, or so far apart, that their cells have no finite number.
  per_cell_ = static_cast<double>(num_cells - 1) / (high - low);
  if (!std::isfinite(per_cell_) || !(high - low < std::numeric_limits<double>::max())) {
    per_cell_ = 0;
  }
  lowest_key_ = KeyOf(low);
  shift_ = 0;
  const auto span =
      static_cast<std::uint64_t>(KeyOf(high)) - static_cast<std::uint64_t>(lowest_key_);
  while ((span >> shift_) >= static_cast<std::uint64_t>(num_cells)) ++shift_;
  cells_.assign(static_cast<std::size_t>(num_cells) + 1, 0);
  for (const double t : breakpoints_) ++cells_[static_cast<std::size_t>(CellOf(t)) + 1];
  std::partial_sum(cells_.begin(), cells_.end(), cells_.begin());
}

// Requires z within the breakpoints.
inline std::int64_t IntervalSearch::CellOf(double z) const {
  if (!logarithmic_) return static_cast<std::int64_t>((z - offset_) * per_cell_);
  return static_cast<std::int64_t>(
      (static_cast<std::uint64_t>(KeyOf(z)) - static_cast<std::uint64_t>(lowest_key_)) >> shift_);
}

int IntervalSearch::FullestCell() const {
  int fullest = 0;
  for (std::size_t c = 1; c < cells_.size(); ++c) {
    fullest = std::max(fullest, cells_[c] - cells_[c - 1]);
  }
  return fullest;
}

inline int IntervalSearch::Find(double z) const {
  if (!(z >= breakpoints_.front())) return 0;
  if (z >= breakpoints_.back()) return static_cast<int>(breakpoints_.size());
  const auto cell = static_cast<std::size_t>(CellOf(z));
  // Rounding is monotone, so every breakpoint <= z lies in this cell or one before.
  int first = cells_[cell], last = cells_[cell + 1];
  while (first < last) {
    const int middle = (first + last) / 2;
    if (breakpoints_[static_cast<std::size_t>(middle)] <= z) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

int IntervalSearch::IntervalOf(double z) const { return Find(z); }

// PiecewiseLinear: -----------------------------------------------------------------------------

PiecewiseLinear::PiecewiseLinear(std::vector<SparseMap::Entry> direction, std::vector<int> outputs,
                                 const std::vector<Neuron>& neurons)
    : direction_(std::move(direction)), outputs_(std::move(outputs)) {
  struct Break {
    double at;
    const Neuron* neuron;
  };
  std::vector<Break> breaks;
  for (const Neuron& neuron : neurons) breaks.push_back({-neuron.bias / neuron.factor, &neuron});
  std::stable_sort(breaks.begin(), breaks.end(),
                   [](const Break& a, const Break& b) { return a.at < b.at; });
  std::vector<double> breakpoints;
  for (const Break& b : breaks) breakpoints.push_back(b.at);
  for (std::size_t i = 0; i <= breakpoints.size(); ++i) {
    // No number of the interval is nearer to 0, so neither the factor of the slope nor
    // the value at the anchor is larger than the terms the neurons add up at the number itself.
    const double low = i == 0 ? -std::numeric_limits<double>::infinity() : breakpoints[i - 1];
    const double high =
        i == breakpoints.size() ? std::numeric_limits<double>::infinity() : breakpoints[i];
    anchors_.push_back(std::clamp(0.0, low, high));
  }
  search_ = IntervalSearch(std::move(breakpoints));
  pieces_.resize(anchors_.size() * outputs_.size());
  // On an interval the active neurons add up to slope * z + constant. Those that open to the right
  // become active from left to right, the others from right to left. Nothing is ever subtracted
  // again: the rounding of a large number would remain.
  struct Line {
    DoubleDouble slope, constant;
    void Enter(const Neuron& neuron, std::size_t o) {
      slope.AddProduct(neuron.weights[o], neuron.factor);
      constant.AddProduct(neuron.weights[o], neuron.bias);
    }
  };
  std::vector<Line> rightward(anchors_.size());
  for (std::size_t o = 0; o < outputs_.size(); ++o) {
    Line line;
    for (std::size_t i = 0; i < anchors_.size(); ++i) {
      if (i > 0 && breaks[i - 1].neuron->factor > 0) line.Enter(*breaks[i - 1].neuron, o);
      rightward[i] = line;
    }
    line = {};
    for (std::size_t i = anchors_.size(); i-- > 0;) {
      if (i < breaks.size() && breaks[i].neuron->factor < 0) line.Enter(*breaks[i].neuron, o);
      DoubleDouble slope = rightward[i].slope, value = rightward[i].constant;
      slope.Add(line.slope);
      value.Add(line.constant);
      value.AddProduct(slope, anchors_[i]);
      pieces_[i * outputs_.size() + o] = {value.value(), slope.value()};
    }
  }
}

inline double PiecewiseLinear::ValueAt(double z, int interval, std::size_t o) const {
  const auto i = static_cast<std::size_t>(interval);
  const Piece& piece = pieces_[i * outputs_.size() + o];
  const double beyond = z - anchors_[i];
  // A piece without slope has the same value however large z is, but a NaN stays one.
  if (piece.slope == 0 && !std::isnan(beyond)) return piece.value;
  return piece.value + piece.slope * beyond;
}

inline void PiecewiseLinear::AddAt(double z, int interval, double* added,
                                   std::ptrdiff_t stride) const {
  for (std::size_t o = 0; o < outputs_.size(); ++o) {
    added[outputs_[o] * stride] += ValueAt(z, interval, o);
  }
}

void PiecewiseLinear::AddOneOutput(const double* z, std::ptrdiff_t num_positions,
                                   double* added) const {
  double last = std::nan(""), value = 0;
  for (std::ptrdiff_t p = 0; p < num_positions; ++p) {
    if (z[p] != last) value = ValueAt(z[p], search_.Find(z[p]), 0);
    last = z[p];
    added[p] += value;
  }
}

void PiecewiseLinear::Add(Features x, std::ptrdiff_t num_positions, double* z,
                          Features added) const {
  ApplyEntries(direction_, x, num_positions, z);
  if (outputs_.size() == 1) {
    AddOneOutput(z, num_positions, added.Row(outputs_[0]));
    return;
  }
  int interval = 0;
  double last = std::nan("");
  for (std::ptrdiff_t p = 0; p < num_positions; ++p) {
    // Neighbours often have the same number.
    if (z[p] != last) interval = search_.Find(z[p]);
    last = z[p];
    AddAt(z[p], interval, added.data + p, added.stride);
  }
}

void PiecewiseLinear::AddOne(const double* x, double* added) const {
  double z = 0;
  for (const SparseMap::Entry& entry : direction_) z += x[entry.input] * entry.weight;
  const int interval = search_.Find(z);
  if (outputs_.size() == 1) {
    added[outputs_[0]] += ValueAt(z, interval, 0);
  } else {
    AddAt(z, interval, added, 1);
  }
}

// StructuredMlp: -------------------------------------------------------------------------------

namespace {

struct Column {
  std::vector<SparseMap::Entry> in;  // not empty
  std::vector<int> outputs;
  std::vector<double> weights;
  double bias;
  // The power of two below the first input weight. Directions are divided by it, without rounding,
  // so that z is of the size of its inputs and not of some weight. 0 if the neuron cannot be
  // part of a function.
  double scale = 0;
};

// Whether the input weights are multiples of one another, up to the rounding of stored weights.
bool AreParallel(const Column& a, const Column& b, double eps) {
  if (a.in.size() != b.in.size()) return false;
  const double first_of_a = a.in[0].weight / a.scale, first_of_b = b.in[0].weight / b.scale;
  for (std::size_t i = 0; i < a.in.size(); ++i) {
    if (a.in[i].input != b.in[i].input) return false;
    const double want = a.in[i].weight / a.scale * first_of_b;
    const double got = b.in[i].weight / b.scale * first_of_a;
    if (!(std::abs(want - got) <= 2 * eps * std::abs(want))) return false;
  }
  return true;
}

std::size_t Mix(std::size_t hash, std::size_t value) {
  return (hash ^ value) * 0x9e3779b97f4a7c15u + (hash >> 29);
}

// Equal for neurons that could share a function; ratios are compared at 20 bits.
std::size_t HashOf(const Column& column) {
  std::size_t hash = column.in.size();
  for (const SparseMap::Entry& entry : column.in) {
    hash = Mix(hash, static_cast<std::size_t>(entry.input));
    const auto ratio = static_cast<float>(entry.weight / column.in[0].weight);
    hash = Mix(hash, (std::bit_cast<std::uint32_t>(ratio) + 8) >> 4);
  }
  for (const int output : column.outputs) hash = Mix(hash, static_cast<std::size_t>(output));
  return hash;
}

// Whether a nonzero number has all its digits, and is far from overflow.
bool IsModerate(double x) { return std::abs(x) >= 1e-290 && std::abs(x) <= 1e290; }

// The scale of a neuron that can be part of a function, or 0. Its share of a slope or a constant
// must not overflow, as it is added even where the neuron is off.
double ScaleOf(const Column& column) {
  if (column.in.empty() || !IsModerate(column.in[0].weight)) return 0;
  const double scale = std::ldexp(1, std::ilogb(column.in[0].weight));
  for (const SparseMap::Entry& entry : column.in) {
    if (!IsModerate(entry.weight) || !IsModerate(entry.weight / scale)) return 0;
  }
  for (const double weight : column.weights) {
    if (!IsModerate(weight * column.in[0].weight)) return 0;
    if (column.bias != 0 && !IsModerate(weight * column.bias)) return 0;
  }
  return scale;
}

// The neurons, whose output weights are in `out`. Reads the matrices row by row, as they are
// stored.
std::vector<Column> ColumnsOf(const Mlp& mlp, const Matrix& out) {
  std::vector<Column> columns(static_cast<std::size_t>(mlp.in.cols()));
  for (Eigen::Index d = 0; d < mlp.in.rows(); ++d) {
    for (Eigen::Index j = 0; j < mlp.in.cols(); ++j) {
      if (mlp.in(d, j) == 0) continue;
      columns[static_cast<std::size_t>(j)].in.push_back(
          {static_cast<std::int32_t>(d), mlp.in(d, j)});
    }
  }
  for (Eigen::Index j = 0; j < mlp.in.cols(); ++j) {
    Column& column = columns[static_cast<std::size_t>(j)];
    column.bias = mlp.in_bias(j);
    for (Eigen::Index d = 0; d < out.cols(); ++d) {
      if (out(j, d) == 0) continue;
      column.outputs.push_back(static_cast<int>(d));
      column.weights.push_back(out(j, d));
    }
    column.scale = ScaleOf(column);
  }
  return columns;
}

// The factor from the direction of `first` to `column`.
double FactorOf(const Column& first, const Column& column) {
  return column.in[0].weight / first.in[0].weight * first.scale;
}

// Whether the neuron can join the function that begins with `first`: it reads a multiple of the
// direction, writes to the same outputs, and its breakpoint is not extreme.
bool Joins(const Column& first, const Column& column, double eps) {
  if (first.scale == 0 || column.scale == 0 || first.outputs != column.outputs) return false;
  if (!AreParallel(first, column, eps)) return false;
  const double factor = FactorOf(first, column);
  return IsModerate(factor) && (column.bias == 0 || IsModerate(column.bias / factor));
}

// The functions in the order of their first neurons; each a list of neurons.
std::vector<std::vector<Eigen::Index>> Gather(const std::vector<Column>& columns, double eps) {
  std::vector<std::vector<Eigen::Index>> groups;
  std::unordered_map<std::size_t, std::vector<std::size_t>> by_hash;
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const Column& column = columns[j];
    if (column.outputs.empty()) continue;  // adds nothing
    std::vector<std::size_t>& candidates = by_hash[HashOf(column)];
    const auto found = std::find_if(candidates.begin(), candidates.end(), [&](std::size_t g) {
      return Joins(columns[static_cast<std::size_t>(groups[g][0])], column, eps);
    });
    if (found != candidates.end()) {
      groups[*found].push_back(static_cast<Eigen::Index>(j));
      continue;
    }
    candidates.push_back(groups.size());
    groups.push_back({static_cast<Eigen::Index>(j)});
  }
  return groups;
}

PiecewiseLinear FunctionOf(const std::vector<Column>& columns,
                           const std::vector<Eigen::Index>& group) {
  const Column& first = columns[static_cast<std::size_t>(group[0])];
  std::vector<SparseMap::Entry> direction = first.in;
  for (SparseMap::Entry& entry : direction) entry.weight /= first.scale;
  std::vector<PiecewiseLinear::Neuron> neurons;
  for (const Eigen::Index j : group) {
    const Column& column = columns[static_cast<std::size_t>(j)];
    neurons.push_back({FactorOf(first, column), column.bias, column.weights});
  }
  return PiecewiseLinear(std::move(direction), first.outputs, neurons);
}

void AddRow(const double* from, std::ptrdiff_t count, double* to) {
  for (std::ptrdiff_t i = 0; i < count; ++i) to[i] += from[i];
}

}  // namespace

StructuredMlp::StructuredMlp(const Mlp& mlp, double eps) {
  if (mlp.in_bias.size() == 0) return;
  std::vector<bool> is_written(static_cast<std::size_t>(mlp.out.cols()));
  for (Eigen::Index j = 0; j < mlp.out.rows(); ++j) {
    for (Eigen::Index d = 0; d < mlp.out.cols(); ++d) {
      if (mlp.out(j, d) != 0) is_written[static_cast<std::size_t>(d)] = true;
    }
  }
  for (int d = 0; d < mlp.out.cols(); ++d) {
    if (is_written[static_cast<std::size_t>(d)] || mlp.out_bias(d) != 0) written_.push_back(d);
  }
  const Matrix out = mlp.out(Eigen::all, written_);
  const std::vector<Column> columns = ColumnsOf(mlp, out);
  std::vector<Eigen::Index> single;
  for (const std::vector<Eigen::Index>& group : Gather(columns, eps)) {
    if (static_cast<int>(group.size()) > kFewNeurons) {
      functions_.push_back(FunctionOf(columns, group));
    } else {
      single.insert(single.end(), group.begin(), group.end());
    }
  }
  std::sort(single.begin(), single.end());
  in_ = SparseMap(Matrix(mlp.in(Eigen::all, single)), Vector(mlp.in_bias(single)));
  out_ = SparseMap(Matrix(out(single, Eigen::all)), Vector(mlp.out_bias(written_)));
}

void StructuredMlp::Add(Features x, std::ptrdiff_t num_positions, Features scratch) const {
  double* z = scratch.Row(0);
  const Features hidden = scratch.From(1, 0);
  const Features added = scratch.From(1 + num_neurons(), 0);
  in_.Apply(x, num_positions, hidden, SparseMap::Use::kStoreRelu);
  out_.Apply(hidden, num_positions, added);
  for (const PiecewiseLinear& function : functions_) function.Add(x, num_positions, z, added);
  for (std::size_t w = 0; w < written_.size(); ++w) {
    AddRow(added.Row(static_cast<int>(w)), num_positions, x.Row(written_[w]));
  }
}

void StructuredMlp::AddOne(double* x, double* scratch) const {
  double* hidden = scratch;
  double* added = scratch + num_neurons();
  in_.ApplyOne(x, hidden);
  for (int j = 0; j < num_neurons(); ++j) hidden[j] = hidden[j] < 0 ? 0 : hidden[j];
  out_.ApplyOne(hidden, added);
  for (const PiecewiseLinear& function : functions_) function.AddOne(x, added);
  for (std::size_t w = 0; w < written_.size(); ++w) x[written_[w]] += added[w];
}

}  // namespace raspc

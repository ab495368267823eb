#include "compiler/simplify/thresholds.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "base/stop.h"
#include "compiler/domains/fractions.h"
#include "compiler/domains/positional_rows.h"
#include "compiler/operations/atom_ops.h"
#include "compiler/simplify/rewritten_graph.h"

namespace raspc {
namespace {

// Of a comparison: the mean that it depends on, the maps between them, and the s-ops that do not
// depend on the mean, all of which are constant or functions of one feature.
struct Dependence {
  std::optional<NodeId> mean;
  std::vector<NodeId> maps;  // operands first; the comparison is the last
  std::vector<NodeId> leaves;
  std::optional<Feature::Kind> feature;
};

// A number that the mean can be, in lowest terms.
struct ReducedFraction {
  std::int64_t numerator, denominator;
  double number;
};

// Between two thresholds, empty if they are equal.
struct MeanInterval {
  double from, to;
};

// The truth values of a comparison, ascending by the mean; unknown where it fails.
struct Decided {
  std::vector<ReducedFraction> means;
  std::vector<std::optional<bool>> holds;
};

class Comparisons {
 public:
  Comparisons(const DataflowGraph& graph, const Domains& domains)
      : graph_(graph), domains_(domains), fractions_(graph, domains), rewritten_(graph) {}

  bool IsTie(NodeId id) { return fractions_.IsDecidedByRounding(id); }

  SimplifiedGraph Run(NodeId output) {
    for (NodeId id{0}; id.value < graph_.size(); ++id.value) {
      if (!IsTie(id) || !Replace(id)) rewritten_.Copy(id);
    }
    return std::move(rewritten_).Finish(output);
  }

 private:
  // --- What a comparison depends on.

  bool Collect(NodeId id, Dependence& found) {
    const auto is_in = [&](const std::vector<NodeId>& nodes) {
      return std::find(nodes.begin(), nodes.end(), id) != nodes.end();
    };
    if (found.mean == id || is_in(found.maps) || is_in(found.leaves)) return true;
    if (IsLeaf(id, found)) {
      found.leaves.push_back(id);
      return true;
    }
    if (IsMean(id)) {
      if (found.mean) return false;
      found.mean = id;
      return true;
    }
    const auto* map = std::get_if<MapNode>(&graph_[id].kind);
    if (map == nullptr || !IsArithmetic(map->op)) return false;
    for (const NodeId operand : map->operands) {
      if (!Collect(operand, found)) return false;
    }
    found.maps.push_back(id);
    return true;
  }

  static bool IsArithmetic(MapOp op) {
    return OutcomesOf(op) || op == MapOp::kAdd || op == MapOp::kSubtract ||
           op == MapOp::kMultiply || op == MapOp::kDivide || op == MapOp::kNegate ||
           op == MapOp::kPlus || op == MapOp::kPower;
  }

  // A constant, or a function of one feature, the position or the token.
  bool IsLeaf(NodeId id, Dependence& found) const {
    if (!domains_[id].is_finite || IsFeature(graph_, domains_, id)) return false;
    if (domains_.TableOf(id).rows.empty()) return false;
    const std::vector<Feature>& features = domains_.TableOf(id).features;
    if (features.empty()) return true;
    if (features.size() > 1 || features[0].kind == Feature::Kind::kNode) return false;
    if (found.feature && *found.feature != features[0].kind) return false;
    found.feature = features[0].kind;
    return true;
  }

  // Whether the float of an s-op follows from its fraction, of which there is one denominator.
  bool IsMean(NodeId id) {
    const auto& fractions = fractions_.Of(id);
    if (!fractions || !fractions->is_nearest || domains_[id].MayBe(AtomType::kBool)) return false;
    if (fractions->denominators.empty()) return true;
    return fractions->denominators.size() == 1 &&
           fractions->denominators.begin()->second.exponent == 1;
  }

  // --- All fractions that the mean can be.

  // The least and the largest denominator, for each value of the feature.
  using Range = std::pair<std::int64_t, std::int64_t>;
  std::vector<Range> DenominatorsOf(const Dependence& found, std::size_t num_classes) {
    const Fractions& fractions = *fractions_.Of(*found.mean);
    const auto largest = static_cast<std::int64_t>(fractions.LargestDenominator());
    std::vector<Range> ranges(num_classes, {1, largest});
    if (found.feature != Feature::Kind::kPosition || fractions.denominators.empty()) return ranges;
    const Denominator& denominator = fractions.denominators.begin()->first;
    if (denominator.kind != Denominator::Kind::kWidth) return ranges;
    const auto rows = PositionalRowsOf(graph_, domains_, denominator.of);
    if (!rows) return ranges;
    for (std::size_t i = 0; i < num_classes; ++i) {  // no keys, no mean: a multiple of the grid
      const auto& [low, high] = rows->widths[i];
      ranges[i] = {std::max<std::int64_t>(1, low), std::max<std::int64_t>(1, high)};
    }
    return ranges;
  }

  // Each once, ascending; nothing if there are more than `most`.
  std::optional<std::vector<ReducedFraction>> Means(NodeId mean, const Range& denominators,
                                                    double most) {
    const Ratio grid = fractions_.Of(mean)->grid;
    const auto interval = IntervalOf(domains_[mean]);
    std::vector<ReducedFraction> all;
    for (std::int64_t d = denominators.first; d <= denominators.second; ++d) {
      const double unit = grid.ToDouble() / static_cast<double>(d);
      const double first = std::ceil(interval->low / unit),
                   last = std::floor(interval->high / unit);
      if (!(static_cast<double>(all.size()) + (last - first) <= most)) return std::nullopt;
      if (!(std::max(-first, last) * static_cast<double>(grid.numerator) < kLargestExact &&
            static_cast<double>(d) * static_cast<double>(grid.denominator) < kLargestExact)) {
        return std::nullopt;
      }
      for (double k = first; k <= last; ++k) {
        const std::int64_t numerator = static_cast<std::int64_t>(k) * grid.numerator;
        const std::int64_t denominator = d * grid.denominator;
        const std::int64_t divisor = std::gcd(numerator, denominator);
        all.push_back({numerator / divisor, denominator / divisor,
                       static_cast<double>(numerator) / static_cast<double>(denominator)});
      }
    }
    std::sort(all.begin(), all.end(), [](const ReducedFraction& a, const ReducedFraction& b) {
      return a.number < b.number;
    });
    const auto end = std::unique(
        all.begin(), all.end(),
        [](const ReducedFraction& a, const ReducedFraction& b) { return a.number == b.number; });
    all.erase(end, all.end());
    return all;
  }

  // --- What is decided.

  // The value of a leaf in a class; nothing where it fails.
  const Atom* ValueOf(NodeId leaf, std::size_t of_class) const {
    const FunctionTable& table = domains_.TableOf(leaf);
    const std::int32_t value = table.rows[table.features.empty() ? 0 : of_class];
    return value < 0 ? nullptr : &domains_[leaf].values[static_cast<std::size_t>(value)];
  }

  // Whether the comparison holds for a value of the mean; nothing where it fails.
  std::optional<bool> Holds(const Dependence& found, std::size_t of_class, const Atom& mean) const {
    std::map<NodeId, Atom> values{{*found.mean, mean}};
    for (const NodeId leaf : found.leaves) {
      const Atom* value = ValueOf(leaf, of_class);
      if (value == nullptr) return std::nullopt;
      values.emplace(leaf, *value);
    }
    for (const NodeId id : found.maps) {
      const auto& map = std::get<MapNode>(graph_[id].kind);
      std::vector<Atom> operands;
      for (const NodeId operand : map.operands) operands.push_back(values.at(operand));
      const OpResult result = Apply(graph_.arithmetic(), map.op, operands, map.table.get());
      if (!std::holds_alternative<Atom>(result)) return std::nullopt;
      values.emplace(id, std::get<Atom>(result));
    }
    return IsTrue(values.at(found.maps.back()));
  }

  // For each fraction; nothing where an int and a float of one number are decided differently.
  std::optional<Decided> DecidedIn(const Dependence& found, std::size_t of_class,
                                   std::vector<ReducedFraction> means) const {
    const bool may_be_int = domains_[*found.mean].MayBe(AtomType::kInt);
    const bool may_be_float = domains_[*found.mean].MayBe(AtomType::kFloat);
    Decided decided;
    for (const ReducedFraction& mean : means) {
      std::optional<bool> holds;
      if (may_be_float) holds = Holds(found, of_class, Atom(Float(mean.number)));
      if (may_be_int && mean.denominator == 1) {
        const auto as_int = Holds(found, of_class, Atom(mean.numerator));
        if (holds && as_int && *holds != *as_int) return std::nullopt;
        if (as_int) holds = as_int;
      }
      decided.holds.push_back(holds);
    }
    decided.means = std::move(means);
    return decided;
  }

  // --- Thresholds.

  // The thresholds below all numbers and above them.
  std::pair<double, double> Ends(NodeId mean) {
    const double grid = fractions_.Of(mean)->grid.ToDouble();
    const auto interval = IntervalOf(domains_[mean]);
    return {grid * (std::floor(interval->low / grid) - 1),
            grid * (std::ceil(interval->high / grid) + 1)};
  }

  // Where the comparison is `value`, if that is an interval of means: its ends are mediants of
  // neighbouring fractions, which have small denominators.
  static std::optional<MeanInterval> WhereIs(bool value, const Decided& decided,
                                             const std::pair<double, double>& ends) {
    MeanInterval found{ends.second, ends.second};
    const ReducedFraction* last = nullptr;
    int num_changes = 0;
    bool is_inside = false;
    for (std::size_t i = 0; i < decided.means.size(); ++i) {
      if (!decided.holds[i]) continue;
      const ReducedFraction& mean = decided.means[i];
      if ((*decided.holds[i] == value) != is_inside) {
        const double threshold =
            last == nullptr ? ends.first
                            : static_cast<double>(last->numerator + mean.numerator) /
                                  static_cast<double>(last->denominator + mean.denominator);
        (is_inside ? found.to : found.from) = threshold;
        is_inside = !is_inside;
        if (++num_changes > 2) return std::nullopt;
      }
      last = &mean;
    }
    return found;
  }

  std::size_t NumClasses(const Dependence& found) const {
    if (!found.feature) return 1;
    return *found.feature == Feature::Kind::kToken
               ? domains_.scope.vocabulary.size()
               : static_cast<std::size_t>(domains_.scope.context_length);
  }

  std::optional<std::vector<Decided>> DecidedByClass(const Dependence& found) {
    constexpr double kMostEvaluations = 1 << 22;
    std::vector<Decided> all;
    double num_left = kMostEvaluations / static_cast<double>(found.maps.size());
    const std::size_t num_classes = NumClasses(found);
    const std::vector<Range> denominators = DenominatorsOf(found, num_classes);
    std::optional<std::vector<ReducedFraction>> means;
    for (std::size_t i = 0; i < num_classes; ++i) {
      ThrowIfStopped();
      if (i == 0 || denominators[i] != denominators[i - 1]) {
        means = Means(*found.mean, denominators[i], num_left);
      }
      if (!means || static_cast<double>(means->size()) > num_left) return std::nullopt;
      num_left -= static_cast<double>(means->size());
      auto decided = DecidedIn(found, i, *means);
      if (!decided) return std::nullopt;
      all.push_back(*std::move(decided));
    }
    return all;
  }

  // --- The comparison.

  bool Replace(NodeId id) {
    const auto* comparison = std::get_if<MapNode>(&graph_[id].kind);
    if (comparison == nullptr || !OutcomesOf(comparison->op)) return false;
    Dependence found;
    if (!Collect(id, found) || !found.mean || found.maps.empty()) return false;
    const auto decided = DecidedByClass(found);
    if (!decided) return false;
    const auto ends = Ends(*found.mean);
    for (const bool value : {true, false}) {
      std::vector<MeanInterval> intervals;
      for (const Decided& of_class : *decided) {
        const auto interval = WhereIs(value, of_class, ends);
        if (!interval) break;
        intervals.push_back(*interval);
      }
      if (intervals.size() < decided->size()) continue;
      rewritten_.Replace(id, Between(id, found, intervals, ends, value));
      return true;
    }
    return false;
  }

  // from < mean and not to < mean; the opposite, if not `value`.
  NodeKind Between(NodeId id, const Dependence& found, const std::vector<MeanInterval>& intervals,
                   const std::pair<double, double>& ends, bool value) {
    std::vector<double> from, to;
    for (const MeanInterval& interval : intervals) {
      from.push_back(interval.from);
      to.push_back(interval.to);
    }
    const auto are_all = [](const std::vector<double>& thresholds, double end) {
      return std::all_of(thresholds.begin(), thresholds.end(),
                         [&](double threshold) { return threshold == end; });
    };
    const auto compared = [&](MapOp op, const std::vector<double>& thresholds) {
      return MapNode{
          op, {rewritten_.NewIdOf(*found.mean), ThresholdOf(id, found, thresholds)}, nullptr};
    };
    if (are_all(to, ends.second)) return compared(value ? MapOp::kGreater : MapOp::kLess, from);
    if (are_all(from, ends.first)) return compared(value ? MapOp::kLess : MapOp::kGreater, to);
    const NodeId above =
        rewritten_.AddHelper(id, compared(value ? MapOp::kGreater : MapOp::kLess, from));
    const NodeId below =
        rewritten_.AddHelper(id, compared(value ? MapOp::kLess : MapOp::kGreater, to));
    return MapNode{value ? MapOp::kAnd : MapOp::kOr, {above, below}, nullptr};
  }

  NodeId ThresholdOf(NodeId id, const Dependence& found, const std::vector<double>& thresholds) {
    const std::string name = "threshold of " + graph_.Describe(id);
    const bool is_constant = std::adjacent_find(thresholds.begin(), thresholds.end(),
                                                std::not_equal_to<>()) == thresholds.end();
    if (is_constant) {
      return rewritten_.AddHelper(id, ConstantNode{Atom(Float(thresholds[0]))}, name);
    }
    auto table = std::make_shared<MapTable>();
    if (*found.feature == Feature::Kind::kPosition) {
      for (const double threshold : thresholds) table->items.emplace_back(Float(threshold));
      const NodeId indices = rewritten_.AddHelper(id, IndicesNode{});
      return rewritten_.AddHelper(id, MapNode{MapOp::kLookUp, {indices}, std::move(table)}, name);
    }
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
      table->entries.emplace_back(domains_.scope.vocabulary[i], Atom(Float(thresholds[i])));
    }
    const NodeId token = rewritten_.AddHelper(id, TokensNode{TokenView::kAsIs});
    return rewritten_.AddHelper(id, MapNode{MapOp::kLookUpKey, {token}, std::move(table)}, name);
  }

  static constexpr double kLargestExact = 0x1p52;

  const DataflowGraph& graph_;
  const Domains& domains_;
  FractionsFinder fractions_;
  RewrittenGraph rewritten_;
};

}  // namespace

bool HasTiesOfRounding(const DataflowGraph& graph, const Domains& domains) {
  Comparisons comparisons(graph, domains);
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    if (comparisons.IsTie(id)) return true;
  }
  return false;
}

SimplifiedGraph CompareWithThresholds(const SimplifiedGraph& simplified, const Domains& domains) {
  return Comparisons(simplified.graph, domains).Run(simplified.output);
}

}  // namespace raspc

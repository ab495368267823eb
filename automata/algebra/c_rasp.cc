// The weights of a round are the linear functionals that vanish on the fundamental cycles of a
// spanning tree; they are kept as a sparse basis that shrinks with each cycle.
#include "automata/algebra/c_rasp.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>

#include "base/stop.h"

namespace raspc {
namespace {

using BigInt = boost::multiprecision::cpp_int;

// 64 bits that throw instead of wrapping.
struct CheckedInt {
  std::int64_t value = 0;
  CheckedInt() = default;
  CheckedInt(std::int64_t v) : value(v) {}  // NOLINT(google-explicit-constructor): a number

  friend CheckedInt operator*(CheckedInt a, CheckedInt b) {
    std::int64_t out;
    if (__builtin_mul_overflow(a.value, b.value, &out)) throw std::overflow_error("product");
    return out;
  }
  friend CheckedInt operator+(CheckedInt a, CheckedInt b) {
    std::int64_t out;
    if (__builtin_add_overflow(a.value, b.value, &out)) throw std::overflow_error("sum");
    return out;
  }
  friend CheckedInt operator-(CheckedInt a, CheckedInt b) {
    std::int64_t out;
    if (__builtin_sub_overflow(a.value, b.value, &out)) throw std::overflow_error("difference");
    return out;
  }
  friend bool operator==(CheckedInt a, CheckedInt b) { return a.value == b.value; }
  friend bool operator<(CheckedInt a, CheckedInt b) { return a.value < b.value; }
};

CheckedInt Gcd(CheckedInt a, CheckedInt b) {
  // The least number has no absolute value.
  if (std::min(a.value, b.value) == std::numeric_limits<std::int64_t>::min()) {
    throw std::overflow_error("gcd");
  }
  return std::gcd(a.value, b.value);
}
BigInt Gcd(const BigInt& a, const BigInt& b) { return boost::multiprecision::gcd(a, b); }
CheckedInt Divide(CheckedInt a, CheckedInt b) { return a.value / b.value; }
BigInt Divide(const BigInt& a, const BigInt& b) { return a / b; }
std::optional<std::int64_t> Narrow(CheckedInt a) { return a.value; }
std::optional<std::int64_t> Narrow(const BigInt& a) {
  if (a > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  if (a < std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  return static_cast<std::int64_t>(a);
}

// How often each label is read, negative if read backwards; without zeros.
using LabelCounts = std::map<int, std::int64_t>;

struct TooManySteps {};

// Counts steps against a limit.
class StepCounter {
 public:
  explicit StepCounter(std::int64_t max_steps) : max_steps_(max_steps) {}
  void Add(std::int64_t steps) {
    ThrowIfStopped();
    if ((num_steps_ += steps) > max_steps_) throw TooManySteps();
  }

 private:
  std::int64_t num_steps_ = 0, max_steps_;
};

// A basis of the functionals on labels that vanish on all cycles given so far. Functionals are
// sparse and indexed by label: a cycle changes only those that share a label with it.
template <class Int>
class VanishingFunctionals {
 public:
  using Functional = std::map<int, Int>;  // weights by label, without zeros

  VanishingFunctionals(int num_labels, StepCounter& steps) : steps_(steps) {
    steps.Add(num_labels * kStepsPerEntry);
    for (int label = 0; label < num_labels; ++label) {
      basis_.push_back({{label, Int(1)}});
      having_.push_back({label});
    }
    num_left_ = num_labels;
  }

  bool IsEmpty() const { return num_left_ == 0; }
  std::vector<Functional> basis() const {
    std::vector<Functional> left;
    std::copy_if(basis_.begin(), basis_.end(), std::back_inserter(left),
                 [](const Functional& functional) { return !functional.empty(); });
    return left;
  }

  void Restrict(const LabelCounts& cycle) {
    std::map<int, Int> values;  // of the cycle, by functional
    for (const auto& [label, count] : cycle) {
      for (const int i : having_[label]) {
        Int& value = values[i];
        value = value + basis_[i].at(label) * Int(count);
      }
      steps_.Add(static_cast<std::int64_t>(having_[label].size()) + 1);
    }
    std::erase_if(values, [](const auto& entry) { return entry.second == Int(0); });
    if (values.empty()) return;
    // The shortest of those that do not vanish is removed; it causes the least fill-in.
    const auto pivot =
        std::min_element(values.begin(), values.end(), [&](const auto& a, const auto& b) {
          return basis_[a.first].size() < basis_[b.first].size();
        });
    const Functional gone = basis_[pivot->first];
    for (const auto& [i, value] : values) {
      if (i != pivot->first) Combine(i, pivot->second, gone, value);
    }
    for (const auto& [label, weight] : gone) having_[label].erase(pivot->first);
    basis_[pivot->first].clear();
    --num_left_;
  }

 private:
  static constexpr std::int64_t kStepsPerEntry = 20;  // an entry of a map and of a set

  // basis[i] * factor - gone * other, divided by the common divisor of all weights.
  void Combine(int i, const Int& factor, const Functional& gone, const Int& other) {
    Functional& functional = basis_[i];
    for (auto& [label, weight] : functional) weight = weight * factor;
    for (const auto& [label, weight] : gone) {
      Int& entry = functional[label];
      entry = entry - weight * other;
      if (entry == Int(0)) {
        functional.erase(label);
        having_[label].erase(i);
      } else {
        having_[label].insert(i);
      }
    }
    Int divisor(0);
    for (const auto& [label, weight] : functional) divisor = Gcd(divisor, weight);
    for (auto& [label, weight] : functional) weight = Divide(weight, divisor);
    steps_.Add(static_cast<std::int64_t>(functional.size()) +
               kStepsPerEntry * static_cast<std::int64_t>(gone.size()));
  }

  StepCounter& steps_;
  std::vector<Functional> basis_;  // empty where one was removed
  std::vector<std::set<int>>
      having_;  // [num_labels]: the functionals in which the label has a weight
  int num_left_ = 0;
};

// One component, round by round.
template <class Int>
class ComponentSeparation {
 public:
  ComponentSeparation(const Dfa& dfa, std::vector<StateId> states, StepCounter& steps)
      : dfa_(dfa), steps_(steps) {
    component_.states = std::move(states);
    component_.num_classes = 1;
    class_of_.assign(component_.states.size(), 0);
    BuildTree();
  }

  BalancedComponent Separate() {
    while (!component_.IsSeparated() && Round()) {
    }
    return component_;
  }
  bool has_all_potentials() const { return has_all_potentials_; }

 private:
  struct Edge {
    int from;
    SymbolId symbol;
    int to;
  };

  // A spanning tree from the first state, and the edges not in it; states by index.
  void BuildTree() {
    std::map<StateId, int> place;
    for (const StateId q : component_.states) place.emplace(q, static_cast<int>(place.size()));
    std::vector<bool> is_in_tree(component_.states.size(), false);
    depth_.assign(component_.states.size(), 0);
    tree_edge_of_.assign(component_.states.size(), -1);
    std::vector<int> order = {0};
    is_in_tree[0] = true;
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
        const auto to = place.find(dfa_.Next(component_.states[order[i]], a));
        if (to == place.end()) continue;
        const Edge edge = {order[i], a, to->second};
        if (is_in_tree[edge.to]) {
          others_.push_back(edge);
          continue;
        }
        is_in_tree[edge.to] = true;
        order.push_back(edge.to);
        depth_[edge.to] = depth_[edge.from] + 1;
        tree_edge_of_[edge.to] = static_cast<int>(tree_.size());
        tree_.push_back(edge);
      }
    }
  }

  int LabelOf(const Edge& edge) const {
    return class_of_[edge.from] * dfa_.num_symbols() + edge.symbol;
  }

  // The labels along the cycle that a non-tree edge closes, up to where the tree paths to its two
  // ends diverge.
  LabelCounts CycleOf(const Edge& edge) {
    LabelCounts cycle;
    ++cycle[LabelOf(edge)];
    int from = edge.from, to = edge.to;
    while (from != to) {
      steps_.Add(8);
      int& deeper = depth_[from] >= depth_[to] ? from : to;
      const Edge& above = tree_[tree_edge_of_[deeper]];
      cycle[LabelOf(above)] += &deeper == &from ? 1 : -1;
      deeper = above.from;
    }
    std::erase_if(cycle, [](const auto& entry) { return entry.second == 0; });
    return cycle;
  }

  // [states]: the sums of weights along the tree paths.
  std::vector<Int> Potentials(const std::map<int, Int>& functional) {
    std::vector<Int> values(component_.states.size(), Int(0));
    for (const Edge& edge : tree_) {
      const auto weight = functional.find(LabelOf(edge));
      values[edge.to] = values[edge.from];
      if (weight != functional.end()) values[edge.to] = values[edge.to] + weight->second;
    }
    steps_.Add(kStepsToKeep * static_cast<std::int64_t>(values.size()));
    return values;
  }

  // False if nothing more can be distinguished.
  bool Round() {
    VanishingFunctionals<Int> functionals(component_.num_classes * dfa_.num_symbols(), steps_);
    for (const Edge& edge : others_) {
      if (functionals.IsEmpty()) return false;
      functionals.Restrict(CycleOf(edge));
    }
    return Split(functionals.basis());
  }

  // Refines the classes by every functional that refines them. All refer to the previous classes.
  bool Split(const std::vector<std::map<int, Int>>& functionals) {
    BalancedRound round{component_.num_classes, class_of_, {}};
    std::vector<int> refined = class_of_;
    int num_refined = component_.num_classes;
    for (const std::map<int, Int>& functional : functionals) {
      if (num_refined == static_cast<int>(component_.states.size())) break;
      const std::vector<Int> values = Potentials(functional);
      std::map<std::pair<int, Int>, int> numbers;
      std::vector<int> finer;
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto key = std::make_pair(refined[i], values[i]);
        finer.push_back(numbers.emplace(key, static_cast<int>(numbers.size())).first->second);
      }
      if (static_cast<int>(numbers.size()) == num_refined) continue;
      num_refined = static_cast<int>(numbers.size());
      refined = std::move(finer);
      BalancedPotential potential;
      if (NarrowTo(potential.weight, Dense(functional)) && NarrowTo(potential.value, values)) {
        round.potentials.push_back(std::move(potential));
      } else {
        has_all_potentials_ = false;
      }
    }
    if (num_refined == component_.num_classes) return false;
    component_.num_classes = num_refined;
    class_of_ = std::move(refined);
    component_.rounds.push_back(std::move(round));
    return true;
  }

  std::vector<Int> Dense(const std::map<int, Int>& functional) {
    const int num_labels = component_.num_classes * dfa_.num_symbols();
    steps_.Add(4 * num_labels * kStepsToKeep);  // wide numbers, and again when narrowed
    std::vector<Int> dense(static_cast<std::size_t>(num_labels), Int(0));
    for (const auto& [label, weight] : functional) dense[label] = weight;
    return dense;
  }

  static bool NarrowTo(std::vector<std::int64_t>& narrowed, const std::vector<Int>& numbers) {
    for (const Int& number : numbers) {
      const std::optional<std::int64_t> narrow = Narrow(number);
      if (!narrow) return false;
      narrowed.push_back(*narrow);
    }
    return true;
  }

  const Dfa& dfa_;
  StepCounter& steps_;
  BalancedComponent component_;
  std::vector<int> class_of_;
  std::vector<Edge> tree_, others_;        // tree edges in the order they were added
  std::vector<int> depth_, tree_edge_of_;  // [states]
  bool has_all_potentials_ = true;
};

template <class Int>
void Separate(const Dfa& dfa, const std::vector<StateId>& states, StepCounter& steps,
              CRaspAnalysis& analysis) {
  ComponentSeparation<Int> separation(dfa, states, steps);
  analysis.components.push_back(separation.Separate());
  if (!separation.has_all_potentials()) analysis.has_all_potentials = false;
}

}  // namespace

std::optional<CRaspAnalysis> AnalyseCRasp(const Dfa& dfa, const LanguageLimits& limits,
                                          Diagnostics& diag) {
  const Components components = StronglyConnectedComponents(dfa.num_states(), EdgesOf(dfa));
  CRaspAnalysis analysis;
  analysis.is_member = true;
  StepCounter steps(limits.max_steps);
  try {
    for (const std::vector<StateId>& states : components.Members()) {
      if (states.size() < 2) continue;
      try {
        Separate<CheckedInt>(dfa, states, steps, analysis);
      } catch (const std::overflow_error&) {
        Separate<BigInt>(dfa, states, steps, analysis);
      }
      if (analysis.components.back().IsSeparated()) continue;
      analysis.is_member = false;
      break;
    }
  } catch (const TooManySteps&) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("deciding membership in C-RASP takes more than {} steps, the limit",
                           limits.max_steps));
    return std::nullopt;
  }
  return analysis;
}

}  // namespace raspc

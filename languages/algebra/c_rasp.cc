// The weights of a round are the linear functionals that vanish on the fundamental cycles of a
// spanning tree; they are kept as a basis that shrinks cycle by cycle.
#include "languages/algebra/c_rasp.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>

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

// How often each label is read; sorted by label, without zeros.
using LabelCounts = std::map<int, std::int64_t>;

struct TooManySteps {};

// Counts steps against a limit.
class StepCounter {
 public:
  explicit StepCounter(std::int64_t max_steps) : max_steps_(max_steps) {}
  void Add(std::int64_t steps) {
    if ((num_steps_ += steps) > max_steps_) throw TooManySteps();
  }

 private:
  std::int64_t num_steps_ = 0, max_steps_;
};

// A basis of the functionals on labels that vanish on all cycles given so far.
template <class Int>
class VanishingFunctionals {
 public:
  VanishingFunctionals(int num_labels, StepCounter& steps) : steps_(steps) {
    steps.Add(std::int64_t{num_labels} * num_labels);
    for (int i = 0; i < num_labels; ++i) {
      basis_.emplace_back(static_cast<std::size_t>(num_labels), Int(0));
      basis_.back()[i] = Int(1);
    }
  }

  const std::vector<std::vector<Int>>& basis() const { return basis_; }

  Int Evaluate(const std::vector<Int>& functional, const LabelCounts& counts) const {
    steps_.Add(static_cast<std::int64_t>(counts.size()));
    Int sum(0);
    for (const auto& [label, count] : counts) sum = sum + functional[label] * Int(count);
    return sum;
  }

  void Restrict(const LabelCounts& cycle) {
    std::vector<Int> values;
    for (const auto& functional : basis_) values.push_back(Evaluate(functional, cycle));
    const auto pivot = std::find_if(values.begin(), values.end(),
                                    [](const Int& value) { return !(value == Int(0)); });
    if (pivot == values.end()) return;
    const std::size_t at = static_cast<std::size_t>(pivot - values.begin());
    const std::vector<Int> gone = basis_[at];
    for (std::size_t i = at + 1; i < basis_.size(); ++i) {
      if (values[i] == Int(0)) continue;
      steps_.Add(static_cast<std::int64_t>(4 * gone.size()));
      Int divisor(0);
      for (std::size_t label = 0; label < gone.size(); ++label) {
        basis_[i][label] = basis_[i][label] * values[at] - gone[label] * values[i];
        divisor = Gcd(divisor, basis_[i][label]);
      }
      for (Int& entry : basis_[i]) entry = Divide(entry, divisor);
    }
    basis_.erase(basis_.begin() + static_cast<std::ptrdiff_t>(at));
  }

 private:
  StepCounter& steps_;
  std::vector<std::vector<Int>> basis_;
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

  // A spanning tree from the first state, and the edges off it; states by their places.
  void BuildTree() {
    std::map<StateId, int> place;
    for (const StateId q : component_.states) place.emplace(q, static_cast<int>(place.size()));
    std::vector<bool> is_in_tree(component_.states.size(), false);
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
        tree_.push_back(edge);
      }
    }
  }

  int LabelOf(const Edge& edge) const {
    return class_of_[edge.from] * dfa_.num_symbols() + edge.symbol;
  }

  // How often each label stands on the path of the tree to each state.
  std::vector<LabelCounts> CountsOnTree() {
    std::vector<LabelCounts> counts(component_.states.size());
    for (const Edge& edge : tree_) {
      counts[edge.to] = counts[edge.from];
      ++counts[edge.to][LabelOf(edge)];
      steps_.Add(8 * static_cast<std::int64_t>(counts[edge.to].size()));
    }
    return counts;
  }

  // False if nothing more can be told apart.
  bool Round() {
    const std::vector<LabelCounts> counts = CountsOnTree();
    VanishingFunctionals<Int> functionals(component_.num_classes * dfa_.num_symbols(), steps_);
    for (const Edge& edge : others_) {
      if (functionals.basis().empty()) return false;
      LabelCounts cycle = counts[edge.from];
      ++cycle[LabelOf(edge)];
      for (const auto& [label, count] : counts[edge.to]) cycle[label] -= count;
      std::erase_if(cycle, [](const auto& entry) { return entry.second == 0; });
      functionals.Restrict(cycle);
    }
    return Split(functionals, counts);
  }

  // Refines the classes by every functional that refines them.
  bool Split(const VanishingFunctionals<Int>& functionals, const std::vector<LabelCounts>& counts) {
    BalancedRound round{component_.num_classes, class_of_, {}};
    const int num_classes_before = component_.num_classes;
    for (const std::vector<Int>& functional : functionals.basis()) {
      std::vector<Int> values;
      for (const LabelCounts& count : counts)
        values.push_back(functionals.Evaluate(functional, count));
      std::map<std::pair<int, Int>, int> numbers;
      std::vector<int> refined;
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto key = std::make_pair(class_of_[i], values[i]);
        refined.push_back(numbers.emplace(key, static_cast<int>(numbers.size())).first->second);
      }
      if (static_cast<int>(numbers.size()) == component_.num_classes) continue;
      component_.num_classes = static_cast<int>(numbers.size());
      class_of_ = std::move(refined);
      BalancedPotential potential;
      if (NarrowTo(potential.weight, functional) && NarrowTo(potential.value, values)) {
        round.potentials.push_back(std::move(potential));
      } else {
        has_all_potentials_ = false;
      }
    }
    if (component_.num_classes == num_classes_before) return false;
    component_.rounds.push_back(std::move(round));
    return true;
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
  std::vector<Edge> tree_, others_;
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

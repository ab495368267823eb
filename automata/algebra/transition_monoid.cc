// Lists the monoid by a search in its right Cayley graph, hashing maps by content.
#include "automata/algebra/transition_monoid.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/stop.h"

namespace raspc {
namespace {

// Finds rows of a table by content; open addressing, at most half full.
class RowIndex {
 public:
  RowIndex(const std::vector<StateId>& rows, std::size_t width) : rows_(rows), width_(width) {
    slots_.assign(64, -1);
  }

  // The index of a row equal to the table's last one, or that of the last row itself, which is then
  // added.
  ElementId FindOrAddLast() {
    const std::size_t last = rows_.size() / width_ - 1;
    if ((num_rows_ + 1) * 2 > slots_.size()) Grow();
    std::size_t slot = Hash(last) & (slots_.size() - 1);
    for (; slots_[slot] >= 0; slot = (slot + 1) & (slots_.size() - 1)) {
      if (Equal(static_cast<std::size_t>(slots_[slot]), last)) return slots_[slot];
    }
    slots_[slot] = static_cast<ElementId>(last);
    ++num_rows_;
    return static_cast<ElementId>(last);
  }

 private:
  std::uint64_t Hash(std::size_t row) const {
    std::uint64_t hash = 0x2545f4914f6cdd1dull;
    for (std::size_t i = row * width_; i < (row + 1) * width_; ++i) {
      hash = (hash ^ static_cast<std::uint64_t>(rows_[i])) * 0x9e3779b97f4a7c15ull;
      hash ^= hash >> 32;
    }
    return hash;
  }
  bool Equal(std::size_t a, std::size_t b) const {
    const auto row = [&](std::size_t i) {
      return rows_.begin() + static_cast<std::ptrdiff_t>(i * width_);
    };
    return std::equal(row(a), row(a + 1), row(b));
  }
  void Grow() {
    const std::vector<ElementId> old = std::move(slots_);
    slots_.assign(old.size() * 2, -1);
    for (const ElementId row : old) {
      if (row < 0) continue;
      std::size_t slot = Hash(static_cast<std::size_t>(row)) & (slots_.size() - 1);
      while (slots_[slot] >= 0) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = row;
    }
  }

  const std::vector<StateId>& rows_;
  std::size_t width_;
  std::size_t num_rows_ = 0;
  std::vector<ElementId> slots_;
};

}  // namespace

std::optional<TransitionMonoid> TransitionMonoid::Enumerate(const Dfa& dfa,
                                                            const LanguageLimits& limits,
                                                            Diagnostics& diag) {
  TransitionMonoid monoid;
  monoid.num_states_ = dfa.num_states();
  monoid.num_symbols_ = dfa.num_symbols();
  const std::size_t width = static_cast<std::size_t>(dfa.num_states());
  std::vector<StateId>& maps = monoid.maps_;
  RowIndex index(maps, width);
  for (StateId q = 0; q < dfa.num_states(); ++q) maps.push_back(q);
  index.FindOrAddLast();
  monoid.parent_ = {kIdentity};
  monoid.letter_ = {-1};
  monoid.left_.resize(static_cast<std::size_t>(dfa.num_symbols()));
  std::int64_t num_steps = 0;
  for (ElementId i = 0; i < monoid.size(); ++i) {
    ThrowIfStopped();
    num_steps += std::int64_t{dfa.num_states()} * dfa.num_symbols();
    const bool is_too_large = monoid.size() > limits.max_monoid;
    if (is_too_large || num_steps > limits.max_steps) {
      diag.Error(ErrorKind::kLimit, {},
                 is_too_large
                     ? fmt::format("the transition monoid has more than {} elements, the limit",
                                   limits.max_monoid)
                     : fmt::format("listing the transition monoid on {} states takes more than {} "
                                   "steps, the limit",
                                   dfa.num_states(), limits.max_steps));
      return std::nullopt;
    }
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      for (StateId q = 0; q < dfa.num_states(); ++q) {
        maps.push_back(dfa.Next(monoid.Apply(q, i), a));
      }
      const ElementId product = index.FindOrAddLast();
      monoid.right_.push_back(product);
      if (product < monoid.size()) {
        maps.resize(maps.size() - width);
      } else {
        num_steps += kStepsToKeep * dfa.num_states();
        monoid.parent_.push_back(i);
        monoid.letter_.push_back(a);
      }
      if (product == kIdentity) monoid.identity_is_word_ = true;
    }
  }
  // a*i for i = p*b is (a*p)*b; p comes before i.
  monoid.left_.resize(monoid.right_.size());
  for (SymbolId a = 0; a < dfa.num_symbols(); ++a)
    monoid.left_[monoid.Slot(0, a)] = monoid.Letter(a);
  for (ElementId i = 1; i < monoid.size(); ++i) {
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      monoid.left_[monoid.Slot(i, a)] =
          monoid.Right(monoid.Left(monoid.parent_[i], a), monoid.letter_[i]);
    }
  }
  return monoid;
}

ElementId TransitionMonoid::Multiply(ElementId i, ElementId j) const {
  for (; i != kIdentity; i = parent_[i]) j = Left(j, letter_[i]);
  return j;
}

Word TransitionMonoid::WordOf(ElementId i) const {
  Word word;
  for (; i != kIdentity; i = parent_[i]) word.push_back(letter_[i]);
  std::reverse(word.begin(), word.end());
  return word;
}

ElementId TransitionMonoid::IdempotentPower(ElementId i) const {
  ElementId power = i;
  while (!IsIdempotent(power)) power = Multiply(power, i);
  return power;
}

GreensRelations ComputeGreensRelations(const TransitionMonoid& monoid) {
  const int size = monoid.size();
  EdgeList edges;
  const auto add = [&](bool is_right) {
    for (ElementId i = 0; i < size; ++i) {
      for (SymbolId a = 0; a < monoid.num_symbols(); ++a) {
        edges.emplace_back(i, is_right ? monoid.Right(i, a) : monoid.Left(i, a));
      }
    }
  };
  GreensRelations green;
  add(false);
  green.l = StronglyConnectedComponents(size, edges);
  EdgeList left;
  std::swap(left, edges);
  add(true);
  green.r = StronglyConnectedComponents(size, edges);
  edges.insert(edges.end(), left.begin(), left.end());
  green.j = StronglyConnectedComponents(size, edges);
  std::map<std::pair<int, int>, int> numbers;
  green.is_regular.assign(static_cast<std::size_t>(green.j.count), false);
  for (ElementId i = 0; i < size; ++i) {
    const std::pair<int, int> key = {green.r.of[i], green.l.of[i]};
    green.h.push_back(numbers.emplace(key, static_cast<int>(numbers.size())).first->second);
    green.is_idempotent.push_back(monoid.IsIdempotent(i));
    if (green.is_idempotent.back()) green.is_regular[green.j.of[i]] = true;
  }
  green.num_h = static_cast<int>(numbers.size());
  return green;
}

}  // namespace raspc

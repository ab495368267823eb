// Selection by position: what masks and relative biases can express, and what a mask implies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "compiler/lower/selectors/selector_formula.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

// The maximum number of entries of a matrix of queries by keys.
inline constexpr std::size_t kMaxMatrixEntries = std::size_t{1} << 24;

// Which keys a head can attend to, whatever they hold.
struct Visibility {
  HeadMask mask = HeadMask::kNone;
  // Keys hidden by their offset from the query: entry k - q + context_length - 1; empty: none.
  std::vector<bool> hidden_offsets;

  // Hides the offsets that are set.
  void Hide(const std::vector<bool>& hidden);
  // Uses a mask for what a mask can hide, and drops the biases if nothing is left for them to do.
  void SettleMask(std::int64_t context_length);
};

class Positions {
 public:
  // Keeps references.
  Positions(const Sops& sops, const Formulas& formulas) : sops_(sops), formulas_(formulas) {}

  // Which offsets k - q a clause excludes, if it depends on nothing else and the target allows
  // biases.
  std::optional<std::vector<bool>> HiddenOffsets(FormulaId clause) const;
  // Whether a clause that compares positions holds wherever the mask lets a key through, found in
  // one pass over them; may miss some.
  bool IsImpliedByMask(FormulaId clause) const;
  // The same for any clause on s-ops of positions, by checking all pairs if they are few enough:
  // `at(q, k)` says whether it holds.
  bool IsImpliedByMask(const std::vector<NodeId>& queries, const std::vector<NodeId>& keys,
                       const std::function<bool(std::size_t q, std::size_t k)>& at) const;

 private:
  std::optional<std::int64_t> ShiftOfIndices(NodeId id) const;
  std::vector<const Atom*> ValuesByPosition(NodeId id) const;

  const Sops& sops_;
  const Formulas& formulas_;
};

}  // namespace raspc

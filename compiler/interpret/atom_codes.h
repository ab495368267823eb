// Atoms as ints that compare as the atoms do, so that inner loops compare ints.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/graph/dataflow_graph.h"
#include "base/atom.h"

namespace raspc {

// The keys and the queries of a select. Both columns may grow.
class AtomCodes {
 public:
  // Codes the atoms after those already coded, O(1) each: ints represent themselves, floats and
  // short strings have bit patterns in the right order. If new atoms do not fit the current coding,
  // all are recoded; atoms that fit none of these are ranked by sorting, all of them each time.
  // Returns whether existing codes have changed.
  bool Extend(std::span<const Atom> keys, std::span<const Atom> queries);
  void Clear();

  // By position. Codes compare exactly as their atoms do in the order of LookUpLess, whichever
  // columns they are from.
  std::span<const std::int64_t> keys() const { return keys_; }
  std::span<const std::int64_t> queries() const { return queries_; }

 private:
  enum Coding : unsigned { kInts = 1, kFloats = 2, kShortStrings = 4, kRanks = 8 };

  static unsigned FittingOf(const Atom& atom);
  static std::int64_t CodeOf(Coding coding, const Atom& atom);
  void RankAll(std::span<const Atom> keys, std::span<const Atom> queries);

  unsigned fitting_ =
      kInts | kFloats | kShortStrings | kRanks;  // codings that fit all atoms so far
  Coding coding_ = kInts;
  std::vector<std::int64_t> keys_, queries_;
};

}  // namespace raspc

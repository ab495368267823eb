// A comparison of all keys with all queries, whose rows are computed on demand.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compiler/interpret/atom_codes.h"
#include "compiler/operations/atom_ops.h"
#include "compiler/interpret/bit_rows.h"
#include "compiler/interpret/sorted_keys.h"

namespace raspc {

// Both columns may grow.
class ComparedColumns {
 public:
  explicit ComparedColumns(Comparison op) : op_(op) {}

  // Takes the keys and queries after those already taken; equally many, at least one. An error if
  // some key and query cannot be ordered.
  std::optional<OpError> Extend(std::span<const Atom> keys, std::span<const Atom> queries);
  void Clear();

  // By position; equal exactly for equal queries. They have changed if `num_recodings` has.
  std::span<const std::int64_t> query_codes() const { return codes_.queries(); }
  int num_recodings() const { return num_recodings_; }

  // Writes the bits k in [from, end) of row q to `row`, which begins with the word of `from`; bits
  // outside are undefined. Time O(n / 64), or O(end - from) if that is small.
  void Write(int q, int from, int end, BitWords row);
  // The rows of all queries where there are at most 64 keys: one word each, where bits beyond
  // the keys are 0.
  std::span<const std::uint64_t> Words();

 private:
  Comparison op_;
  AtomCodes codes_;
  std::array<bool, 2> has_key_ = {}, has_query_ = {};  // a string; a number
  int num_recodings_ = 0;
  SortedKeys sorted_;                 // of the keys that existed when many were last needed
  std::vector<std::uint64_t> words_;  // of Words; empty until requested
};

}  // namespace raspc

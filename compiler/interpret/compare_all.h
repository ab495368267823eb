// Compares every key with every query: the rows of a select.
#pragma once

#include <optional>
#include <span>

#include "compiler/interpret/atom_ops.h"
#include "compiler/interpret/bit_rows.h"

namespace raspc {

// The rows from `first_row` on of select(keys, queries, op), where keys and queries have the same
// length and each is all strings or all numbers, as the values of an s-op are. An error when they
// cannot be ordered. Time O(distinct queries * keys + rows * keys / 64).
std::variant<BitRows, OpError> CompareAll(Comparison op, std::span<const Atom> keys,
                                          std::span<const Atom> queries, int first_row);

}  // namespace raspc

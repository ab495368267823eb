// The loops over words and keys are in bit_rows_body.h, compiled for several instruction sets.
#include "compiler/interpret/bit_rows.h"


namespace raspc {
namespace {

struct CompareArguments {
  Comparison op;
  const std::int64_t* keys;
  std::int64_t query;
  int from, end;
  std::uint64_t* row;
};

struct CountArguments {
  const std::uint64_t* row;
  const std::uint64_t* other;
  std::size_t size;
  int& count;
};

}  // namespace
}  // namespace raspc

#define RASPC_BODY "compiler/interpret/bit_rows_body.h"
#include "base/for_each_instruction_set.h"

namespace raspc {

int CountBits(ConstBitWords row) {
  int count = 0;
  RASPC_CALL(CountBits, (CountArguments{row.data(), nullptr, row.size(), count}));
  return count;
}

int CountCommonBits(ConstBitWords a, ConstBitWords b) {
  int count = 0;
  RASPC_CALL(CountBits, (CountArguments{a.data(), b.data(), a.size(), count}));
  return count;
}

void SetWhereCompared(Comparison op, std::span<const std::int64_t> keys, std::int64_t query,
                      int from, int end, BitWords row) {
  RASPC_CALL(SetWhereCompared, (CompareArguments{op, keys.data(), query, from, end, row.data()}));
}

}  // namespace raspc

// Few keys are compared one by one. For many, sorted keys give the row as a range; keys added since
// are compared one by one until they make up an eighth, which amortises the cost of sorting again.
#include "compiler/interpret/compared_columns.h"

#include <algorithm>

namespace raspc {

std::optional<OpError> ComparedColumns::Extend(std::span<const Atom> keys,
                                               std::span<const Atom> queries) {
  // Only strings and numbers cannot be compared with one another; by RASP's rules each column is of
  // one kind.
  for (const Atom& key : keys.subspan(codes_.keys().size())) has_key_[IsNumber(key)] = true;
  for (const Atom& query : queries.subspan(codes_.queries().size())) {
    has_query_[IsNumber(query)] = true;
  }
  for (const bool is_number : {false, true}) {
    if (!has_key_[is_number] || !has_query_[!is_number]) continue;
    const auto is_key = [&](const Atom& atom) { return IsNumber(atom) == is_number; };
    OpResult compared = CompareForSelect(op_, *std::ranges::find_if(keys, is_key),
                                         *std::ranges::find_if_not(queries, is_key));
    if (auto* error = std::get_if<OpError>(&compared)) return std::move(*error);
  }
  words_.clear();
  if (codes_.Extend(keys, queries)) {
    ++num_recodings_;
    sorted_.Clear();
  }
  return std::nullopt;
}

void ComparedColumns::Clear() {
  codes_.Clear();
  has_key_ = has_query_ = {};
  sorted_.Clear();
  words_.clear();
  ++num_recodings_;
}

std::span<const std::uint64_t> ComparedColumns::Words() {
  if (!words_.empty()) return words_;
  const std::span<const std::int64_t> keys = codes_.keys();
  for (const std::int64_t query : codes_.queries()) {
    std::uint64_t word = 0;
    SetWhereCompared(op_, keys, query, 0, static_cast<int>(keys.size()), {&word, 1});
    words_.push_back(word);
  }
  return words_;
}

void ComparedColumns::Write(int q, int from, int end, BitWords row) {
  constexpr int kFewKeys = 256;
  std::fill(row.begin(), row.end(), 0);
  const std::span<const std::int64_t> keys = codes_.keys();
  const std::int64_t query = codes_.queries()[static_cast<std::size_t>(q)];
  int start = from / 64 * 64;
  if (end - start > kFewKeys) {
    const auto num_keys = static_cast<int>(keys.size());
    if (num_keys - sorted_.size() > sorted_.size() / 8) sorted_.Build(keys);
    sorted_.Set(op_, query, static_cast<std::size_t>(start) / 64, end, row);
    start = std::max(start, std::min(end, sorted_.size()));
  }
  if (start >= end) return;
  const auto first_word = static_cast<std::size_t>(start / 64 - from / 64);
  SetWhereCompared(op_, keys, query, start, end, row.subspan(first_word));
}

}  // namespace raspc

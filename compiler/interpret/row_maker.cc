// Steps run in the order of their numbers, each with its own output row.
#include "compiler/interpret/row_maker.h"

#include <algorithm>

namespace raspc {

int RowMaker::Add(ComparedColumns* compared) {
  steps_.push_back({compared, nullptr, {}, {}});
  compared_.push_back(compared);
  return num_steps() - 1;
}

int RowMaker::Add(const BitRows* stored) {
  steps_.push_back({nullptr, stored, {}, {}});
  has_stored_ = true;
  return num_steps() - 1;
}

int RowMaker::Add(SelectorOp op, std::vector<int> operands) {
  steps_.push_back({nullptr, nullptr, op, std::move(operands)});
  return num_steps() - 1;
}

std::uint64_t RowMaker::BytesFor(int seq_len) const {
  // The two lists of the classes, and a table that is at least a quarter full.
  constexpr std::uint64_t kClassBytes = 2 * sizeof(int) + 4 * sizeof(int);
  return steps_.size() * NumWords(seq_len) * 8 + static_cast<std::uint64_t>(seq_len) * kClassBytes;
}

std::uint64_t RowMaker::HashOf(int q) const {
  std::uint64_t hash = has_stored_ ? static_cast<std::uint64_t>(q) : 0;
  for (const ComparedColumns* compared : compared_) {
    const auto code = compared->query_codes()[static_cast<std::size_t>(q)];
    hash = (hash ^ static_cast<std::uint64_t>(code)) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  }
  return hash;
}

bool RowMaker::AreOneClass(int q, int other) const {
  if (has_stored_) return q == other;
  return std::all_of(compared_.begin(), compared_.end(), [&](const ComparedColumns* compared) {
    return compared->query_codes()[static_cast<std::size_t>(q)] ==
           compared->query_codes()[static_cast<std::size_t>(other)];
  });
}

void RowMaker::Insert(int c) {
  const std::size_t mask = table_.size() - 1;
  std::size_t slot = HashOf(FirstOf(c)) & mask;
  while (table_[slot] != 0) slot = (slot + 1) & mask;
  table_[slot] = c + 1;
}

void RowMaker::FindClasses(int end) {
  int num_recodings = 0;
  for (const ComparedColumns* compared : compared_) num_recodings += compared->num_recodings();
  if (num_recodings != num_recodings_) {
    // Equal queries still have equal codes, so the classes are the same, but their hashes are not.
    num_recodings_ = num_recodings;
    std::fill(table_.begin(), table_.end(), 0);
    for (int c = 0; c < num_classes(); ++c) Insert(c);
  }
  for (auto q = static_cast<int>(class_of_.size()); q < end; ++q) {
    if (2 * first_of_class_.size() >= table_.size()) {
      table_.assign(std::max<std::size_t>(16, 2 * table_.size()), 0);
      for (int c = 0; c < num_classes(); ++c) Insert(c);
    }
    const std::size_t mask = table_.size() - 1;
    std::size_t slot = HashOf(q) & mask;
    while (table_[slot] != 0 && !AreOneClass(q, FirstOf(table_[slot] - 1))) {
      slot = (slot + 1) & mask;
    }
    if (table_[slot] == 0) {
      first_of_class_.push_back(q);
      table_[slot] = num_classes();
    }
    class_of_.push_back(table_[slot] - 1);
  }
}

void RowMaker::ClearClasses() {
  num_words_ = 0;
  class_of_.clear();
  first_of_class_.clear();
  std::fill(table_.begin(), table_.end(), 0);
}

void RowMaker::MakeWords(std::size_t num_queries) {
  const std::size_t n = num_queries;
  words_.resize(steps_.size() * n);
  const auto words_of = [&](std::size_t step) { return words_.data() + step * n; };
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    std::uint64_t* words = words_of(i);
    if (step.compared != nullptr) {
      std::ranges::copy(step.compared->Words(), words);
      continue;
    }
    const std::uint64_t flipped = step.op == SelectorOp::kNot ? ~std::uint64_t{0} : 0;
    const std::uint64_t* first = words_of(static_cast<std::size_t>(step.operands[0]));
    for (std::size_t q = 0; q < n; ++q) words[q] = first[q] ^ flipped;
    for (std::size_t o = 1; o < step.operands.size(); ++o) {
      const std::uint64_t* other = words_of(static_cast<std::size_t>(step.operands[o]));
      if (step.op == SelectorOp::kAnd) {
        for (std::size_t q = 0; q < n; ++q) words[q] &= other[q];
      } else {
        for (std::size_t q = 0; q < n; ++q) words[q] |= other[q];
      }
    }
  }
  num_words_ = n;
}

void RowMaker::WriteStep(const Step& step, int q, int from, int end, BitWords row) {
  if (step.compared != nullptr) return step.compared->Write(q, from, end, row);
  if (step.stored != nullptr) {
    const ConstBitWords words = step.stored->Row(q);
    std::copy_n(words.begin() + from / 64, row.size(), row.begin());
    return;
  }
  const std::uint64_t flipped = step.op == SelectorOp::kNot ? ~std::uint64_t{0} : 0;
  const BitWords first = Slot(static_cast<std::size_t>(step.operands[0]), row.size());
  for (std::size_t w = 0; w < row.size(); ++w) row[w] = first[w] ^ flipped;
  for (std::size_t i = 1; i < step.operands.size(); ++i) {
    const BitWords other = Slot(static_cast<std::size_t>(step.operands[i]), row.size());
    if (step.op == SelectorOp::kAnd) {
      for (std::size_t w = 0; w < row.size(); ++w) row[w] &= other[w];
    } else {
      for (std::size_t w = 0; w < row.size(); ++w) row[w] |= other[w];
    }
  }
}

ConstBitWords RowMaker::Row(int q, int from, int end) {
  if (from >= end) return {};
  const std::size_t num_queries = compared_.empty() ? 0 : compared_.front()->query_codes().size();
  if (num_queries <= 64 && !has_stored_) {
    if (num_words_ != num_queries) MakeWords(num_queries);
    word_ = words_[(steps_.size() - 1) * num_words_ + static_cast<std::size_t>(q)];
    word_ &= LowBits(end) & ~LowBits(from);
    return {&word_, 1};
  }
  const std::size_t num_words = NumWords(end) - static_cast<std::size_t>(from) / 64;
  if (slots_.size() < steps_.size() * num_words) slots_.resize(steps_.size() * num_words);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    WriteStep(steps_[i], q, from, end, Slot(i, num_words));
  }
  const BitWords row = Slot(steps_.size() - 1, num_words);
  row.front() &= ~LowBits(from % 64);
  if (end % 64 != 0) row.back() &= LowBits(end % 64);
  return row;
}

}  // namespace raspc

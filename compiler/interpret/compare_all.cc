// Atoms are first turned into 64-bit ints that compare as the atoms do, so that the inner loop
// compares ints: ints stand for themselves, floats and short strings have bit patterns in the right
// order, and whatever is left is ranked by sorting. Equal queries then share one computed row.
#include "compiler/interpret/compare_all.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_map>

namespace raspc {
namespace {

// From here on, atoms are pointers into keys and queries: first all keys, then the queries.
using AtomPointers = std::vector<const Atom*>;
using Codes = std::vector<std::int64_t>;

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

template <class Predicate>
bool All(const AtomPointers& atoms, Predicate predicate) {
  return std::all_of(atoms.begin(), atoms.end(),
                     [&](const Atom* atom) { return predicate(*atom); });
}

bool IsSmallIntOrBool(const Atom& atom) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  const auto* value = std::get_if<std::int64_t>(&atom);
  return std::holds_alternative<bool>(atom) || (value && *value >= -kExact && *value <= kExact);
}

std::int64_t CodeOfInt(const Atom& atom) {
  const auto* value = std::get_if<std::int64_t>(&atom);
  return value ? *value : std::int64_t{*std::get_if<bool>(&atom)};
}

// Doubles order as their bits do, once those of negative numbers are reversed. Adding 0.0 turns
// -0.0 into 0.0, which it equals.
std::int64_t CodeOfDouble(double value) {
  const auto bits = std::bit_cast<std::int64_t>(value + 0.0);
  return bits >= 0 ? bits
                   : std::bit_cast<std::int64_t>(kSignBit - static_cast<std::uint64_t>(bits));
}

constexpr std::size_t kPackedBytes = 7;

// Up to 7 bytes, the first the most significant, then the length, which settles the order of "a"
// and "a\0".
std::int64_t CodeOfShortString(const std::string& text) {
  std::uint64_t packed = 0;
  for (std::size_t i = 0; i < kPackedBytes; ++i) {
    packed = packed << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
  }
  packed = packed << 8 | text.size();
  return std::bit_cast<std::int64_t>(packed ^ kSignBit);
}

Codes RanksOf(const AtomPointers& atoms) {
  std::vector<std::size_t> order(atoms.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t j) { return LookUpLess(*atoms[i], *atoms[j]); });
  Codes ranks(atoms.size());
  std::int64_t rank = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && LookUpLess(*atoms[order[i - 1]], *atoms[order[i]])) ++rank;
    ranks[order[i]] = rank;
  }
  return ranks;
}

// Ints that compare with each other as the atoms do.
Codes CodesOf(const AtomPointers& atoms) {
  const auto code_each = [&](auto code_of) {
    Codes codes(atoms.size());
    for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = code_of(*atoms[i]);
    return codes;
  };
  const auto is_float = [](const Atom& atom) { return std::holds_alternative<double>(atom); };
  if (All(atoms, [&](const Atom& atom) { return IsNumber(atom) && !is_float(atom); })) {
    return code_each(CodeOfInt);
  }
  if (All(atoms, [&](const Atom& atom) { return is_float(atom) || IsSmallIntOrBool(atom); })) {
    return code_each([](const Atom& atom) { return CodeOfDouble(NumberOf(atom)); });
  }
  const auto is_short_string = [](const Atom& atom) {
    const auto* text = std::get_if<std::string>(&atom);
    return text && text->size() <= kPackedBytes;
  };
  if (All(atoms, is_short_string)) {
    return code_each(
        [](const Atom& atom) { return CodeOfShortString(*std::get_if<std::string>(&atom)); });
  }
  return RanksOf(atoms);
}

template <class Compare>
void FillRow(std::span<const std::int64_t> keys, Compare compare, std::span<std::uint64_t> row) {
  for (std::size_t w = 0; w < row.size(); ++w) {
    const std::size_t start = w * 64, count = std::min<std::size_t>(64, keys.size() - start);
    std::uint64_t word = 0;
    for (std::size_t b = 0; b < count; ++b) {
      word |= static_cast<std::uint64_t>(compare(keys[start + b])) << b;
    }
    row[w] = word;
  }
}

void FillRow(Comparison op, std::span<const std::int64_t> keys, std::int64_t query,
             std::span<std::uint64_t> row) {
  switch (op) {
    case Comparison::kEqual:
      return FillRow(
          keys, [=](std::int64_t key) { return key == query; }, row);
    case Comparison::kNotEqual:
      return FillRow(
          keys, [=](std::int64_t key) { return key != query; }, row);
    case Comparison::kLess:
      return FillRow(
          keys, [=](std::int64_t key) { return key < query; }, row);
    case Comparison::kLessEqual:
      return FillRow(
          keys, [=](std::int64_t key) { return key <= query; }, row);
    case Comparison::kGreater:
      return FillRow(
          keys, [=](std::int64_t key) { return key > query; }, row);
    case Comparison::kGreaterEqual:
      return FillRow(
          keys, [=](std::int64_t key) { return key >= query; }, row);
  }
}

}  // namespace

std::variant<BitRows, OpError> CompareAll(Comparison op, std::span<const Atom> keys,
                                          std::span<const Atom> queries, int first_row) {
  // All strings or all numbers, so the first pair can be compared if all can.
  if (OpResult first = CompareForSelect(op, keys[0], queries[0]);
      std::holds_alternative<OpError>(first)) {
    return std::get<OpError>(std::move(first));
  }
  const auto n = static_cast<int>(keys.size());
  AtomPointers atoms;
  atoms.reserve(keys.size() + queries.size());
  for (const Atom& key : keys) atoms.push_back(&key);
  for (int q = first_row; q < n; ++q) atoms.push_back(&queries[static_cast<std::size_t>(q)]);
  const Codes codes = CodesOf(atoms);
  const std::span<const std::int64_t> key_codes(codes.data(), keys.size());

  BitRows rows(first_row, n, n);
  std::unordered_map<std::int64_t, int> row_of_query;
  for (int q = first_row; q < n; ++q) {
    const std::int64_t query = codes[keys.size() + static_cast<std::size_t>(q - first_row)];
    const auto [seen, is_new] = row_of_query.try_emplace(query, q);
    if (is_new) {
      FillRow(op, key_codes, query, rows.Row(q));
    } else {
      std::ranges::copy(rows.Row(seen->second), rows.Row(q).begin());
    }
  }
  return rows;
}

}  // namespace raspc

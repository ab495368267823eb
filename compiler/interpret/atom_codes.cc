// Each atom has a set of possible codings, as bits; the first that fits all atoms is used.
#include "compiler/interpret/atom_codes.h"

#include <algorithm>
#include <bit>

#include "compiler/operations/atom_ops.h"

namespace raspc {
namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;
constexpr std::size_t kPackedBytes = 7;

// Doubles order as their bits do, once those of negative numbers are reversed. Adding 0.0 turns
// -0.0 into 0.0, which it equals.
std::int64_t CodeOfDouble(double value) {
  const auto bits = std::bit_cast<std::int64_t>(value + 0.0);
  return bits >= 0 ? bits
                   : std::bit_cast<std::int64_t>(kSignBit - static_cast<std::uint64_t>(bits));
}

// Up to 7 bytes, the first the most significant, then the length, which orders "a" before "a\0".
std::int64_t CodeOfShortString(const std::string& text) {
  std::uint64_t packed = 0;
  for (std::size_t i = 0; i < kPackedBytes; ++i) {
    packed = packed << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
  }
  packed = packed << 8 | text.size();
  return std::bit_cast<std::int64_t>(packed ^ kSignBit);
}

}  // namespace

unsigned AtomCodes::FittingOf(const Atom& atom) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;  // ints up to here are doubles
  if (const auto* value = std::get_if<std::int64_t>(&atom)) {
    return kInts | kRanks | (*value >= -kExact && *value <= kExact ? kFloats : 0u);
  }
  if (const auto* text = std::get_if<std::string>(&atom)) {
    return kRanks | (text->size() <= kPackedBytes ? kShortStrings : 0u);
  }
  if (const auto* value = std::get_if<Float>(&atom)) {
    return kRanks | (value->IsDouble() ? kFloats : 0u);
  }
  return kRanks | kFloats | kInts;
}

// Requires that the coding fits the atom, and is not kRanks.
std::int64_t AtomCodes::CodeOf(Coding coding, const Atom& atom) {
  if (coding == kShortStrings) return CodeOfShortString(*std::get_if<std::string>(&atom));
  if (coding == kFloats) return CodeOfDouble(NumberOf(atom));
  const auto* value = std::get_if<std::int64_t>(&atom);
  return value ? *value : std::int64_t{*std::get_if<bool>(&atom)};
}

bool AtomCodes::Extend(std::span<const Atom> keys, std::span<const Atom> queries) {
  for (const Atom& atom : keys.subspan(keys_.size())) fitting_ &= FittingOf(atom);
  for (const Atom& atom : queries.subspan(queries_.size())) fitting_ &= FittingOf(atom);
  const auto coding = static_cast<Coding>(fitting_ & (~fitting_ + 1));
  const bool all_anew = !keys_.empty() && (coding != coding_ || coding == kRanks);
  if (all_anew) {
    keys_.clear();
    queries_.clear();
  }
  coding_ = coding;
  if (coding == kRanks) {
    RankAll(keys, queries);
    return all_anew;
  }
  for (const Atom& atom : keys.subspan(keys_.size())) keys_.push_back(CodeOf(coding, atom));
  for (const Atom& atom : queries.subspan(queries_.size())) {
    queries_.push_back(CodeOf(coding, atom));
  }
  return all_anew;
}

void AtomCodes::RankAll(std::span<const Atom> keys, std::span<const Atom> queries) {
  std::vector<const Atom*> atoms;
  for (const Atom& atom : keys) atoms.push_back(&atom);
  for (const Atom& atom : queries) atoms.push_back(&atom);
  std::vector<std::size_t> order(atoms.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t j) { return LookUpLess(*atoms[i], *atoms[j]); });
  keys_.resize(keys.size());
  queries_.resize(queries.size());
  std::int64_t rank = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && LookUpLess(*atoms[order[i - 1]], *atoms[order[i]])) ++rank;
    (order[i] < keys.size() ? keys_[order[i]] : queries_[order[i] - keys.size()]) = rank;
  }
}

void AtomCodes::Clear() {
  fitting_ = kInts | kFloats | kShortStrings | kRanks;
  keys_.clear();
  queries_.clear();
}

}  // namespace raspc

// Reads the cases of tests/data/conformance.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/atom.h"

namespace raspc {

// An atom of the JSON type exactly: 1, 1.0 and true all differ.
inline Atom AtomFrom(const nlohmann::json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number_float()) return value.get<double>();
  return value.get<std::string>();
}

// Text, one token per character, or an array of atoms.
inline std::vector<Atom> InputFrom(const nlohmann::json& value) {
  if (value.is_string()) return CodePoints(value.get<std::string>());
  std::vector<Atom> input;
  for (const nlohmann::json& item : value) input.push_back(AtomFrom(item));
  return input;
}

}  // namespace raspc

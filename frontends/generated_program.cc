#include "frontends/generated_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace raspc {
namespace {

constexpr std::array<std::string_view, 4> kMechanismNames = {"direct", "log-depth", "cot", "pad"};

}  // namespace

std::string_view MechanismName(Mechanism mechanism) {
  return kMechanismNames[static_cast<std::size_t>(mechanism)];
}

std::optional<Mechanism> ReadMechanism(const std::string& name) {
  if (name == kFormerLogDepthName) return Mechanism::kLogDepth;
  const auto at = std::find(kMechanismNames.begin(), kMechanismNames.end(), name);
  if (at == kMechanismNames.end()) return std::nullopt;
  return static_cast<Mechanism>(at - kMechanismNames.begin());
}

std::string AttentionLayers(int count) { return fmt::format("attention depth {}", count); }

std::string DepthPromise(int depth, std::string_view rest) {
  return fmt::format("{}{}", AttentionLayers(depth), rest);
}

std::string GeneratedProgram::Source() const {
  RaspWriter w = WriteHeader(header);
  w.Append(statements);
  return w.text();
}

}  // namespace raspc

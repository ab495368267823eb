#include "runtime/engine/engine.h"


namespace raspc {

std::string_view NameOf(EngineKind kind) {
  switch (kind) {
    case EngineKind::kReference:
      return "reference";
    case EngineKind::kDense:
      return "dense";
    case EngineKind::kStructured:
      return "structured";
  }
  return "?";
}

std::optional<EngineKind> EngineNamed(std::string_view name) {
  for (const EngineKind kind : kAllEngines) {
    if (NameOf(kind) == name) return kind;
  }
  return std::nullopt;
}

}  // namespace raspc

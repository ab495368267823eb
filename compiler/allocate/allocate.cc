#include "compiler/allocate/allocate.h"

#include <fmt/format.h>

#include "compiler/lower/builder/name_apart.h"

namespace raspc {

ResidualLayout Allocate(const Blocks& blocks, const Schedule&) {
  ResidualLayout layout;
  layout.labels = {kNameOfOne, kNameOfBos};
  layout.lines = {0, 0};
  for (const Variable& variable : blocks.variables) {
    layout.direction.push_back(static_cast<int>(layout.labels.size()));
    layout.labels.push_back(variable.label);
    layout.lines.push_back(variable.line);
  }
  layout.d_model = static_cast<int>(layout.labels.size());
  return layout;
}

std::string ToText(const ResidualLayout& layout) {
  std::string text;
  for (std::size_t i = 0; i < layout.labels.size(); ++i) {
    text += fmt::format("{:4} {}\n", i, layout.labels[i]);
  }
  return text;
}

}  // namespace raspc

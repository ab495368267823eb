#include "base/option_value.h"

#include <fmt/format.h>

#include <charconv>

#include "base/diagnostics.h"
#include "base/text.h"

namespace raspc {

std::optional<std::int64_t> ReadInteger(std::string_view text, std::int64_t min, std::int64_t max) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < min || value > max) return std::nullopt;
  return value;
}

std::string IntegerRequired(std::string_view name, std::int64_t min, std::int64_t max,
                            std::string_view text) {
  return fmt::format("{} requires an integer from {} to {}, not '{}'", name, min, max,
                     Shortened(text));
}

std::string UnknownName(std::string_view what, std::string_view name,
                        const std::vector<std::string>& known) {
  const std::string closest = ClosestName(name, known);
  return fmt::format("unknown {} '{}'; {}", what, Shortened(name),
                     closest.empty() ? "choose " + Alternatives(known)
                                     : fmt::format("did you mean '{}'?", closest));
}

std::string Alternatives(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += i + 1 == names.size() ? " or " : ", ";
    list += names[i];
  }
  return list;
}

}  // namespace raspc

// Parses the values of options and directives, with the same wording of errors for all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace raspc {

// The text as a decimal integer from `min` to `max`, or nothing.
std::optional<std::int64_t> ReadInteger(std::string_view text, std::int64_t min, std::int64_t max);

// The error if there is none: `--max-length requires an integer from 1 to 4096, not 'x'`
std::string IntegerRequired(std::string_view name, std::int64_t min, std::int64_t max,
                            std::string_view text);

// `unknown dtype 'bf16'; choose float32 or float64`, or the only similar name: `unknown engine
// 'densee'; did you mean 'dense'?`
std::string UnknownName(std::string_view what, std::string_view name,
                        const std::vector<std::string>& known);

// `a, b or c`.
std::string Alternatives(const std::vector<std::string>& names);

}  // namespace raspc

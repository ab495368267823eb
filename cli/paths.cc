#include "cli/paths.h"

#include <fmt/format.h>

#include "base/escape.h"

namespace raspc {
namespace {

std::string Quoted(const std::string& path) { return fmt::format("'{}'", EscapeText(path)); }

}  // namespace

CommandPaths::CommandPaths()
    : printed_{FileUse::kWrite, "-", "standard output", IdentityOf("-", FileUse::kWrite)} {}

std::optional<std::string> CommandPaths::Reads(const std::string& path, const std::string& what) {
  return Enter(FileUse::kRead, path, what);
}

std::optional<std::string> CommandPaths::Writes(const std::string& path, const std::string& what) {
  return Enter(FileUse::kWrite, path, what);
}

std::optional<std::string> CommandPaths::Enter(FileUse kind, const std::string& path,
                                               const std::string& what) {
  const Use use{kind, path, what, IdentityOf(path, kind)};
  const bool goes_to_standard_output = kind == FileUse::kWrite && use.identity.is_standard_stream;
  writes_to_standard_output_ |= goes_to_standard_output;
  std::optional<std::string> clash;
  for (const Use& earlier : uses_) {
    if (!clash) clash = ClashOf(earlier, use);
  }
  if (!clash && !writes_to_standard_output_) {
    clash = ClashOf(printed_, use);
    must_not_print_ |= clash.has_value();
  }
  uses_.push_back(use);
  return clash;
}

std::optional<std::string> CommandPaths::ClashOf(const Use& a, const Use& b) {
  if (!a.identity.IsSame(b.identity)) return std::nullopt;
  const bool both_streams = a.identity.is_standard_stream && b.identity.is_standard_stream;
  if (a.kind == b.kind && both_streams) {
    return a.kind == FileUse::kRead
               ? fmt::format("{} and {} cannot both be standard input", a.what, b.what)
               : fmt::format("{} and {} cannot both go to standard output", a.what, b.what);
  }
  if (a.kind == FileUse::kRead && b.kind == FileUse::kRead) return std::nullopt;
  // A device or a pipe is not replaced, and a terminal may be shared; but two outputs through one
  // pipe cannot be separated.
  const bool is_pipe = a.identity.is_pipe && a.kind == b.kind;
  if (a.identity.exists && !a.identity.is_regular && !is_pipe) return std::nullopt;
  if (a.kind == b.kind) {
    const Use& named = a.identity.is_standard_stream ? b : a;
    return fmt::format("{} and {} would both write {}", a.what, b.what, Quoted(named.path));
  }
  const Use& input = a.kind == FileUse::kRead ? a : b;
  const Use& output = a.kind == FileUse::kRead ? b : a;
  return fmt::format(
      "{} would overwrite {}{}", output.what, input.what,
      input.identity.is_standard_stream ? " on standard input" : " " + Quoted(input.path));
}

}  // namespace raspc

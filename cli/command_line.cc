#include "cli/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "base/diagnostics.h"
#include "base/escape.h"
#include "base/option_value.h"

namespace raspc {
namespace {

constexpr std::size_t kHelpColumn = 28;

std::vector<std::string> SplitAtCommas(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

std::string LowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// An option argument split up: `--name=value`, `-nvalue`, or just the name.
struct Written {
  std::string name;
  std::optional<std::string> value;
};

Written TakeApart(const std::string& arg) {
  const bool is_long = arg[1] == '-';
  const std::size_t name_end = is_long ? std::min(arg.find('='), arg.size()) : 2;
  if (name_end == arg.size()) return {arg, std::nullopt};
  return {arg.substr(0, name_end), arg.substr(name_end + (is_long ? 1 : 0))};
}

}  // namespace

CommandLine::CommandLine(std::string name, std::string usage, std::string description,
                         std::string example)
    : name_(std::move(name)),
      usage_(std::move(usage)),
      description_(std::move(description)),
      example_(std::move(example)) {
  Flag("-h,--help", help_, "Print this help");
}

CommandLine::Option& CommandLine::Add(const std::string& names, std::string what,
                                      std::string help) {
  return options_.emplace_back(
      Option{SplitAtCommas(names), std::move(what), std::move(help), {}, {}});
}

void CommandLine::Flag(const std::string& names, bool& value, std::string help) {
  Add(names, "", std::move(help)).target = &value;
}

void CommandLine::Text(const std::string& names, std::optional<std::string>& value,
                       std::string what, std::string help) {
  Add(names, std::move(what), std::move(help)).target = &value;
}

void CommandLine::InputFile(const std::string& names, std::optional<std::string>& value,
                            const std::string& what, const std::string& help) {
  Add(names, what, help).target = File{&value, FileUse::kRead};
}

void CommandLine::OutputFile(const std::string& names, std::optional<std::string>& value,
                             const std::string& what, const std::string& help) {
  Add(names, what, help).target = File{&value, FileUse::kWrite};
}

std::optional<int> CommandLine::EnterPaths() {
  for (const Option& option : options_) {
    const File* file = std::get_if<File>(&option.target);
    if (file == nullptr || !*file->path) continue;
    const std::string& name = option.names.front();
    const std::optional<std::string> clash = file->use == FileUse::kRead
                                                 ? paths_.Reads(**file->path, name)
                                                 : paths_.Writes(**file->path, name);
    if (clash) return Clash(*clash);
  }
  if (!paths_.WritesToStandardOutput()) return std::nullopt;
  KeepStandardOutputFree();
  // A JSON report may share standard output with its errors; no other file may.
  const Option* json = Find("--json");
  if (json == nullptr || json->IsFlag()) ReportErrorsAsJson(false);
  return std::nullopt;
}

int CommandLine::Clash(const std::string& message) const {
  if (paths_.MustNotPrint()) ReportErrorsAsJson(false);
  return Misused(message);
}

std::optional<int> CommandLine::Reads(const std::string& path, const std::string& what) {
  const std::optional<std::string> clash = paths_.Reads(path, what);
  return clash ? std::optional(Clash(*clash)) : std::nullopt;
}

std::optional<int> CommandLine::ReadsLoaded(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (const std::optional<int> status = Reads(path, "the loaded program")) return status;
  }
  return std::nullopt;
}

void CommandLine::TextList(const std::string& names, std::vector<std::string>& values,
                           std::string what, std::string help) {
  Add(names, std::move(what), std::move(help)).target = &values;
}

void CommandLine::Choice(const std::string& names, std::optional<std::string>& value,
                         std::vector<std::string> choices, const std::string& what,
                         const std::string& help, const std::string& note) {
  Option& option = Add(names, what,
                       fmt::format("{}: {}{}", help, Alternatives(choices),
                                   note.empty() ? "" : fmt::format(" ({})", note)));
  option.target = Choices{&value, std::move(choices)};
}

void CommandLine::Integer(const std::string& names, std::optional<std::int64_t>& value,
                          std::int64_t min, std::int64_t max, std::string what,
                          const std::string& help, const std::string& note) {
  Add(names, std::move(what),
      fmt::format("{} ({} to {}{}{})", help, min, max, note.empty() ? "" : "; ", note))
      .target = IntegerRange{&value, min, max};
}

void CommandLine::JsonFlag(bool& value, std::string help) {
  Flag("--json", value, std::move(help));
}

void CommandLine::JsonFile(std::optional<std::string>& value, std::string help) {
  OutputFile("--json", value, "FILE", help);
}

CommandLine::Option* CommandLine::Find(std::string_view name) {
  for (Option& option : options_) {
    if (std::count(option.names.begin(), option.names.end(), name) > 0) return &option;
  }
  return nullptr;
}

int CommandLine::Misused(const std::string& message) const {
  return Fail(message, fmt::format("see 'raspc {} --help'", name_));
}

int CommandLine::UnknownOption(const std::string& name) const {
  std::vector<std::string> known;
  for (const Option& option : options_) known.push_back(option.names.back());
  const std::string closest = ClosestName(name, known);
  const bool is_long = name.starts_with("--");
  const std::string hint = !closest.empty() ? fmt::format("; did you mean {}?", closest)
                           : is_long        ? ""
                                            : "; write '--' before an input that starts with '-'";
  return Misused(fmt::format("'raspc {}' has no option {}{}", name_, Shortened(name), hint));
}

std::optional<int> CommandLine::ReadOption(const std::vector<std::string>& args, std::size_t& at) {
  Written written = TakeApart(args[at]);
  Option* option = Find(written.name);
  if (option == nullptr) return UnknownOption(written.name);
  if (option->IsFlag()) {
    if (written.value) return Misused(fmt::format("{} takes no value", written.name));
    option->given.emplace_back();
    return Store(*option, written.name);
  }
  if (!written.value && at + 1 < args.size()) written.value = args[++at];
  if (!written.value || written.value->empty()) {
    return Misused(fmt::format("{} requires a value", written.name));
  }
  if (!option->given.empty() &&
      !std::holds_alternative<std::vector<std::string>*>(option->target)) {
    return Misused(fmt::format("{} is given twice", written.name));
  }
  option->given.push_back(*std::move(written.value));
  return Store(*option, written.name);
}

std::optional<int> CommandLine::Store(const Option& option, const std::string& name) {
  const std::string& text = option.given.back();
  if (bool* const* flag = std::get_if<bool*>(&option.target)) {
    **flag = true;
  } else if (const File* file = std::get_if<File>(&option.target)) {
    *file->path = text;
  } else if (auto* const* value = std::get_if<std::optional<std::string>*>(&option.target)) {
    **value = text;
  } else if (auto* const* values = std::get_if<std::vector<std::string>*>(&option.target)) {
    (*values)->push_back(text);
  } else if (const auto* range = std::get_if<IntegerRange>(&option.target)) {
    *range->value = ReadInteger(text, range->min, range->max);
    if (!*range->value) return Misused(IntegerRequired(name, range->min, range->max, text));
  } else {
    const auto& choices = std::get<Choices>(option.target);
    if (std::count(choices.names.begin(), choices.names.end(), text) == 0) {
      return Misused(UnknownName(LowerCase(option.what), text, choices.names));
    }
    *choices.value = text;
  }
  return std::nullopt;
}

bool CommandLine::WantsJson(const std::vector<std::string>& args) const {
  for (std::size_t i = 0; i < args.size() && args[i] != "--"; ++i) {
    if (!args[i].starts_with("--json")) continue;
    const Written written = TakeApart(args[i]);
    for (const Option& option : options_) {
      if (written.name != "--json" || option.names.back() != "--json") continue;
      if (option.IsFlag()) return !written.value;
      const std::string file = written.value.value_or(i + 1 < args.size() ? args[i + 1] : "");
      return IdentityOf(file, FileUse::kWrite).is_standard_stream;
    }
  }
  return false;
}

std::optional<int> CommandLine::Parse(const std::vector<std::string>& args) {
  if (WantsJson(args)) ReportErrorsAsJson(true);
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--") {
      positionals_.insert(positionals_.end(), args.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                          args.end());
      break;
    }
    if (args[i].size() < 2 || args[i][0] != '-') {
      positionals_.push_back(args[i]);
    } else if (const std::optional<int> status = ReadOption(args, i)) {
      return status;
    }
    if (help_) {
      Print(Help());
      return FinishOutput(kSuccess);
    }
  }
  return EnterPaths();
}

std::string CommandLine::Help() const {
  std::string text =
      fmt::format("{}\n\nUsage: raspc {}{}{} [OPTION...]\n\nOptions:\n", FitColumns(description_),
                  name_, usage_.empty() ? "" : " ", usage_);
  for (const Option& option : options_) {
    std::string left = fmt::format("  {}{}{}", fmt::join(option.names, ", "),
                                   option.what.empty() ? "" : " ", option.what);
    if (left.size() + 2 > kHelpColumn) {
      text += left + "\n";
      left.clear();
    }
    text += FitColumns(fmt::format("{:<{}}{}\n", left, kHelpColumn, option.help));
  }
  return fmt::format("{}\nExample:\n  {}\n", text, example_);
}

std::string CommandLine::Rebuild(const std::vector<std::string>& leave_out) const {
  std::string text;
  for (const Option& option : options_) {
    const std::string& name = option.names.back();
    if (std::count(leave_out.begin(), leave_out.end(), name) > 0) continue;
    for (const std::string& value : option.given) {
      text += " " + name;
      if (!option.IsFlag()) text += " " + ShellQuote(value);
    }
  }
  return text;
}

std::string ShellQuote(const std::string& text) {
  const bool is_plain = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("_./+-,:=@%^").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (is_plain) return text;
  // Control characters are written as shell escapes.
  const bool is_safe = EscapeText(text) == text;
  std::string quoted = is_safe ? "'" : "$'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += is_safe ? "'\\''" : "\\'";
    } else if (!is_safe && (c == '\\' || static_cast<unsigned char>(c) >= 0x7f || c < ' ')) {
      quoted += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace raspc

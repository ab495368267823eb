// Reads the options through CLI11, with our own words for what is wrong.
#include "cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <deque>
#include <sstream>
#include <utility>

#include "cli/commands.h"
#include "cli/output.h"
#include "runtime/base/diagnostics.h"
#include "runtime/base/escape.h"

namespace raspc {
namespace {

// The options of all subcommands: one that exists elsewhere is misplaced rather than unknown.
const std::vector<std::string>& AllOptions() {
  static const std::vector<std::string> all = {
      "--alphabet",   "--append",     "--causal",     "--dot",        "--dtype",     "--engine",
      "--exhaustive", "--generate",   "--help",       "--inputs",     "--json",      "--markdown",
      "--max-domain", "--max-length", "--max-monoid", "--max-states", "--max-steps", "--output",
      "--pad",        "--random",     "--seed",       "--sop",        "--stage",     "--stop",
      "--svg",        "--target",     "--tokens",     "--vocab"};
  return all;
}

// An integer option, read after CLI11 has found its text.
struct IntegerOption {
  std::string name;
  std::optional<std::string> text;
  std::optional<std::int64_t>* value;
  std::int64_t min, max;
};

// An option whose value is a path; `name` it has in messages.
struct FileOption {
  std::string name;
  std::optional<std::string>* path;
  FileUse use;
};

// The text in lines of at most 80 characters.
std::string Wrapped(const std::string& text) {
  std::istringstream words(text);
  std::string word, line, wrapped;
  while (words >> word) {
    if (!line.empty() && line.size() + 1 + word.size() > 80) {
      wrapped += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return wrapped + line + "\n";
}

}  // namespace

struct CommandLine::Implementation {
  CLI::App app;
  std::string usage;
  std::vector<std::pair<CLI::Option*, std::optional<std::string>*>> texts;
  std::vector<std::pair<CLI::Option*, std::vector<std::string>*>> lists;
  std::deque<IntegerOption> integers;
  std::vector<FileOption> files;
};

CommandLine::CommandLine(std::string name, const std::string& usage, const std::string& description,
                         const std::string& example)
    : implementation_(std::make_unique<Implementation>()), name_(std::move(name)) {
  CLI::App& app = implementation_->app;
  app.name("raspc " + name_ + " " + usage);
  app.description(Wrapped(description));
  app.footer("Example:\n  " + example);
  app.set_help_flag("-h,--help", "Print this help");
  app.get_formatter()->column_width(28);
}

CommandLine::~CommandLine() = default;

void CommandLine::Flag(const std::string& names, bool& value, const std::string& help) {
  implementation_->app.add_flag(names, value, help);
}

void CommandLine::Text(const std::string& names, std::optional<std::string>& value,
                       const std::string& what, const std::string& help) {
  CLI::Option* option = implementation_->app.add_option(names, help)->type_name(what);
  option->expected(1)->allow_extra_args(false);
  implementation_->texts.emplace_back(option, &value);
}

void CommandLine::InputFile(const std::string& names, std::optional<std::string>& value,
                            const std::string& what, const std::string& help) {
  Text(names, value, what, help);
  implementation_->files.push_back({names.substr(0, names.find(',')), &value, FileUse::kRead});
}

void CommandLine::OutputFile(const std::string& names, std::optional<std::string>& value,
                             const std::string& what, const std::string& help) {
  Text(names, value, what, help);
  implementation_->files.push_back({names.substr(0, names.find(',')), &value, FileUse::kWrite});
}

std::optional<int> CommandLine::EnterPaths() {
  for (const FileOption& file : implementation_->files) {
    if (!*file.path) continue;
    const std::optional<std::string> clash = file.use == FileUse::kRead
                                                 ? paths_.Reads(**file.path, file.name)
                                                 : paths_.Writes(**file.path, file.name);
    if (clash) return Misused(*clash);
  }
  if (paths_.WritesToStandardOutput()) KeepStandardOutputFree();
  return std::nullopt;
}

std::optional<int> CommandLine::Reads(const std::string& path, const std::string& what) {
  const std::optional<std::string> clash = paths_.Reads(path, what);
  return clash ? std::optional(Misused(*clash)) : std::nullopt;
}

std::optional<int> CommandLine::ReadsLoaded(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (const std::optional<int> status = Reads(path, "the loaded program")) return status;
  }
  return std::nullopt;
}

void CommandLine::TextList(const std::string& names, std::vector<std::string>& values,
                           const std::string& what, const std::string& help) {
  CLI::Option* option = implementation_->app.add_option(names, help)->type_name(what);
  option->expected(1)->allow_extra_args(false)->take_all();
  implementation_->lists.emplace_back(option, &values);
}

void CommandLine::Integer(const std::string& names, std::optional<std::int64_t>& value,
                          std::int64_t min, std::int64_t max, const std::string& what,
                          const std::string& help) {
  implementation_->integers.push_back({names, std::nullopt, &value, min, max});
  Text(names, implementation_->integers.back().text, what, help);
}

int CommandLine::Misused(const std::string& message) const {
  return Fail(fmt::format("{}\nraspc {} --help lists the options", EscapeText(message), name_));
}

int CommandLine::UnknownOption(const std::string& name) const {
  const std::vector<std::string>& all = AllOptions();
  if (std::find(all.begin(), all.end(), name) != all.end()) {
    return Misused(fmt::format("{} makes no sense with 'raspc {}'", name, name_));
  }
  std::vector<std::string> known;
  for (const CLI::Option* option : implementation_->app.get_options()) {
    for (const std::string& lname : option->get_lnames()) known.push_back("--" + lname);
  }
  const std::string closest = ClosestName(name, known);
  const std::string hint = !closest.empty() ? fmt::format("; did you mean {}?", closest)
                                            : "; an input that begins with '-' goes behind '--'";
  return Misused(fmt::format("unknown option '{}'{}", name, hint));
}

std::optional<int> CommandLine::Split(const std::vector<std::string>& args,
                                      std::vector<std::string>& options) {
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (arg == "--") {
      positionals_.insert(positionals_.end(), args.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                          args.end());
      return std::nullopt;
    }
    if (arg.size() < 2 || arg[0] != '-') {
      positionals_.push_back(arg);
      continue;
    }
    const bool is_long = arg[1] == '-';
    const std::size_t name_end = is_long ? std::min(arg.find('='), arg.size()) : 2;
    const std::string name = arg.substr(0, name_end);
    const CLI::Option* option = implementation_->app.get_option_no_throw(name);
    if (option == nullptr) return UnknownOption(name);
    if (option->get_items_expected_max() == 0) {
      options.push_back(arg);
      continue;
    }
    const bool has_value = name_end < arg.size();
    if (!has_value && ++i == args.size()) return Misused(fmt::format("{} wants a value", name));
    const std::string value = has_value ? arg.substr(name_end + (is_long ? 1 : 0)) : args[i];
    if (value.empty()) return Misused(fmt::format("{} wants a value that is not empty", name));
    options.push_back(fmt::format("--{}={}", option->get_lnames().front(), value));
  }
  return std::nullopt;
}

std::optional<int> CommandLine::Parse(const std::vector<std::string>& args) {
  std::vector<std::string> options;
  if (const std::optional<int> status = Split(args, options)) return status;
  std::reverse(options.begin(), options.end());  // CLI11 takes them from the back
  try {
    implementation_->app.parse(options);
  } catch (const CLI::CallForHelp&) {
    Print(implementation_->app.help());
    return FinishOutput(kSuccess);
  } catch (const CLI::ParseError& error) {
    return Misused(error.what());
  }
  for (const auto& [option, value] : implementation_->texts) {
    if (option->count() > 0) *value = option->results().back();
  }
  for (const auto& [option, values] : implementation_->lists) *values = option->results();
  for (const IntegerOption& option : implementation_->integers) {
    if (!option.text) continue;
    std::int64_t number = 0;
    const char* end = option.text->data() + option.text->size();
    const auto [stop, error] = std::from_chars(option.text->data(), end, number);
    if (error != std::errc() || stop != end || number < option.min || number > option.max) {
      return Misused(fmt::format("{} wants an integer from {} to {}, not '{}'", option.name,
                                 option.min, option.max, *option.text));
    }
    *option.value = number;
  }
  return EnterPaths();
}

std::string CommandLine::Rebuild(const std::vector<std::string>& leave_out) const {
  std::string text;
  for (const CLI::Option* option : implementation_->app.get_options()) {
    const std::string name = option->get_lnames().empty() ? "" : "--" + option->get_lnames()[0];
    if (option->count() == 0 ||
        std::find(leave_out.begin(), leave_out.end(), name) != leave_out.end()) {
      continue;
    }
    text += " " + name;
    if (option->get_items_expected_max() == 0) continue;
    for (const std::string& value : option->results()) text += " " + ShellQuote(value);
  }
  return text;
}

std::string ShellQuote(const std::string& text) {
  const bool is_plain = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("_./+-,:=@%^").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (is_plain) return text;
  // What a terminal would obey is written in the escapes that shells have for it.
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

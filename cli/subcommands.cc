#include "cli/subcommands.h"

#include <fmt/format.h>

#include <utility>

#include "cli/commands.h"
#include "cli/output.h"
#include "base/option_value.h"

namespace raspc {
namespace {

std::string Help(const CommandGroup& group) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Subcommand& subcommand : group.subcommands) {
    rows.emplace_back(fmt::format("{} {}{}{}", group.name, subcommand.name,
                                  subcommand.usage.empty() ? "" : " ", subcommand.usage),
                      subcommand.summary);
  }
  return fmt::format("{}\nUsage:\n{}\n{}", FitColumns(group.about), FigureTable(rows),
                     FitColumns(group.notes));
}

const Subcommand* Find(const CommandGroup& group, const std::string& name) {
  for (const Subcommand& subcommand : group.subcommands) {
    if (subcommand.name == name) return &subcommand;
  }
  return nullptr;
}

int Unknown(const CommandGroup& group, const std::string& name) {
  std::vector<std::string> names;
  for (const Subcommand& subcommand : group.subcommands) names.push_back(subcommand.name);
  return Fail(UnknownName("subcommand", name, names), fmt::format("see '{} --help'", group.name));
}

}  // namespace

int RunSubcommand(const CommandGroup& group, const std::vector<std::string>& args) {
  if (args.empty()) return Fail("missing subcommand", "\n" + Help(group));
  const bool is_help = args[0] == "help" || args[0] == "--help" || args[0] == "-h";
  if (is_help && args.size() == 1) {
    Print(Help(group));
    return FinishOutput(kSuccess);
  }
  const std::size_t name_at = is_help ? 1 : 0;
  const Subcommand* subcommand = Find(group, args[name_at]);
  if (subcommand == nullptr) return Unknown(group, args[name_at]);
  std::vector<std::string> rest(args.begin() + static_cast<std::ptrdiff_t>(name_at) + 1,
                                args.end());
  if (!is_help) return subcommand->run(rest);
  if (!subcommand->has_subcommands) return subcommand->run({"--help"});
  rest.insert(rest.begin(), "help");
  return subcommand->run(rest);
}

}  // namespace raspc

// raspc lab: the laboratory of formal languages; picks its subcommand.
#include "cli/lab.h"

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "runtime/base/diagnostics.h"
#include "runtime/base/escape.h"

namespace raspc {
namespace {

struct LabSubcommand {
  std::string name;
  int (*run)(const std::vector<std::string>& args);
  std::string usage;
  std::string summary;
};

const std::vector<LabSubcommand>& LabSubcommands() {
  static const std::vector<LabSubcommand> all = {
      {"list", LabListCommand, "", "the catalogue of languages"},
      {"classify", LabClassifyCommand, "LANGUAGE",
       "what algebra says of a language, and which transformers recognise it"},
      {"recognise", LabRecogniseCommand, "LANGUAGE -o MODEL", "a transformer that recognises it"},
      {"decide", LabDecideCommand, "MODEL [INPUT...]", "whether words are in its language"},
      {"suite", LabSuiteCommand, "", "all of the catalogue by every mechanism, beside theory"},
  };
  return all;
}

std::string LabHelp() {
  std::string text =
      "raspc lab relates formal languages to the transformers that recognise them.\n\nUsage:\n";
  for (const LabSubcommand& subcommand : LabSubcommands()) {
    text += fmt::format("  {:<38} {}\n", "raspc lab " + subcommand.name + " " + subcommand.usage,
                        subcommand.summary);
  }
  return text +
         "\nA LANGUAGE is a name from 'raspc lab list', such as parity or dyck(2,3); regex:EXPR; "
         "or "
         "an\nautomaton in a file that ends in .json. docs/languages.md explains all three.\n\n"
         "Example:\n"
         "  raspc lab classify 'regex:(ab)*'\n";
}

}  // namespace

int LabCommand(const std::vector<std::string>& args) {
  if (args.empty()) return Fail("which subcommand of lab?\n\n" + LabHelp());
  if (args[0] == "--help" || args[0] == "-h" || args[0] == "help") {
    Print(LabHelp());
    return FinishOutput(kSuccess);
  }
  std::vector<std::string> names;
  for (const LabSubcommand& subcommand : LabSubcommands()) {
    if (subcommand.name == args[0]) return subcommand.run({args.begin() + 1, args.end()});
    names.push_back(subcommand.name);
  }
  const std::string closest = ClosestName(args[0], names);
  return Fail(fmt::format("there is no subcommand 'lab {}'{}\nraspc lab --help lists them",
                          EscapeText(args[0]),
                          closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest)));
}

}  // namespace raspc

// raspc lab: the laboratory of formal languages; picks its subcommand.
#include "cli/lab.h"

#include "cli/commands.h"
#include "cli/subcommands.h"

namespace raspc {

int LabCommand(const std::vector<std::string>& args) {
  const CommandGroup group = {
      "raspc lab",
      "Relates formal languages to the transformers that recognise them.\n",
      {{"list", LabListCommand, "", "list the catalogue of languages and tasks"},
       {"classify", LabClassifyCommand, "LANGUAGE...",
        "determine the algebra of a language, and which transformers recognise it"},
       {"recognise", LabRecogniseCommand, "LANGUAGE -o MODEL",
        "build a transformer that recognises it"},
       {"decide", LabDecideCommand, "MODEL [INPUT...]", "decide whether words are in the language"},
       {"suite", LabSuiteCommand, "",
        "run the whole catalogue by every mechanism, and compare with theory"}},
      "A LANGUAGE is a name from 'raspc lab list', such as parity or 'dyck(2)'; regex:EXPR; "
      "formula:FORMULA; or a .json file with an automaton or a machine. docs/languages.md "
      "describes them all.\n\n"
      "Example:\n"
      "  raspc lab classify 'regex:(ab)*'\n"};
  return RunSubcommand(group, args);
}

}  // namespace raspc

// raspc lab list: the catalogue.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/lab.h"
#include "cli/output.h"
#include "languages/catalogue/catalogue.h"
#include "languages/catalogue/catalogue_table.h"
#include "languages/json_object.h"

namespace raspc {
namespace {

std::string EntryJson(const CatalogueEntry& entry) {
  JsonObject json;
  json.Add("name", entry.name);
  std::string parameters;
  for (const CatalogueParameter& parameter : entry.parameters) {
    JsonObject range;
    range.Add("name", parameter.name);
    range.Add("min", parameter.min);
    range.Add("max", parameter.max);
    parameters += (parameters.empty() ? "" : ", ") + range.Text();
  }
  json.Raw("parameters", "[" + parameters + "]");
  json.Add("symbols", entry.symbols);
  json.Add("definition", entry.definition);
  return json.Text() + "\n";
}

}  // namespace

int LabListCommand(const std::vector<std::string>& args) {
  CommandLine line("lab list", "",
                   "Lists the catalogue of languages: their names, with parameters in brackets, "
                   "alphabets and definitions.",
                   "raspc lab list");
  bool json = false, markdown = false;
  line.Flag("--json", json, "Print one JSON object per language and nothing else");
  line.Flag("--markdown", markdown, "Print a Markdown table that says how each is classified");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (!line.positionals().empty()) {
    return line.Misused(fmt::format("lab list takes no argument '{}'", line.positionals()[0]));
  }
  if (json && markdown) return line.Misused("either --json or --markdown");
  if (markdown) {
    Print(CatalogueMarkdown({}));
    return FinishOutput(kSuccess);
  }
  for (const CatalogueEntry& entry : Catalogue()) {
    Print(json ? EntryJson(entry)
               : fmt::format("{:<22} {:<18} {}\n", CatalogueSignature(entry), entry.symbols,
                             entry.definition));
  }
  return FinishOutput(kSuccess);
}

}  // namespace raspc

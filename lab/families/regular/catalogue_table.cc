// Classifies the entries and lists the properties of each that do not follow from the rest.
#include "lab/families/regular/catalogue_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "automata/algebra/classify.h"
#include "lab/families/regular/catalogue.h"

namespace raspc {
namespace {

// The classes of transformers that have a column; A and U equal F, W equals the property lR.
constexpr std::string_view kColumns = "FNCHPT";

std::string Mark(const ModelVerdict& verdict) {
  if (!verdict.unless.empty()) return "(-)";
  if (!verdict.recognises) return "?";
  if (*verdict.recognises) return "y";
  return verdict.recognises_at_last == true ? "l" : "-";
}

// The language's properties, without those implied by others.
std::vector<std::string> Properties(const Classification& c) {
  const std::vector<std::pair<std::string, std::optional<bool>>> all = {
      {"J", c.j_trivial}, {"R", c.r_trivial},          {"L", c.l_trivial},
      {"df", c.definite}, {"rdf", c.reverse_definite}, {"gdf", c.generalised_definite},
      {"DA", c.da},       {"LT", c.locally_testable},  {"lR", c.locally_r_trivial}};
  static const std::map<std::string, std::vector<std::string>> implied = {
      {"J", {"R", "L", "DA", "lR"}},
      {"R", {"DA", "lR"}},
      {"L", {"DA"}},
      {"df", {"L", "gdf", "DA", "LT", "lR"}},
      {"rdf", {"R", "gdf", "DA", "LT", "lR"}},
      {"gdf", {"DA", "LT", "lR"}},
      {"LT", {"lR"}}};
  std::vector<std::string> properties;
  const auto is_implied = [&](const std::string& name) {
    return std::any_of(all.begin(), all.end(), [&](const auto& other) {
      const auto found = implied.find(other.first);
      return other.second == true && found != implied.end() &&
             std::count(found->second.begin(), found->second.end(), name) > 0;
    });
  };
  for (const auto& [name, holds] : all) {
    if (holds == true && !is_implied(name)) properties.push_back(name);
  }
  if (c.commutative) properties.emplace_back("commutative");
  for (const std::string& group : c.groups) properties.push_back(group);
  if (c.Nc1Complete() == true) properties.emplace_back("NC1-complete");
  return properties;
}

std::string Row(const CatalogueEntry& entry, const std::vector<int>& arguments,
                const LanguageLimits& limits) {
  Diagnostics diag;
  const std::string name = ProblemName(entry, arguments);
  const std::optional<Dfa> dfa = CatalogueLanguage(name, std::nullopt, limits, diag);
  if (!dfa) return fmt::format("| `{}` | {} |\n", name, MarkdownCell(diag.all().front().message));
  const Classification c = Classify(*dfa, limits);
  std::string verdicts;
  for (const ModelVerdict& verdict : ModelVerdicts(c)) {
    if (kColumns.find(verdict.key) == std::string_view::npos) continue;
    verdicts += fmt::format(" {} |", Mark(verdict));
  }
  return fmt::format("| `{}` | {} | {} | {} | {} |{} {} |\n", name, MarkdownCell(entry.symbols),
                     MarkdownCell(entry.definition), c.num_states,
                     c.monoid_size ? fmt::format("{}", *c.monoid_size) : "?", verdicts,
                     fmt::join(Properties(c), ", "));
}

}  // namespace

std::string MarkdownCell(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("|*_<[]\\`").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string CatalogueMarkdown(const LanguageLimits& limits) {
  std::string table =
      "| name | symbols | words | states | monoid | F | N | C | H | P | T | further |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const CatalogueEntry& entry : Catalogue()) {
    for (const std::vector<int>& arguments : entry.examples) {
      table += Row(entry, arguments, limits);
    }
  }
  return table;
}

}  // namespace raspc

// raspc lab classify: what algebra says of a language.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/lab.h"
#include "cli/output.h"
#include "languages/algebra/classify.h"
#include "languages/json_object.h"

namespace raspc {
namespace {

// A language to classify, or why it cannot be read.
struct LanguageItem {
  std::string text;
  std::optional<Alphabet> alphabet;
  Diagnostics errors;
};

// A line of --inputs: a JSON string, or an object with "language" and perhaps "alphabet".
LanguageItem FromLine(const std::string& line, const std::string& where,
                      const std::optional<Alphabet>& alphabet) {
  LanguageItem item{line, alphabet, {}};
  const auto fail = [&](const std::string& message) {
    item.errors.Error(ErrorKind::kInput, {}, fmt::format("{}: {}", where, message));
    return item;
  };
  const nlohmann::json json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  const nlohmann::json* language = &json;
  if (json.is_object()) {
    for (const auto& [field, value] : json.items()) {
      if (field != "language" && field != "alphabet") {
        return fail(fmt::format("unknown field {}", QuoteJson(field)));
      }
    }
    if (!json.contains("language")) return fail("the field \"language\" is missing");
    language = &json["language"];
  }
  if (!language->is_string()) {
    return fail(
        "a line is a JSON string, a language, or an object such as {\"language\": \"regex:a*\", "
        "\"alphabet\": \"ab\"}");
  }
  item.text = language->get<std::string>();
  if (json.is_object() && json.contains("alphabet")) {
    const nlohmann::json& symbols = json["alphabet"];
    if (!symbols.is_string() && !symbols.is_array()) {
      return fail("\"alphabet\" is text, a symbol per character, or an array of strings");
    }
    item.alphabet = ReadAlphabet(symbols.is_string() ? symbols.get<std::string>() : symbols.dump(),
                                 {}, item.errors);
  }
  return item;
}

std::string_view YesNo(const std::optional<bool>& value) {
  return !value ? "unknown" : *value ? "yes" : "no";
}

std::string Figure(const std::optional<int>& value) {
  return value ? fmt::format("{}", *value) : "unknown";
}

std::string GroupsText(const Classification& c) {
  if (c.groups.empty()) return c.aperiodic == true ? "none" : "unknown";
  return fmt::format(
      "{}{}", fmt::join(c.groups, ", "),
      c.perfect_group.empty() ? "" : fmt::format("; {} is perfect", c.perfect_group));
}

std::string PropertiesText(const Classification& c) {
  return FigureTable({
      {"states", fmt::format("{}", c.num_states)},
      {"monoid", Figure(c.monoid_size)},
      {"classes",
       fmt::format("R {}, L {}, J {}, H {}; idempotents {}", Figure(c.num_r), Figure(c.num_l),
                   Figure(c.num_j), Figure(c.num_h), Figure(c.num_idempotents))},
      {"groups", GroupsText(c)},
      {"aperiodic, star-free", std::string(YesNo(c.aperiodic))},
      {"R-trivial", std::string(YesNo(c.r_trivial))},
      {"L-trivial", std::string(YesNo(c.l_trivial))},
      {"J-trivial", std::string(YesNo(c.j_trivial))},
      {"DA", std::string(YesNo(c.da))},
      {"R^omega", std::string(YesNo(c.r_omega))},
      {"locally testable", std::string(YesNo(c.locally_testable))},
      {"locally R-trivial", std::string(YesNo(c.locally_r_trivial))},
      {"definite", std::string(YesNo(c.definite))},
      {"reverse definite", std::string(YesNo(c.reverse_definite))},
      {"generalised definite", std::string(YesNo(c.generalised_definite))},
      {"commutative", std::string(YesNo(c.commutative))},
      {"group language", std::string(YesNo(c.group))},
      {"quasi-aperiodic", std::string(YesNo(c.quasi_aperiodic))},
      {"solvable", std::string(YesNo(c.solvable))},
      {"NC1-complete", std::string(YesNo(c.Nc1Complete()))},
      {"C-RASP", std::string(YesNo(c.c_rasp))},
  });
}

std::string ModelsText(const Classification& c) {
  std::string text = "recognised, the verdict read behind the word, by transformers of\n";
  for (const ModelVerdict& verdict : ModelVerdicts(c)) {
    std::string_view note = "";
    if (verdict.recognises == false && verdict.recognises_at_last == true) {
      note = "; yes with the verdict at the last symbol";
    }
    text +=
        fmt::format("  {}  {}: {}{}\n     recognise what is {} ({})\n", verdict.key, verdict.model,
                    YesNo(verdict.recognises), note, verdict.languages, verdict.reference);
  }
  return text;
}

std::string MechanismsText(const Classification& c) {
  std::string text = "recognisers\n";
  for (const MechanismVerdict& verdict : MechanismVerdicts(c)) {
    text +=
        fmt::format("  {:<7} {}: {}\n", verdict.name, YesNo(verdict.applies), verdict.construction);
    if (!verdict.cost.empty()) text += fmt::format("          {}\n", verdict.cost);
    text += fmt::format("          ({})\n", verdict.reference);
  }
  return text;
}

std::string RefusedText(const Classification& c) {
  std::string text;
  for (const auto& [field, reason] : c.refused) {
    text += fmt::format("  {} is unknown: {}\n", field, reason);
  }
  return text;
}

class Classifier {
 public:
  Classifier(const LanguageLimits& limits, bool json) : limits_(limits), json_(json) {}

  // Prints what there is to say. False if there is an error.
  bool PrintOne(LanguageItem item) {
    Diagnostics& diag = item.errors;
    std::optional<Language> language;
    if (!diag.HasErrors()) language = ReadLanguage(item.text, item.alphabet, limits_, diag);
    Report(diag);
    if (!language) {
      if (json_)
        Print(fmt::format("{{\"language\": {}, \"error\": {}}}\n", QuoteJson(item.text),
                          QuoteJson(OneLine(diag))));
      return false;
    }
    const Classification classification = Classify(language->minimal, limits_);
    if (json_) {
      JsonObject json;
      json.Add("language", language->name);
      json.Raw("alphabet", ToJson(language->minimal.alphabet));
      const std::string head = json.Text();
      const std::string tail = ToJson(classification);
      Print(head.substr(0, head.size() - 1) + ", " + tail.substr(1) + "\n");
      return true;
    }
    Print(fmt::format("{} over {}\n{}{}{}{}", language->name, ToJson(language->minimal.alphabet),
                      PropertiesText(classification), RefusedText(classification),
                      ModelsText(classification), MechanismsText(classification)));
    return true;
  }

 private:
  LanguageLimits limits_;
  bool json_;
};

}  // namespace

int LabClassifyCommand(const std::vector<std::string>& args) {
  CommandLine line(
      "lab classify", "LANGUAGE...",
      "Classifies regular languages: the minimal automaton, its transition monoid, the "
      "classes of languages it belongs to, and the transformers that recognise it.",
      "raspc lab classify 'regex:(ab|ba)*' --json");
  LanguageOptions options(line);
  std::optional<std::string> path;
  bool json = false;
  line.Text("--inputs", path, "FILE",
            "Languages from a file, one a line: a JSON string, or {\"language\": ..., "
            "\"alphabet\": ...}; - is standard input");
  line.Flag("--json", json, "Print one JSON object per language and nothing else");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (line.positionals().empty() && !path) return line.Misused("which language?");

  Diagnostics diag;
  options.Read(diag);
  std::unique_ptr<LineReader> lines;
  if (!diag.HasErrors() && path) lines = LineReader::Open(*path, diag);
  if (diag.HasErrors()) return Report(diag), kFault;

  Classifier classifier(options.limits(), json);
  int status = kSuccess;
  const auto print = [&](LanguageItem item) {
    if (!classifier.PrintOne(std::move(item))) status = kFault;
  };
  for (const std::string& text : line.positionals()) print({text, options.alphabet(), {}});
  while (lines != nullptr && !OutputFailed()) {
    const std::optional<std::string> text = lines->Next(diag);
    if (!text) break;
    if (text->find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = fmt::format("{}, line {}", lines->name(), lines->line_number());
    print(FromLine(*text, where, options.alphabet()));
  }
  Report(diag);
  return FinishOutput(diag.HasErrors() ? kFault : status);
}

}  // namespace raspc

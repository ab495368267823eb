// raspc lab classify: what algebra says about a language.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "automata/algebra/classify.h"
#include "automata/pictures/dot.h"
#include "base/escape.h"
#include "base/json_fields.h"
#include "base/json_object.h"
#include "base/json_text.h"
#include "cli/commands.h"
#include "cli/graphviz.h"
#include "cli/inputs.h"
#include "cli/lab.h"
#include "cli/output.h"
#include "frontends/regular/recogniser.h"

namespace raspc {
namespace {

// A language to classify, or why it cannot be read.
struct LanguageItem {
  std::string text;
  std::optional<Alphabet> alphabet;
  Diagnostics errors;
};

constexpr const char* kLineForm =
    "expected a language as a JSON string, or an object such as {\"language\": \"regex:a*\", "
    "\"alphabet\": \"ab\"}";

// A line of --inputs: a JSON string, or an object with "language" and optionally "alphabet".
LanguageItem FromLine(const std::string& line, const std::string& where,
                      const std::optional<Alphabet>& alphabet) {
  LanguageItem item{line, alphabet, {}};
  const auto fail = [&](const std::string& message) {
    item.errors.Error(ErrorKind::kInput, {}, fmt::format("{}: {}", where, message));
    return item;
  };
  std::string problem;
  const std::optional<nlohmann::json> parsed = ParseJson(line, problem);
  if (!parsed) return fail(fmt::format("{}; {}", problem, kLineForm));
  const nlohmann::json& json = *parsed;
  const nlohmann::json* language = &json;
  if (json.is_object()) {
    for (const auto& [field, value] : json.items()) {
      if (field != "language" && field != "alphabet") {
        return fail(fmt::format("unknown field {}{}", QuoteJson(field),
                                DidYouMean(field, {"language", "alphabet"})));
      }
    }
    if (!json.contains("language")) return fail("the field \"language\" is missing");
    language = &json["language"];
  }
  if (!language->is_string()) {
    return fail(kLineForm);
  }
  item.text = language->get<std::string>();
  if (json.is_object() && json.contains("alphabet")) {
    const nlohmann::json& symbols = json["alphabet"];
    if (!symbols.is_string() && !symbols.is_array()) {
      return fail(
          "\"alphabet\" must be a string (one symbol per character) or an array of strings");
    }
    item.alphabet = ReadAlphabet(symbols.is_string() ? symbols.get<std::string>() : symbols.dump(),
                                 {}, item.errors);
  }
  return item;
}

std::string YesNo(const std::optional<bool>& value) { return VerdictText(value, ""); }

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
      {"aperiodic, star-free", YesNo(c.aperiodic)},
      {"R-trivial", YesNo(c.r_trivial)},
      {"L-trivial", YesNo(c.l_trivial)},
      {"J-trivial", YesNo(c.j_trivial)},
      {"DA", YesNo(c.da)},
      {"R^omega", YesNo(c.r_omega)},
      {"locally testable", YesNo(c.locally_testable)},
      {"locally R-trivial", YesNo(c.locally_r_trivial)},
      {"definite", YesNo(c.definite)},
      {"reverse definite", YesNo(c.reverse_definite)},
      {"generalised definite", YesNo(c.generalised_definite)},
      {"commutative", YesNo(c.commutative)},
      {"group language", YesNo(c.group)},
      {"quasi-aperiodic", YesNo(c.quasi_aperiodic)},
      {"solvable", YesNo(c.solvable)},
      {"NC1-complete", VerdictText(c.Nc1Complete(), c.solvable == true ? kUnlessAcc0IsNc1 : "")},
      {"C-RASP, at the end marker", YesNo(c.c_rasp)},
      {"C-RASP, at the last symbol", YesNo(c.c_rasp_at_last)},
  });
}

// If the verdicts at the two possible positions differ, both are shown.
std::string ModelsText(const Classification& c) {
  std::string text =
      "recognised (output read at an end marker after the word, or at its last symbol) by these "
      "classes of transformers\n";
  for (const ModelVerdict& verdict : ModelVerdicts(c)) {
    std::string told = VerdictText(verdict.recognises, verdict.unless);
    if (verdict.recognises != verdict.recognises_at_last) {
      told = fmt::format("at the end marker {}, at the last symbol {}", told,
                         VerdictText(verdict.recognises_at_last, verdict.unless));
    }
    text += fmt::format("  {}  {}: {}\n     recognise: {} ({})\n", verdict.key, told, verdict.model,
                        verdict.languages, verdict.reference);
  }
  return text;
}

// A word with a part that is repeated N times, each part as JSON: "a" "ab"^N. Empty parts are left
// out.
std::string PowerText(const Alphabet& alphabet, const FailingPair& pair, const Word& extra) {
  std::string text = pair.before.empty() ? "" : ToJson(alphabet, pair.before) + " ";
  text += ToJson(alphabet, pair.repeated) + "^N";
  for (const Word* part : {&extra, &pair.after}) {
    if (!part->empty()) text += " " + ToJson(alphabet, *part);
  }
  return text;
}

// "class F", "classes F, A and U".
std::string ClassesText(const std::string& keys) {
  std::string text = keys.size() == 1 ? "class " : "classes ";
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i > 0) text += i + 1 == keys.size() ? " and " : ", ";
    text += keys[i];
  }
  return text;
}

std::string PairsText(const Classification& c, const Alphabet& alphabet) {
  std::string text;
  for (const FailingPair& pair : c.failing_pairs) {
    text += fmt::format(
        "indistinguishable to {} for large N, though only the {} is in the language\n"
        "  {} and {}\n",
        ClassesText(pair.defeats), pair.is_member_without_extra ? "first" : "second",
        PowerText(alphabet, pair, {}), PowerText(alphabet, pair, pair.extra));
  }
  return text;
}

// The result of `lab recognise --by direct` for a solvable language.
struct BuiltDirect {
  std::string construction;
  int depth = 0;
  std::string refused;  // or why there is none
};

std::optional<BuiltDirect> BuildDirect(const Language& language, const Classification& c,
                                       const LanguageLimits& limits) {
  if (c.solvable != true) return std::nullopt;
  GeneratedProgramOptions options;
  options.limits = limits;
  Diagnostics diag;
  const auto recogniser = MakeRecogniser(language.minimal, language.name, options, diag);
  if (!recogniser) return BuiltDirect{"", 0, diag.all().front().message};
  return BuiltDirect{recogniser->construction, recogniser->depth, ""};
}

std::string BuiltText(const BuiltDirect& built) {
  if (!built.refused.empty()) return "not built: " + EscapeText(built.refused);
  return fmt::format("built as {}: {}", built.construction, AttentionLayers(built.depth));
}

std::string BuiltJson(const BuiltDirect& built) {
  JsonObject json;
  if (!built.refused.empty()) {
    json.Add("refused", built.refused);
  } else {
    json.Add("construction", built.construction);
    json.Add("depth", built.depth);
  }
  return json.Text();
}

std::string MechanismsText(const Classification& c, const std::optional<BuiltDirect>& direct) {
  std::string text = "recognisers\n";
  for (const MechanismVerdict& verdict : MechanismVerdicts(c)) {
    text += fmt::format("  {:<9} {}: {}\n", verdict.name, VerdictText(verdict.applies, ""),
                        verdict.construction);
    if (!verdict.cost.empty()) text += fmt::format("            {}\n", verdict.cost);
    if (verdict.name == "direct" && direct)
      text += fmt::format("            {}\n", BuiltText(*direct));
    text += fmt::format("            ({})\n", verdict.reference);
  }
  return text;
}

std::string RefusedText(const Classification& c) {
  std::string text;
  for (const auto& [field, reason] : c.refused) {
    text += fmt::format("  {} is unknown: {}\n", field, EscapeText(reason));
  }
  return text;
}

// Where to write pictures, if anywhere.
struct PicturePaths {
  std::optional<std::string> dot, svg;
};

// Draws the automaton, with the egg-box of its monoid if that is not too large.
void WritePictures(const Language& language, const LanguageLimits& limits,
                   const PicturePaths& paths, Diagnostics& diag) {
  if (!paths.dot && !paths.svg) return;
  const Dfa& dfa = language.minimal;
  if (dfa.num_states() > kMaxDrawnStates) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("an automaton of {} states is too large to draw: at most {} states",
                           dfa.num_states(), kMaxDrawnStates));
    return;
  }
  LanguageLimits drawn = limits;
  drawn.max_monoid = std::min<std::int64_t>(limits.max_monoid, kMaxDrawnElements);
  Diagnostics too_large;
  const auto monoid = TransitionMonoid::Enumerate(dfa, drawn, too_large);
  if (!monoid) {
    diag.Warning(ErrorKind::kLimit, {},
                 fmt::format("the egg-box diagram of the monoid is left out: {}",
                             too_large.all().front().message));
  }
  const std::string text =
      monoid ? EggBoxDot(dfa, *monoid, ComputeGreensRelations(*monoid), language.name)
             : AutomatonDot(dfa, language.name);
  if (paths.dot) WriteTextOutput(*paths.dot, text, diag);
  if (!paths.svg) return;
  if (const std::optional<std::string> svg = RenderSvg(text, diag)) {
    WriteTextOutput(*paths.svg, *svg, diag);
  }
}

std::string RecordJson(const Language& language, const Classification& classification,
                       const std::optional<BuiltDirect>& direct) {
  JsonObject record;
  record.Add("language", language.name);
  record.Raw("alphabet", ToJson(language.minimal.alphabet));
  if (direct) record.Raw("direct_recogniser", BuiltJson(*direct));
  const std::string head = record.Text();
  return head.substr(0, head.size() - 1) + ", " +
         ToJson(classification, language.minimal.alphabet).substr(1) + "\n";
}

std::string RecordText(const Language& language, const Classification& classification,
                       const std::optional<BuiltDirect>& direct) {
  return fmt::format(
      "{} over {}\n{}{}{}{}{}", EscapeText(language.name), ToJson(language.minimal.alphabet),
      PropertiesText(classification), RefusedText(classification), ModelsText(classification),
      PairsText(classification, language.minimal.alphabet), MechanismsText(classification, direct));
}

// Prints the classification of a language and draws it. False on an error.
bool PrintOne(LanguageItem item, const LanguageLimits& limits, const PicturePaths& pictures,
              bool json) {
  Diagnostics& diag = item.errors;
  std::optional<Language> language;
  if (!diag.HasErrors()) language = ReadLanguage(item.text, item.alphabet, limits, diag);
  if (language) {
    const Classification classification = Classify(language->minimal, limits);
    const auto direct = BuildDirect(*language, classification, limits);
    Print(json ? RecordJson(*language, classification, direct)
               : FitColumns(RecordText(*language, classification, direct)));
    WritePictures(*language, limits, pictures, diag);
  }
  ReportFor("\"language\": " + QuoteJson(item.text), diag);
  return !diag.HasErrors();
}

}  // namespace

int LabClassifyCommand(const std::vector<std::string>& args) {
  CommandLine line(
      "lab classify", "LANGUAGE...",
      "Classifies regular languages: minimal automaton, transition monoid, language classes, and "
      "the transformers that recognise them.",
      "raspc lab classify 'regex:(ab|ba)*' --json");
  LanguageOptions options(line);
  std::optional<std::string> path;
  PicturePaths pictures;
  bool json = false;
  line.InputFile("--inputs", path, "FILE",
                 "Languages from a file, one per line: a JSON string, or {\"language\": ..., "
                 "\"alphabet\": ...} (- is standard input); implies --json");
  line.JsonFlag(json, "Print one JSON object per language");
  line.OutputFile("--dot", pictures.dot, "FILE",
                  "Write the automaton and the egg-box diagram of its monoid for Graphviz (- is "
                  "standard output, and the text goes to standard error)");
  line.OutputFile("--svg", pictures.svg, "FILE", "Draw the same as SVG; requires Graphviz's 'dot'");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  json = json || path.has_value();
  ReportErrorsAsJson(json);
  if (line.positionals().empty() && !path) return line.Misused("missing LANGUAGE");
  if ((pictures.dot || pictures.svg) && (line.positionals().size() != 1 || path)) {
    return line.Misused("--dot and --svg draw exactly one language");
  }

  Diagnostics diag;
  options.Read(diag);
  std::unique_ptr<LineReader> lines;
  if (!diag.HasErrors() && path) lines = LineReader::Open(*path, diag);
  if (diag.HasErrors()) return Report(diag), kFault;

  int status = kSuccess;
  bool any = false;
  const auto print = [&](LanguageItem item) {
    any = true;
    if (!PrintOne(std::move(item), options.limits(), pictures, json)) status = kFault;
  };
  for (const std::string& text : line.positionals()) {
    if (!IsFileOfLanguage(text)) continue;
    if (const auto read = line.Reads(text, "the automaton")) return *read;
  }
  for (const std::string& text : line.positionals()) print({text, options.alphabet(), {}});
  while (lines != nullptr && !OutputFailed()) {
    const std::optional<std::string> text = lines->Next(diag);
    if (!text) break;
    if (text->find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = fmt::format("{}, line {}", lines->name(), lines->line_number());
    LanguageItem item = FromLine(*text, where, options.alphabet());
    if (!item.errors.HasErrors() && IsFileOfLanguage(item.text)) {
      if (const auto read = line.Reads(item.text, "an automaton")) return *read;
    }
    print(std::move(item));
  }
  Report(diag);
  if (!any && !diag.HasErrors()) return Fail("no languages in the file of --inputs");
  return FinishOutput(diag.HasErrors() ? kFault : status);
}

}  // namespace raspc

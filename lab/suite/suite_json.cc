// The fields of every part of the report. They are not in an unnamed namespace, since json_record.h
// finds them by their arguments.
#include "lab/suite/suite_json.h"

#include <algorithm>
#include <utility>

#include "base/json_text.h"
#include "lab/suite/json_record.h"

namespace raspc {

template <>
struct EnumForm<Observed> {
  static constexpr Observed kAll[] = {Observed::kSolved, Observed::kFailed, Observed::kRefused,
                                      Observed::kBeyondLimit, Observed::kNotRun};
  static std::string_view Name(Observed value) { return ObservedName(value); }
};

template <>
struct EnumForm<Expectation> {
  static constexpr Expectation kAll[] = {Expectation::kYes, Expectation::kNo,
                                         Expectation::kConditionalNo, Expectation::kNoClaim};
  static std::string_view Name(Expectation value) { return ExpectationName(value); }
};

template <>
struct EnumForm<Cut> {
  static constexpr Cut kAll[] = {Cut::kWork, Cut::kTime};
  static std::string_view Name(Cut value) { return CutName(value); }
};

template <>
struct EnumForm<ProblemKind> {
  static constexpr ProblemKind kAll[] = {ProblemKind::kLanguage, ProblemKind::kTask};
  static std::string_view Name(ProblemKind value) { return ProblemKindName(value); }
};

template <>
struct EnumForm<SuiteLevel> {
  static constexpr SuiteLevel kAll[] = {SuiteLevel::kQuick, SuiteLevel::kDefault,
                                        SuiteLevel::kLong};
  static std::string_view Name(SuiteLevel value) { return SuiteLevelName(value); }
};

template <>
struct EnumForm<Mechanism> {
  static constexpr auto& kAll = kAllMechanisms;
  static std::string_view Name(Mechanism value) { return MechanismName(value); }
};

// --- a cell

template <class Io>
void Fields(Io& io, typename Io::template Ref<MechanismTheory> theory) {
  io.Field("expectation", theory.expectation);
  bool built = theory.IsBuilt();
  io.Field("built", built);
  if constexpr (Io::kReads) {
    theory.is_only_known = theory.expectation == Expectation::kYes && !built;
  }
  io.Field("reason", theory.reason);
  io.Field("cost", theory.cost);
  io.Field("reference", theory.reference);
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<LengthResult> of) {
  io.Field("length", of.length);
  io.Field("exhaustive", of.exhaustive);
  io.Field("words", of.words);
  io.Field("members", of.members);
  io.Field("right", of.right);
  io.Field("right_members", of.right_members);
  io.Field("accuracy", of.accuracy);
  io.Field("accuracy_members", of.accuracy_members);
  io.Field("accuracy_others", of.accuracy_others);
  io.Field("steps", of.steps);
  io.Field("pads", of.pads);
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<ResourceResult> of) {
  io.Field("max_length", of.max_length);
  io.Field("layers", of.sizes.layers);
  io.Field("heads", of.sizes.heads);
  io.Field("head_dim", of.sizes.head_dim);
  io.Field("d_model", of.sizes.d_model);
  io.Field("d_mlp", of.sizes.d_mlp);
  io.Field("parameters", of.sizes.parameters);
  io.Field("nonzeros", of.sizes.nonzeros);
  io.Field("steps", of.steps);
  io.Field("pads", of.pads);
  io.Field("words", of.words);
  io.Field("right", of.right);
}

// The points as pairs.
template <class Io>
void Fields(Io& io, typename Io::template Ref<GrowthResult> growth) {
  io.Field("law", growth.law);
  io.Field("fit", growth.fit);
  io.Field("adjusted_r2", growth.adjusted_r2);
  std::vector<std::array<double, 2>> figures;
  for (const GrowthPoint& point : growth.points) figures.push_back({point.length, point.figure});
  io.Field("figures", figures);
  if constexpr (Io::kReads) {
    for (const auto& [length, figure] : figures) growth.points.push_back({length, figure});
  }
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<RoundResult> of) {
  io.Field("rounds", of.rounds);
  io.Field("expected_first_failure", of.expected_first_failure);
  io.Field("first_failing_length", of.first_failing_length);
  io.Field("max_length", of.max_length);
  io.Field("words", of.words);
  io.Field("match", of.match);
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<InterpretedResult> of) {
  io.Field("words", of.words);
  io.Field("right", of.right);
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<WrongWord> wrong) {
  io.Field("word", wrong.word);
  io.Field("expected", wrong.expected);
  io.Field("got", wrong.got);
}

// Attention weights, most of them 0 or 1, without a point where they are whole: that is shorter.
using ShortNumber = std::variant<int, double>;

template <class Io>
void Fields(Io& io, typename Io::template Ref<ExampleHead> head) {
  io.Field("label", head.label);
  io.Field("mask", head.mask);
  std::vector<std::vector<ShortNumber>> rows;
  for (const std::vector<double>& weights : head.weights) {
    std::vector<ShortNumber>& row = rows.emplace_back();
    for (const double weight : weights) {
      const bool is_whole = weight == 0 || weight == 1;
      row.push_back(is_whole ? ShortNumber(static_cast<int>(weight)) : ShortNumber(weight));
    }
  }
  io.Field("weights", rows);
  if constexpr (Io::kReads) {
    for (const std::vector<ShortNumber>& row : rows) {
      std::vector<double>& weights = head.weights.emplace_back();
      for (const ShortNumber& number : row) {
        weights.push_back(
            std::visit([](auto value) { return static_cast<double>(value); }, number));
      }
    }
  }
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<ExampleLayer> layer) {
  io.Field("heads", layer.heads);
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<ExampleRun> run) {
  io.Field("word", run.word);
  io.Field("tokens", run.tokens);
  io.Field("num_tokens", run.num_tokens);
  io.Field("num_input", run.num_input);
  io.Field("num_framed", run.num_framed);
  io.Field("expected", run.expected);
  io.Field("got", run.got);
  io.Field("right", run.is_right);
  io.Field("outputs", run.outputs);
  io.Field("layers", run.layers);
  io.Field("heads_left_out", run.num_heads_left_out);
  io.Derived("has_bos", true);  // row and column 0 of the weights are BOS's
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<CellResult> cell) {
  io.Field("theory", cell.theory);
  io.Field("observed", cell.observed);
  io.Field("match", cell.match);
  io.Field("message", cell.message);
  io.Field("beyond", cell.beyond);
  io.Field("max_length", cell.max_length);
  io.Field("construction", cell.construction);
  io.Field("promise", cell.promise);
  io.Field("program_depth", cell.program_depth);
  io.Field("program", cell.program);
  io.Field("lengths", cell.lengths);
  io.Field("exhaustive_to", cell.exhaustive_to);
  io.Field("samples_per_length", cell.samples_per_length);
  io.Field("cut", cell.cut);
  io.Field("words", cell.words);
  io.Field("accuracy", cell.accuracy);
  io.Field("interpreted", cell.interpreted);
  io.Field("first_failing_length", cell.first_failing_length);
  io.Field("first_wrong", cell.first_wrong);
  io.Field("resources", cell.resources);
  io.Field("growth", cell.growth);
  io.Field("rounds", cell.rounds);
  io.Field("example", cell.example);
  io.Field("work", cell.work);
  io.Field("seconds", cell.seconds);
}

// --- a problem

template <class Io>
void Fields(Io& io, typename Io::template Ref<ModelVerdict> verdict) {
  io.Field("key", verdict.key);
  io.Field("model", verdict.model);
  io.Field("languages", verdict.languages);
  io.Field("recognises", verdict.recognises);
  io.Field("recognises_at_last", verdict.recognises_at_last);
  io.Field("unless", verdict.unless);
  io.Field("reference", verdict.reference);
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<PairResult> pair) {
  io.Field("violates", pair.violates);
  io.Field("defeats", pair.defeats);
  io.Field("before", pair.before);
  io.Field("repeated", pair.repeated);
  io.Field("extra", pair.extra);
  io.Field("after", pair.after);
  io.Field("is_member_without_extra", pair.is_member_without_extra);
  io.Field("checked_to", pair.checked_to);
  io.Field("holds", pair.holds);
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<OtherArchitecture> other) {
  io.Field("model", other.model);
  io.Field("value", other.value);
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<PublishedResult> published) {
  io.Field("source", published.source);
  io.Field("table", published.table);
  io.Field("what", published.what);
  io.Field("test", published.test);
  io.Field("value", published.value);
  io.Field("mean", published.mean);
  io.Field("sd", published.sd);
  io.Field("chance", published.chance);
  io.Field("learned", published.learned);
  io.Field("finding", published.finding);
  io.Field("learned_from", published.learned_from);
  io.Field("others", published.others);
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<ProblemResult> problem) {
  io.Field("name", problem.name);
  io.Field("kind", problem.kind);
  io.Field("level", problem.level);
  io.Field("alphabet", problem.alphabet);
  io.Field("definition", problem.definition);
  io.Field("models", problem.models);
  nlohmann::json classification;
  if (!Io::kReads && problem.classification) {
    classification = nlohmann::json::parse(*problem.classification);
  }
  io.Field("classification", classification);
  if constexpr (Io::kReads) {
    if (!classification.is_null()) problem.classification = classification.dump();
  }
  io.Field("automaton_svg", problem.automaton_svg);
  io.Field("failing_pairs", problem.failing_pairs);
  io.Field("published", problem.published);
  for (const Mechanism mechanism : kAllMechanisms) {
    io.Field(MechanismName(mechanism), problem.By(mechanism));
  }
}

// --- the run

template <class Io>
void Fields(Io& io, typename Io::template Ref<SuiteOptions> options) {
  io.Field("level", options.level);
  io.Field("only", options.only);
  io.Field("by", options.by);
  io.Field("max_length", options.max_length);
  io.Field("exhaustive", options.exhaustive);
  io.Field("max_exhaustive_words", options.max_exhaustive_words);
  io.Field("samples", options.samples);
  io.Field("seed", options.seed);
  io.Field("max_pads", options.max_pads);
  io.Field("max_rounds", options.max_rounds);
  io.Field("num_repetitions", options.num_repetitions);
  io.Field("all_lengths", options.all_lengths);
  io.Field("max_work", options.max_work);
}

template <class Io>
void Fields(Io& io, typename Io::template Ref<SuiteCounts> counts) {
  io.Field("solved", counts.solved);
  io.Field("failed", counts.failed);
  io.Field("refused", counts.refused);
  io.Field("beyond_limit", counts.beyond_limit);
  io.Field("not_run", counts.not_run);
  io.Field("mismatches", counts.mismatches);
  io.Field("cut", counts.cut);
  io.Field("smaller", counts.smaller);
}

namespace {

constexpr const char* kReportFormat = "raspc-suite";

}  // namespace

template <class Io>
void Fields(Io& io, typename Io::template Ref<SuiteResult> result) {
  io.Derived("format", std::string(kReportFormat));
  io.Derived("version", kSuiteReportVersion);
  io.Field("raspc", result.version);
  io.Field("options", result.options);
  io.Derived("complete", IsComplete(result));
  io.Derived("counts", CountsOf(result));
  io.Field("seconds", result.seconds);
  io.Field("problems", result.problems);
  const std::vector<std::string> mismatches = MismatchesOf(result);
  io.Derived("mismatches", mismatches);
  io.Derived("matches", mismatches.empty());
}

namespace {

using Json = nlohmann::json;

// Renames the mechanisms of a report to their current names; anything that is not a report is
// unchanged.
void RenameMechanisms(Json& report) {
  if (!report.is_object()) return;
  const std::string former(kFormerLogDepthName), now(MechanismName(Mechanism::kLogDepth));
  if (Json& options = report["options"]; options.is_object() && options["by"].is_array()) {
    std::replace(options["by"].begin(), options["by"].end(), Json(former), Json(now));
  }
  for (Json& record : report["problems"]) {
    if (!record.is_object() || !record.contains(former) || record.contains(now)) continue;
    record[now] = std::move(record[former]);
    record.erase(former);
  }
}

// Why this version cannot read the JSON as a report; empty if the header is acceptable.
std::string FaultOfHead(const Json& report) {
  if (!report.is_object() || !report.contains("format") || report["format"] != kReportFormat) {
    return "it is not a suite report";
  }
  const bool same = report.contains("version") && report["version"] == kSuiteReportVersion;
  return same ? "" : "it has a different version";
}

}  // namespace

std::string SuiteJson(const SuiteResult& result, JsonText text) {
  return JsonRecordWriter::Written(result).dump(-1, ' ', text == JsonText::kAscii,
                                                Json::error_handler_t::replace);
}

std::optional<SuiteResult> ReadSuiteJson(const std::string& text, std::string& fault) {
  std::optional<Json> report = ParseJson(text, fault);
  if (report) fault = FaultOfHead(*report);
  if (!fault.empty()) return std::nullopt;
  RenameMechanisms(*report);
  SuiteResult result;
  JsonRecordReader::Read(*report, JsonPlace("the report"), result, fault);
  if (!fault.empty()) return std::nullopt;
  return result;
}

std::map<std::string, std::string> OptionTexts(const SuiteOptions& options) {
  std::map<std::string, std::string> texts;
  const Json written = JsonRecordWriter::Written(options);
  for (const auto& [name, value] : written.items()) {
    texts[name] = value.dump();
  }
  return texts;
}

}  // namespace raspc

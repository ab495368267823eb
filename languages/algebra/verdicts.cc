// What theory says of a language with a given classification, and the JSON of it all.
#include <fmt/format.h>

#include "languages/algebra/classify.h"
#include "languages/json_object.h"

namespace raspc {
namespace {

constexpr const char* kNotSolvable =
    "the perfect group {} divides its syntactic monoid, so it is not solvable and complete "
    "for NC1, and no transformer of constant depth recognises it unless TC0 = NC1";
constexpr const char* kNotSolvableReference = "Barrington 1989; Liu et al. 2023, theorem 4";
constexpr const char* kUnknown = "whether its groups are solvable could not be told";

std::string NotSolvable(const Classification& c) {
  return c.solvable ? fmt::format(fmt::runtime(kNotSolvable), c.perfect_group) : kUnknown;
}

// The cheapest construction of constant depth that applies.
MechanismVerdict Direct(const Classification& c) {
  if (c.r_trivial == true) {
    return {"direct", true, "partially ordered automaton: a position where each state is left",
            "depth constant, at most 2 layers for each state of the longest chain",
            "Li, Cotterell 2025"};
  }
  if (c.aperiodic == true) {
    return {"direct", true, "cascade of resets: the last position that wrote each level",
            "depth constant, 3 layers for each level",
            "Krohn, Rhodes 1965; Yang, Chiang, Angluin 2024"};
  }
  if (c.solvable == true) {
    return {"direct", true, "cascade of resets and of counters modulo the factors of its groups",
            "depth constant; the counters' tables grow with n",
            "Krohn, Rhodes 1965; Liu et al. 2023, theorem 2"};
  }
  const std::optional<bool> applies = c.solvable ? std::optional<bool>(false) : std::nullopt;
  return {"direct", applies, NotSolvable(c), "", kNotSolvableReference};
}

MechanismVerdict Pad(const Classification& c) {
  if (c.solvable == true) {
    return {"pad", true, "the direct recogniser, which needs no padding", "0 padding tokens",
            "Merrill, Sabharwal 2025, exact expressive power"};
  }
  const std::optional<bool> applies = c.solvable ? std::optional<bool>(false) : std::nullopt;
  return {"pad", applies, NotSolvable(c) + (c.solvable ? "; padding does not change that" : ""), "",
          "Barrington 1989; Merrill, Sabharwal 2025, exact expressive power"};
}

std::string PairJson(const FailingPair& pair, const Alphabet& alphabet) {
  JsonObject json;
  json.Add("violates", pair.violates);
  json.Add("defeats", pair.defeats);
  json.Raw("before", ToJson(alphabet, pair.before));
  json.Raw("repeated", ToJson(alphabet, pair.repeated));
  json.Raw("extra", ToJson(alphabet, pair.extra));
  json.Raw("after", ToJson(alphabet, pair.after));
  json.Add("member_without_extra", pair.is_member_without_extra);
  return json.Text();
}

}  // namespace

std::vector<ModelVerdict> ModelVerdicts(const Classification& c) {
  return {
      {"F", "fixed precision, strict causal mask, no positions", "R-trivial", c.r_trivial,
       c.r_trivial_at_last, "Li, Cotterell 2025"},
      {"C", "counting (C-RASP), causal mask, no positions", "C-RASP", c.c_rasp, c.c_rasp_at_last,
       "Yang et al. 2026"},
      {"H", "rightmost unique hard attention, strict causal mask, no positions", "aperiodic",
       c.aperiodic, c.aperiodic, "Yang, Chiang, Angluin 2024"},
      {"P", "the same with periodic positions", "quasi-aperiodic", c.quasi_aperiodic,
       c.quasi_aperiodic, "Yang, Chiang, Angluin 2024; Barrington et al. 1992"},
      {"T", "compiled, constant depth, positions, width polynomial in the length", "solvable",
       c.solvable, c.solvable, "Liu et al. 2023, theorems 2 and 4"},
  };
}

std::vector<MechanismVerdict> MechanismVerdicts(const Classification& c) {
  return {Direct(c),
          {"log-depth", true, "rounds of composing transition functions", "ceil(log2 n) rounds",
           "Liu et al. 2023, theorem 1; Merrill, Sabharwal 2025, a little depth"},
          {"cot", true, "a state per generated token, then the verdict", "n + 1 steps",
           "Merrill, Sabharwal 2024"},
          Pad(c)};
}

std::string ToJson(const Classification& c, const Alphabet& alphabet) {
  JsonObject json;
  json.Add("states", c.num_states);
  json.Add("monoid", c.monoid_size);
  json.Add("aperiodic", c.aperiodic);
  json.Add("r_trivial", c.r_trivial);
  json.Add("l_trivial", c.l_trivial);
  json.Add("j_trivial", c.j_trivial);
  json.Add("da", c.da);
  json.Add("locally_testable", c.locally_testable);
  json.Add("locally_r_trivial", c.locally_r_trivial);
  json.Add("definite", c.definite);
  json.Add("reverse_definite", c.reverse_definite);
  json.Add("generalised_definite", c.generalised_definite);
  json.Add("r_omega", c.r_omega);
  json.Add("commutative", c.commutative);
  json.Add("group", c.group);
  json.Add("quasi_aperiodic", c.quasi_aperiodic);
  json.Add("solvable", c.solvable);
  json.Add("nc1_complete", c.Nc1Complete());
  json.Add("c_rasp", c.c_rasp);
  json.Add("groups", c.groups);
  JsonObject green;
  green.Add("r", c.num_r);
  green.Add("l", c.num_l);
  green.Add("j", c.num_j);
  green.Add("h", c.num_h);
  green.Add("idempotents", c.num_idempotents);
  json.Raw("green", green.Text());
  JsonObject models;
  for (const ModelVerdict& verdict : ModelVerdicts(c)) {
    JsonObject model;
    model.Add("model", verdict.model);
    model.Add("languages", verdict.languages);
    model.Add("recognises", verdict.recognises);
    model.Add("recognises_at_last", verdict.recognises_at_last);
    model.Add("reference", verdict.reference);
    models.Raw(verdict.key, model.Text());
  }
  json.Raw("models", models.Text());
  JsonObject mechanisms;
  for (const MechanismVerdict& verdict : MechanismVerdicts(c)) {
    JsonObject mechanism;
    mechanism.Add("applies", verdict.applies);
    mechanism.Add(verdict.applies == true ? "construction" : "reason", verdict.construction);
    if (!verdict.cost.empty()) mechanism.Add("cost", verdict.cost);
    mechanism.Add("reference", verdict.reference);
    mechanisms.Raw(verdict.name, mechanism.Text());
  }
  json.Raw("mechanisms", mechanisms.Text());
  std::string pairs;
  for (const FailingPair& pair : c.failing_pairs) {
    pairs += (pairs.empty() ? "" : ", ") + PairJson(pair, alphabet);
  }
  json.Raw("failing_pairs", "[" + pairs + "]");
  if (!c.refused.empty()) {
    JsonObject refused;
    for (const auto& [field, reason] : c.refused) refused.Add(field, reason);
    json.Raw("refused", refused.Text());
  }
  return json.Text();
}

}  // namespace raspc

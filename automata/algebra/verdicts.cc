// What theory says about a language with a given classification, and the JSON output.
#include <fmt/format.h>

#include "automata/algebra/classify.h"
#include "base/json_object.h"

namespace raspc {
namespace {

constexpr const char* kNotSolvable =
    "the perfect group {} divides its syntactic monoid, so it is not solvable and complete "
    "for NC1, and no transformer of constant depth recognises it unless {}";
// Theorem 4 of Liu et al. 2023 covers transformers that output every state of the automaton.
constexpr const char* kNotSolvableReference =
    "Barrington 1989; Merrill, Sabharwal 2023, the parallelism tradeoff";
constexpr const char* kPadding = "Merrill, Sabharwal 2025, exact expressive power";
constexpr const char* kUnknown = "whether its groups are solvable could not be decided";

std::string NotSolvable(const Classification& c) {
  return c.solvable ? fmt::format(fmt::runtime(kNotSolvable), c.perfect_group, kUnlessTc0IsNc1)
                    : kUnknown;
}

// No construction of constant depth: there is none, or that could not be decided.
MechanismVerdict NoneOfConstantDepth(const Classification& c, const std::string& name) {
  MechanismVerdict verdict;
  verdict.name = name;
  if (c.solvable) {
    verdict.applies = false;
    verdict.unless = kUnlessTc0IsNc1;
  }
  verdict.construction = NotSolvable(c);
  verdict.reference = kNotSolvableReference;
  return verdict;
}

// The number of layers is that of the program that is built.
MechanismVerdict OfConstantDepth(const std::string& construction, const std::string& cost,
                                 const std::string& reference) {
  return {"direct", true, "", construction, cost, reference};
}

// The cheapest construction of constant depth that applies.
MechanismVerdict Direct(const Classification& c) {
  if (c.r_trivial == true) {
    return OfConstantDepth("partially ordered automaton: a position where each state is left",
                           "constant depth", "Li, Cotterell 2025");
  }
  if (c.aperiodic == true) {
    return OfConstantDepth("cascade of resets: the last position that wrote each level",
                           "constant depth", "Krohn, Rhodes 1965; Yang, Chiang, Angluin 2024");
  }
  if (c.solvable == true) {
    return OfConstantDepth("cascade of resets and of counters modulo the factors of its groups",
                           "constant depth; the counters' tables grow with n",
                           "Krohn, Rhodes 1965; Liu et al. 2023, theorem 2");
  }
  return NoneOfConstantDepth(c, "direct");
}

MechanismVerdict Pad(const Classification& c) {
  if (c.solvable == true) {
    return {"pad",   true, "", "the direct recogniser, which needs no padding", "0 padding tokens",
            kPadding};
  }
  MechanismVerdict none = NoneOfConstantDepth(c, "pad");
  if (c.solvable) none.construction += "; padding does not change that";
  none.reference = fmt::format("Barrington 1989; {}", kPadding);
  return none;
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
  const auto yes_if_either = [](const std::optional<bool>& a, const std::optional<bool>& b) {
    return a == true || b == true ? std::optional<bool>(true) : std::nullopt;
  };
  // A non-solvable language is not recognised unless two complexity classes coincide.
  const bool not_solvable = c.solvable == false;
  const std::optional<bool> constant_depth = not_solvable ? std::nullopt : c.solvable;
  return {
      {"F", "softmax attention at fixed precision, strict causal mask, no positions", "R-trivial",
       c.r_trivial, c.r_trivial_at_last, "", "Li, Cotterell 2025"},
      {"A", "average hard attention at fixed precision, strict causal mask, no positions",
       "R-trivial", c.r_trivial, c.r_trivial_at_last, "", "Li, Cotterell 2025, appendix F"},
      {"U", "leftmost unique hard attention, strict causal mask, no positions", "R-trivial",
       c.r_trivial, c.r_trivial_at_last, "", "Jerad et al. 2025"},
      {"N", "F with a non-strict mask, so that a position also attends to itself",
       "some of the R-trivial ones, including all that are closed under repeating a symbol "
       "immediately",
       c.non_strict, c.non_strict_at_last, "", "Li, Cotterell 2025, theorem F.4"},
      {"W", "F with more heads, each of which attends to a few positions just before its own",
       "locally R-trivial", c.locally_r_trivial, c.locally_r_trivial, "", "Li, Cotterell 2026"},
      {"C",
       "exact sums in attention, otherwise fixed precision (C-RASP), causal mask, no positions",
       "C-RASP", c.c_rasp, c.c_rasp_at_last, "",
       "Yang, Cadilhac, Chiang 2025; Yang et al. 2026, theorems 14 and 15"},
      {"L",
       "C with absolute positions: their remainders, and heads for fixed distances "
       "(C-RASP[periodic, "
       "local])",
       "at least C-RASP and locally R-trivial; the exact class is open",
       yes_if_either(c.c_rasp, c.locally_r_trivial),
       yes_if_either(c.c_rasp_at_last, c.locally_r_trivial), "", "Huang et al. 2025"},
      {"H", "rightmost unique hard attention, strict causal mask, no positions", "aperiodic",
       c.aperiodic, c.aperiodic, "", "Yang, Chiang, Angluin 2024"},
      {"P", "H with periodic positions", "quasi-aperiodic", c.quasi_aperiodic, c.quasi_aperiodic,
       "", "Yang, Chiang, Angluin 2024; Barrington et al. 1992"},
      {"T",
       "average hard attention with positions, constant depth, numbers of O(log n) bits, width "
       "polynomial in n (compiled here)",
       fmt::format("solvable; no others unless {}", kUnlessTc0IsNc1), constant_depth,
       constant_depth, not_solvable ? kUnlessTc0IsNc1 : "",
       fmt::format("Liu et al. 2023, theorem 2; {}", kNotSolvableReference)},
  };
}

std::string VerdictText(const std::optional<bool>& proved, const std::string& unless) {
  if (proved) return *proved ? "yes" : "no";
  return unless.empty() ? "unknown" : "no, unless " + unless;
}

std::vector<MechanismVerdict> MechanismVerdicts(const Classification& c) {
  return {Direct(c),
          {"log-depth", true, "", "rounds of composing transition functions", "ceil(log2 n) rounds",
           "Liu et al. 2023, theorem 1; Merrill, Sabharwal 2025, a little depth"},
          {"cot", true, "", "a state per generated token, then the verdict", "n+1 steps",
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
  json.Add("c_rasp_at_last", c.c_rasp_at_last);
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
    if (!verdict.unless.empty()) model.Add("unless", verdict.unless);
    model.Add("reference", verdict.reference);
    models.Raw(verdict.key, model.Text());
  }
  json.Raw("models", models.Text());
  JsonObject mechanisms;
  for (const MechanismVerdict& verdict : MechanismVerdicts(c)) {
    JsonObject mechanism;
    mechanism.Add("applies", verdict.applies);
    if (!verdict.unless.empty()) mechanism.Add("unless", verdict.unless);
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
  JsonObject refused;
  for (const auto& [field, reason] : c.refused) refused.Add(field, reason);
  const bool nc1_is_open = c.solvable == true && !c.Nc1Complete();
  if (nc1_is_open) {
    refused.Add("nc1_complete",
                fmt::format("it lies in ACC0, so it is not unless {}", kUnlessAcc0IsNc1));
  }
  if (nc1_is_open || !c.refused.empty()) json.Raw("refused", refused.Text());
  return json.Text();
}

}  // namespace raspc

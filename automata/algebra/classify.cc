// Runs the tests, those on the automaton first, so that they do not depend on the monoid's size.
#include "automata/algebra/classify.h"

#include <fmt/format.h>

#include "automata/algebra/dfa_classes.h"

namespace raspc {
namespace {

// The diagnostics of a failed attempt become the reason for a refusal.
void Refuse(Classification& classification, const std::vector<std::string>& fields,
            const Diagnostics& diag) {
  for (const std::string& field : fields) {
    classification.refused.emplace_back(field, diag.all().front().message);
  }
}

void TestGroups(const Dfa& dfa, const LanguageLimits& limits, Classification& out) {
  if (out.c_rasp == true) {  // C-RASP recognises aperiodic languages only, which have no groups
    out.aperiodic = out.solvable = true;
    return;
  }
  Diagnostics diag;
  const std::optional<std::vector<ImageGroup>> groups = ImageGroups(dfa, limits, diag);
  if (!groups) return Refuse(out, {"aperiodic", "solvable"}, diag);
  if (auto pair = PairAgainstAperiodic(dfa, *groups)) out.failing_pairs.push_back(*std::move(pair));
  GroupSummary summary = Summarise(*groups, limits);
  out.aperiodic = summary.is_aperiodic;
  out.solvable = summary.is_solvable;
  out.groups = std::move(summary.names);
  out.perfect_group = std::move(summary.perfect);
  if (!out.solvable) {
    out.refused.emplace_back(
        "solvable", fmt::format("a group takes more than {} steps, the limit", limits.max_steps));
  }
}

void TestCRasp(const Dfa& dfa, const LanguageLimits& limits, Classification& out) {
  Diagnostics diag;
  const std::optional<CRaspAnalysis> analysis = AnalyseCRasp(dfa, limits, diag);
  if (!analysis) return Refuse(out, {"c_rasp"}, diag);
  out.c_rasp = analysis->is_member;
}

// With a strict mask, a class recognises L with the output read at the last symbol if and only if
// it recognises La^-1 for every symbol a with the output read at the end marker.
void TestAtLast(const Dfa& dfa, const LanguageLimits& limits, Classification& out) {
  out.r_trivial_at_last = true;
  out.c_rasp_at_last = true;
  for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
    const Dfa quotient = Minimised(RightQuotient(dfa, a));
    if (!IsRTrivial(quotient)) out.r_trivial_at_last = false;
    if (out.c_rasp_at_last != true) continue;
    Diagnostics diag;
    const std::optional<CRaspAnalysis> analysis = AnalyseCRasp(quotient, limits, diag);
    if (!analysis) {
      Refuse(out, {"c_rasp_at_last"}, diag);
      out.c_rasp_at_last.reset();
    } else {
      out.c_rasp_at_last = analysis->is_member;
    }
  }
}

// A non-strict mask lets a position attend to itself too. Whatever such transformers recognise,
// those with a strict mask do as well (Li, Cotterell 2025, theorem F.4). They have a selector "at
// or before", which is enough to simulate a partially ordered automaton where each state loops on
// the symbols that lead to it: the symbol that leaves a state differs from those that entered it,
// so it is known to come later. And in a run of one symbol at the start of a word all positions
// have equal values, so that an output at the last symbol does not depend on the length of the run.
void TestNonStrict(const Dfa& dfa, Classification& out) {
  const bool is_invariant = IsStutterInvariant(dfa);
  const auto known = [&](const std::optional<bool>& strict) {
    if (strict == true && is_invariant) return std::optional<bool>(true);
    return strict == false ? std::optional<bool>(false) : std::nullopt;
  };
  out.non_strict = known(out.r_trivial);
  out.non_strict_at_last = known(out.r_trivial_at_last);
  if (!TellsNoRunsApart(dfa)) out.non_strict_at_last = false;
}

// A pair against aperiodic is also one against R-trivial. If both are the same it is listed once.
void ListPairsOnce(Classification& out) {
  auto& pairs = out.failing_pairs;
  if (pairs.size() == 2 && pairs[0].HasWordsOf(pairs[1])) pairs.erase(pairs.begin());
}

void TestMonoid(const Dfa& dfa, const LanguageLimits& limits, Classification& out) {
  Diagnostics diag;
  const std::optional<TransitionMonoid> monoid = TransitionMonoid::Enumerate(dfa, limits, diag);
  if (!monoid) {
    return Refuse(
        out,
        {"monoid", "green", "da", "r_omega", "definite", "reverse_definite", "generalised_definite",
         "locally_testable", "locally_r_trivial", "quasi_aperiodic"},
        diag);
  }
  const GreensRelations green = ComputeGreensRelations(*monoid);
  const MonoidClasses classes = ClassifyMonoid(*monoid, green, limits);
  out.monoid_size = monoid->size();
  out.num_r = green.r.count;
  out.num_l = green.l.count;
  out.num_j = green.j.count;
  out.num_h = green.num_h;
  int num_idempotents = 0;
  for (const bool is_idempotent : green.is_idempotent) num_idempotents += is_idempotent ? 1 : 0;
  out.num_idempotents = num_idempotents;
  out.da = classes.da;
  out.r_omega = classes.r_omega;
  out.definite = classes.definite;
  out.reverse_definite = classes.reverse_definite;
  out.generalised_definite = classes.generalised_definite;
  out.locally_testable = classes.locally_testable;
  out.locally_r_trivial = classes.locally_r_trivial;
  out.quasi_aperiodic = classes.quasi_aperiodic;
  out.stability_index = classes.stability_index;
  if (!out.quasi_aperiodic) {
    out.refused.emplace_back(
        "quasi_aperiodic", fmt::format("it takes more than {} steps, the limit", limits.max_steps));
  }
  // The monoid fills in where the automaton's own tests exceeded a limit.
  if (!out.aperiodic) out.aperiodic = classes.aperiodic;
  if (!out.l_trivial) out.l_trivial = classes.l_trivial;
}

// Membership in a subclass settles what a limit left open.
void FillInImplied(Classification& out) {
  const auto implies = [](bool premise, std::optional<bool>& conclusion, bool value) {
    if (premise && !conclusion) conclusion = value;
  };
  implies(out.r_trivial == true, out.c_rasp, true);
  implies(out.r_trivial_at_last == true, out.c_rasp_at_last, true);
  implies(out.c_rasp == true, out.r_omega, true);
  implies(out.r_trivial == true || out.l_trivial == true, out.da, true);
  implies(out.r_omega == true || out.da == true, out.aperiodic, true);
  implies(out.r_trivial == true, out.locally_r_trivial, true);
  implies(out.group, out.aperiodic, out.num_states == 1);
  // Groups that divide a commutative monoid are commutative; those on 4 points are all solvable.
  implies(out.aperiodic == true || out.commutative || out.num_states <= 4, out.solvable, true);
  implies(out.aperiodic == true, out.quasi_aperiodic, true);
  implies(out.solvable == false, out.quasi_aperiodic, false);
  // And a language outside a class is outside its subclasses.
  for (std::optional<bool>* inside :
       {&out.da, &out.r_omega, &out.locally_testable, &out.locally_r_trivial, &out.definite,
        &out.reverse_definite, &out.generalised_definite}) {
    implies(out.aperiodic == false, *inside, false);
  }
  implies(out.r_trivial == false, out.reverse_definite, false);
  implies(out.l_trivial == false, out.definite, false);
}

void ForgetRefusalsOfWhatIsKnown(Classification& out) {
  const std::vector<std::pair<std::string, const std::optional<bool>*>> fields = {
      {"aperiodic", &out.aperiodic},
      {"solvable", &out.solvable},
      {"l_trivial", &out.l_trivial},
      {"c_rasp", &out.c_rasp},
      {"c_rasp_at_last", &out.c_rasp_at_last},
      {"da", &out.da},
      {"r_omega", &out.r_omega},
      {"definite", &out.definite},
      {"reverse_definite", &out.reverse_definite},
      {"generalised_definite", &out.generalised_definite},
      {"locally_testable", &out.locally_testable},
      {"locally_r_trivial", &out.locally_r_trivial},
      {"quasi_aperiodic", &out.quasi_aperiodic}};
  for (const auto& [field, value] : fields) {
    if (!value->has_value()) continue;
    std::erase_if(out.refused, [&](const auto& refusal) { return refusal.first == field; });
  }
}

}  // namespace

std::optional<bool> Classification::Nc1Complete() const {
  if (solvable == false) return true;
  if (aperiodic == true || quasi_aperiodic == true) return false;
  return std::nullopt;
}

Classification Classify(const Dfa& minimal, const LanguageLimits& limits) {
  Classification out;
  out.num_states = minimal.num_states();
  out.r_trivial = IsRTrivial(minimal);
  if (auto pair = PairAgainstRTrivial(minimal)) out.failing_pairs.push_back(*std::move(pair));
  out.j_trivial = IsJTrivial(minimal);
  out.commutative = IsCommutative(minimal);
  out.group = IsGroupLanguage(minimal);
  Diagnostics diag;
  out.l_trivial = IsLTrivial(minimal, limits, diag);
  if (!out.l_trivial) Refuse(out, {"l_trivial"}, diag);
  TestCRasp(minimal, limits, out);
  TestGroups(minimal, limits, out);
  ListPairsOnce(out);
  TestAtLast(minimal, limits, out);
  TestNonStrict(minimal, out);
  TestMonoid(minimal, limits, out);
  FillInImplied(out);
  ForgetRefusalsOfWhatIsKnown(out);
  return out;
}

}  // namespace raspc

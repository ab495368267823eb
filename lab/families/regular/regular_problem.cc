#include "lab/families/regular/regular_problem.h"

#include <memory>
#include <utility>

#include "automata/sample.h"
#include "frontends/regular/recogniser.h"
#include "lab/families/regular/catalogue.h"

namespace raspc {
namespace {

// The language with members and non-members exchanged.
Dfa ComplementOf(Dfa dfa) {
  for (StateId q = 0; q < dfa.num_states(); ++q) dfa.accepting[q] = !dfa.accepting[q];
  return dfa;
}

class RegularSampler final : public WordSampler {
 public:
  RegularSampler(Dfa dfa, DfaSampler members, DfaSampler others)
      : dfa_(std::move(dfa)), members_(std::move(members)), others_(std::move(others)) {}

  std::optional<Word> Member(int length, std::mt19937_64& random) const override {
    return Draw(members_, length, random);
  }
  std::optional<Word> NonMember(int length, std::mt19937_64& random) const override {
    return Draw(others_, length, random);
  }
  std::optional<Word> NearMiss(int length, std::mt19937_64& random) const override {
    const std::optional<Word> member = Member(length, random);
    return member ? raspc::NearMiss(dfa_, *member, /*keep_length=*/true, random) : std::nullopt;
  }

 private:
  static std::optional<Word> Draw(const DfaSampler& sampler, int length, std::mt19937_64& random) {
    if (length > sampler.max_length() || !sampler.HasWords(length)) return std::nullopt;
    return sampler.Sample(length, random);
  }

  Dfa dfa_;
  DfaSampler members_, others_;
};

std::unique_ptr<WordSampler> MakeSampler(const Dfa& dfa, int max_length, const LanguageLimits& limits,
                                       Diagnostics& diag) {
  auto members = DfaSampler::Make(dfa, max_length, limits, diag);
  if (!members) return nullptr;
  auto others = DfaSampler::Make(ComplementOf(dfa), max_length, limits, diag);
  if (!others) return nullptr;
  return std::make_unique<RegularSampler>(dfa, *std::move(members), *std::move(others));
}

// A mechanism does not apply if it would require NC1 to lie within TC0.
MechanismTheory TheoryFrom(const MechanismVerdict& verdict) {
  const Expectation expectation = !verdict.applies   ? Expectation::kNoClaim
                                  : *verdict.applies ? Expectation::kYes
                                                     : Expectation::kConditionalNo;
  return {expectation, verdict.construction, verdict.cost, verdict.reference};
}

ProblemTheory TheoryOfRegular(const Dfa& minimal, const LanguageLimits& limits) {
  ProblemTheory theory;
  theory.classification = Classify(minimal, limits);
  const std::vector<MechanismVerdict> verdicts = MechanismVerdicts(*theory.classification);
  for (std::size_t i = 0; i < verdicts.size(); ++i) theory.mechanisms[i] = TheoryFrom(verdicts[i]);
  theory.models = ModelVerdicts(*theory.classification);
  return theory;
}

}  // namespace

Problem RegularProblem(Dfa minimal, const std::string& name, const LanguageLimits& limits) {
  Problem problem;
  problem.level = "regular";
  problem.alphabet = minimal.alphabet;
  problem.name = name;
  problem.definition = name;
  const auto dfa = std::make_shared<const Dfa>(std::move(minimal));
  problem.minimal = *dfa;
  problem.decide = [dfa](const Word& word) { return dfa->Accepts(word); };
  problem.make_sampler = [dfa](int max_length, const LanguageLimits& of_source, Diagnostics& diag) {
    return MakeSampler(*dfa, max_length, of_source, diag);
  };
  problem.theory = LazyTheory([dfa, limits] { return TheoryOfRegular(*dfa, limits); });
  problem.make_program = [dfa, name](const GeneratedProgramOptions& options, Diagnostics& diag) {
    return MakeRecogniser(*dfa, name, options, diag);
  };
  return problem;
}

void AddRegularProblems(std::vector<ProblemEntry>& entries) {
  for (const CatalogueEntry& regular : Catalogue()) {
    ProblemEntry entry{ProblemDescription(regular), "", {}};
    entry.build = [&regular](const std::vector<int>& arguments,
                             const std::optional<Alphabet>& alphabet, const LanguageLimits& limits,
                             Diagnostics& diag) -> std::optional<Problem> {
      const std::string name = ProblemName(regular, arguments);
      std::optional<Dfa> dfa = CatalogueLanguage(name, alphabet, limits, diag);
      if (!dfa) return std::nullopt;
      Problem problem = RegularProblem(*std::move(dfa), name, limits);
      problem.definition = regular.definition;
      return problem;
    };
    entries.push_back(std::move(entry));
  }
}

}  // namespace raspc

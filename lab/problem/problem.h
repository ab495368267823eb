// What the laboratory knows about a language or a task: its definition as code, samplers, programs
// that solve it by each mechanism, and what theory says about those.
//
// A language requires a verdict on a word, a task an answer. Definitions are written
// independently of the programs, so that each checks the other.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "automata/algebra/classify.h"
#include "automata/dfa.h"
#include "frontends/generated_program.h"

namespace raspc {

enum class ProblemKind { kLanguage, kTask };
// `language`, `task`.
std::string_view ProblemKindName(ProblemKind kind);

// What theory says about a mechanism: that it solves the problem, with the proof; that it does not;
// that it does not unless complexity classes believed to differ are equal; or that it is open.
enum class Expectation { kYes, kNo, kConditionalNo, kNoClaim };

struct MechanismTheory {
  Expectation expectation = Expectation::kNoClaim;
  std::string reason;     // the construction, or the theorem
  std::string cost;       // growth with the length n, such as "n+1 steps"; may be empty
  std::string reference;  // author and year
  // For kYes: it is known to be possible, but raspc has no program.
  bool is_only_known = false;

  // Whether raspc has a program.
  bool IsBuilt() const { return expectation == Expectation::kYes && !is_only_known; }
};

// Possible by a proof, but without a program.
MechanismTheory OnlyKnown(std::string reason, std::string cost, std::string reference);
// Chain of thought for a problem in polynomial time; whether it can be improved is open.
MechanismTheory KnownByPolynomialTime();

struct ProblemTheory {
  std::array<MechanismTheory, 4> mechanisms;  // in the order of the enumeration
  // Which classes of transformers recognise the language (F, C, H, P, T); empty for tasks.
  std::vector<ModelVerdict> models;
  std::optional<Classification> classification;  // of regular languages
};

// A theory that is computed on first use: classifying a regular language can take long, and making
// a program does not need it. Copies share the result; thread-safe.
class LazyTheory {
 public:
  LazyTheory() : LazyTheory(ProblemTheory()) {}
  LazyTheory(ProblemTheory theory);  // NOLINT(google-explicit-constructor): it is one
  explicit LazyTheory(std::function<ProblemTheory()> tell);

  const ProblemTheory& operator*() const;
  const ProblemTheory* operator->() const { return &**this; }

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

// Random words of one length. Equal states of `random` give equal words on every machine.
class WordSampler {
 public:
  virtual ~WordSampler() = default;
  // A word in the language, or a well-formed input of a task: all of this length are equally
  // likely. Nothing if there is none, or the length is above the sampler's maximum.
  virtual std::optional<Word> Member(int length, std::mt19937_64& random) const = 0;
  // A word outside the language, all of this length equally likely. Nothing if there is none or
  // they are too rare to find, and for tasks.
  virtual std::optional<Word> NonMember(int length, std::mt19937_64& random) const = 0;
  // A word of this length outside the language that is a small change away from a member. Nothing
  // if none is found, and for tasks.
  virtual std::optional<Word> NearMiss(int length, std::mt19937_64& random) const = 0;
  // A word of a kind that is rare among uniform ones and on which constructions fail: deeply
  // nested, one repeated pattern, a few long runs, an error at the very end. In the language or
  // not. Nothing if the sampler has none of this length.
  virtual std::optional<Word> Hard(int, std::mt19937_64&) const { return std::nullopt; }
};

using Answer = std::vector<std::string>;

struct Problem {
  std::string name;  // as the user writes it: `dyck(2)`
  ProblemKind kind = ProblemKind::kLanguage;
  std::string level;       // "regular", "deterministic context-free", "context-free",
                           // "context-sensitive", ...
  Alphabet alphabet;       // of words
  std::string definition;  // in words
  // Regular languages: the minimal automaton, on which the algebra works.
  std::optional<Dfa> minimal;

  // Languages: whether the word is in it.
  std::function<bool(const Word& word)> decide;
  // Tasks: the answer; nothing if the word is not an input of the task.
  std::function<std::optional<Answer>(const Word& word)> answer;

  // Random words of up to max_length symbols. Reports kLimit.
  std::function<std::unique_ptr<WordSampler>(int max_length, const LanguageLimits& limits,
                                            Diagnostics& diag)>
      make_sampler;

  LazyTheory theory;

  // The program for options.mechanism, if theory's IsBuilt says that there is one. Otherwise
  // reports kValue, with the theorem; kLimit past options' limits. Equal arguments give equal
  // source.
  std::function<std::optional<GeneratedProgram>(const GeneratedProgramOptions& options,
                                                Diagnostics& diag)>
      make_program;

  const MechanismTheory& TheoryOf(Mechanism mechanism) const {
    return theory->mechanisms[static_cast<std::size_t>(mechanism)];
  }
};

// The diagnostic for a mechanism that cannot solve the problem or has no program: theory's reason
// and reference, and the mechanisms that have one. For make_program.
void ReportRefusal(const Problem& problem, Mechanism mechanism, Diagnostics& diag);

}  // namespace raspc

// Everything the algebra says about a regular language.
//
// A property that cannot be told within the limits has no value, and `refused` says why. Properties
// with an algorithm that does without the monoid (aperiodic, solvable, R-, L-, J-trivial,
// commutative, group language, C-RASP) are told even where the monoid is too large to list.
//
// All of it is about verdicts read at an extra end position behind the word; `r_trivial_at_last`
// and `c_rasp_at_last` are about verdicts read at the last symbol.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "languages/algebra/c_rasp.h"
#include "languages/algebra/failing_pairs.h"
#include "languages/algebra/image_groups.h"
#include "languages/algebra/monoid_classes.h"
#include "languages/algebra/transition_monoid.h"
#include "languages/automata/dfa.h"

namespace raspc {

struct Classification {
  int num_states = 0;  // of the complete minimal automaton

  // Without the monoid.
  std::optional<bool> aperiodic, solvable, r_trivial, l_trivial, j_trivial, c_rasp;
  bool commutative = false, group = false;
  std::optional<bool> r_trivial_at_last, c_rasp_at_last;
  // Names of the groups on image sets that are not trivial, and of a perfect one if there is any.
  std::vector<std::string> groups;
  std::string perfect_group;

  // From the monoid.
  std::optional<int> monoid_size, num_r, num_l, num_j, num_h, num_idempotents, stability_index;
  std::optional<bool> da, r_omega, definite, reverse_definite, generalised_definite,
      locally_testable, locally_r_trivial, quasi_aperiodic;

  // Words that show why the language is not in a class.
  std::vector<FailingPair> failing_pairs;

  // What is not known, by the name of its field in JSON, and why.
  std::vector<std::pair<std::string, std::string>> refused;

  // Complete for NC1 (Barrington 1989), so no transformer of constant depth recognises it unless
  // TC0 = NC1.
  std::optional<bool> Nc1Complete() const {
    return solvable ? std::optional<bool>(!*solvable) : std::nullopt;
  }
};

// Requires a minimal automaton, as Minimised gives it.
Classification Classify(const Dfa& minimal, const LanguageLimits& limits);

// A class of transformers, and whether it recognises the language.
struct ModelVerdict {
  std::string key;        // F, C, H, P, T
  std::string model;      // what the transformers are like
  std::string languages;  // what they recognise of the regular languages
  std::optional<bool> recognises;
  std::optional<bool> recognises_at_last;  // where the verdict is read at the last symbol
  std::string reference;
};
std::vector<ModelVerdict> ModelVerdicts(const Classification& classification);

// One of the four ways of building a recogniser.
struct MechanismVerdict {
  std::string name;  // direct, depth, cot, pad
  std::optional<bool> applies;
  std::string construction;  // or why there is none
  std::string cost;          // what grows with the length n
  std::string reference;
};
std::vector<MechanismVerdict> MechanismVerdicts(const Classification& classification);

// The classification as a JSON object; words are over the alphabet.
std::string ToJson(const Classification& classification, const Alphabet& alphabet);

}  // namespace raspc

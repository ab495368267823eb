// Everything that algebra determines about a regular language.
//
// A property that cannot be decided within the limits has no value, and `refused` gives the reason.
// Properties with an algorithm that does not need the monoid (aperiodic, solvable, R-, L-,
// J-trivial, commutative, group language, C-RASP) are decided even where the monoid is too large to
// list.
//
// Classes of transformers and C-RASP depend on where the output is read. Unless a name says
// `at_last`, it is read at an end marker after the word, as in Li, Cotterell 2025 and Yang et al.
// 2026. `at_last`: at the last symbol, as in Yang, Chiang 2024; the empty word then has no output.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "automata/algebra/c_rasp.h"
#include "automata/algebra/failing_pairs.h"
#include "automata/algebra/image_groups.h"
#include "automata/algebra/monoid_classes.h"
#include "automata/algebra/transition_monoid.h"
#include "automata/dfa.h"

namespace raspc {

struct Classification {
  int num_states = 0;  // of the complete minimal automaton

  // Without the monoid.
  std::optional<bool> aperiodic, solvable, r_trivial, l_trivial, j_trivial, c_rasp;
  bool commutative = false, group = false;
  std::optional<bool> r_trivial_at_last, c_rasp_at_last;
  // Whether transformers of fixed precision with a non-strict mask recognise it: known where it is
  // not R-trivial, or where repeating a symbol immediately changes nothing.
  std::optional<bool> non_strict, non_strict_at_last;
  // Names of the non-trivial groups on image sets, and of a perfect one if there is any.
  std::vector<std::string> groups;
  std::string perfect_group;

  // From the monoid.
  std::optional<int> monoid_size, num_r, num_l, num_j, num_h, num_idempotents, stability_index;
  std::optional<bool> da, r_omega, definite, reverse_definite, generalised_definite,
      locally_testable, locally_r_trivial, quasi_aperiodic;

  // Words that witness why the language is not in a class.
  std::vector<FailingPair> failing_pairs;

  // Unknown properties, by the name of their field in JSON, with the reason.
  std::vector<std::pair<std::string, std::string>> refused;

  // Whether it is complete for NC1. It is if it is not solvable (Barrington 1989), and it is not if
  // it lies in AC0. All others lie in ACC0, which is not known to be smaller than NC1.
  std::optional<bool> Nc1Complete() const;
};

// Requires a minimal automaton, as returned by Minimised.
Classification Classify(const Dfa& minimal, const LanguageLimits& limits);

// The unproved conjectures that a "no" depends on.
inline constexpr const char* kUnlessTc0IsNc1 = "TC0 = NC1";
inline constexpr const char* kUnlessAcc0IsNc1 = "ACC0 = NC1";

// A class of transformers, and whether it recognises the language.
struct ModelVerdict {
  std::string key;        // F, A, U, N, W, C, L, H, P, T
  std::string model;      // the kind of transformer
  std::string languages;  // the regular languages they recognise
  // What is proved, for outputs read at an end marker and at the last symbol.
  std::optional<bool> recognises, recognises_at_last;
  // Where nothing is proved: they do not unless this holds; empty if even that is unknown.
  std::string unless;
  std::string reference;
};
std::vector<ModelVerdict> ModelVerdicts(const Classification& classification);

// `yes`, `no`, `no, unless TC0 = NC1`, `unknown`.
std::string VerdictText(const std::optional<bool>& proved, const std::string& unless);

// One of the four ways of building a recogniser.
struct MechanismVerdict {
  std::string name;  // direct, depth, cot, pad
  std::optional<bool> applies;
  std::string unless;        // where it does not apply: what would have to hold for another to
  std::string construction;  // or why there is none
  std::string cost;          // what grows with the length n
  std::string reference;
};
std::vector<MechanismVerdict> MechanismVerdicts(const Classification& classification);

// The classification as a JSON object; words are over the alphabet.
std::string ToJson(const Classification& classification, const Alphabet& alphabet);

}  // namespace raspc

// The results of a program on words: the number of right ones of each length, and the first wrong
// one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "lab/run/run_problem.h"
#include "lab/suite/suite_result.h"

namespace raspc {

class WordTally {
 public:
  explicit WordTally(const Problem& problem) : problem_(problem) {}

  // The result on one word; `generates` if the program does.
  void Note(const Word& word, const Outcome& outcome, bool exhaustive, bool generates);
  // The same by the interpreter.
  void NoteInterpreted(const Word& word, const Outcome& outcome);
  // Keeps the word if it is wrong and shorter than the kept one, or equally short with `how` empty
  // where that of the kept one is not. `how` is appended to the result.
  void NoteWrong(const Word& word, const Outcome& outcome, const std::string& how);
  // Whether all words of the length were tried.
  void SetExhaustive(int length, bool exhaustive) { lengths_[length].exhaustive = exhaustive; }

  // By length; without what follows from the counts.
  const std::map<int, LengthResult>& lengths() const { return lengths_; }
  std::int64_t num_words() const;
  std::int64_t num_right() const;
  std::int64_t num_interpreted() const { return num_interpreted_; }
  // Whether no word, counted or noted, was wrong.
  bool IsAllRight() const { return num_right() == num_words() && !first_wrong_; }

  // Sets `lengths`, `words`, `accuracy`, `interpreted`, `first_failing_length` and `first_wrong` of
  // a cell. `num_pads`: as in GeneratedProgram.
  void WriteTo(CellResult& cell, const Polynomial& num_pads) const;

 private:
  std::vector<LengthResult> Lengths(const Polynomial& num_pads) const;

  const Problem& problem_;
  std::map<int, LengthResult> lengths_;
  std::optional<WrongWord> first_wrong_;  // the shortest
  std::size_t length_of_wrong_ = 0;
  std::string how_of_wrong_;
  std::int64_t num_interpreted_ = 0, num_interpreted_right_ = 0;
};

}  // namespace raspc

// The results of a program on words: the number of right ones of each length, and the first wrong
// one.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "lab/run/run_problem.h"

namespace raspc {

// The results on words of one length.
struct LengthRecord {
  bool exhaustive = false;
  std::int64_t words = 0, members = 0, right = 0, right_members = 0;
  std::optional<int> steps;  // maximum number of tokens generated
};

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
  void SetExhaustive(int length, bool exhaustive) { records_[length].exhaustive = exhaustive; }

  const std::map<int, LengthRecord>& records() const { return records_; }
  std::int64_t num_words() const;
  std::int64_t num_right() const;
  std::int64_t num_interpreted() const { return num_interpreted_; }
  // Whether no word, counted or noted, was wrong.
  bool IsAllRight() const { return num_right() == num_words() && first_wrong_.is_null(); }

  // Sets `lengths`, `words`, `accuracy`, `interpreted`, `first_failing_length` and `first_wrong` of
  // a cell of the report. `num_pads`: as in GeneratedProgram.
  void WriteTo(nlohmann::json& cell, const Polynomial& num_pads) const;

 private:
  nlohmann::json LengthsJson(const Polynomial& num_pads) const;

  const Problem& problem_;
  std::map<int, LengthRecord> records_;
  nlohmann::json first_wrong_;  // the shortest
  std::size_t length_of_wrong_ = 0;
  std::string how_of_wrong_;
  std::int64_t num_interpreted_ = 0, num_interpreted_right_ = 0;
};

}  // namespace raspc

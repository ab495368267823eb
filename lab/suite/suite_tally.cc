#include "lab/suite/suite_tally.h"

#include <algorithm>

#include "base/input_frame.h"

namespace raspc {
namespace {

// part / whole, from 0 to 1; nothing if whole is 0.
std::optional<double> Ratio(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void WordTally::Note(const Word& word, const Outcome& outcome, bool exhaustive, bool generates) {
  LengthResult& result = lengths_[static_cast<int>(word.size())];
  result.exhaustive = exhaustive;
  // For a task only inputs are tried.
  const bool is_member = problem_.kind == ProblemKind::kTask || outcome.expected == "accept";
  ++result.words;
  result.members += is_member;
  result.right += outcome.is_right;
  result.right_members += is_member && outcome.is_right;
  if (generates) result.steps = std::max(result.steps.value_or(0), outcome.num_generated);
  NoteWrong(word, outcome, "");
}

void WordTally::NoteInterpreted(const Word& word, const Outcome& outcome) {
  ++num_interpreted_;
  num_interpreted_right_ += outcome.is_right;
  NoteWrong(word, outcome, " (interpreted)");
}

void WordTally::NoteWrong(const Word& word, const Outcome& outcome, const std::string& how) {
  if (outcome.is_right) return;
  const bool is_plainer = word.size() == length_of_wrong_ && how.empty() && !how_of_wrong_.empty();
  if (first_wrong_ && word.size() >= length_of_wrong_ && !is_plainer) return;
  how_of_wrong_ = how;
  length_of_wrong_ = word.size();
  first_wrong_ = WrongWord{ToText(problem_.alphabet, word), outcome.expected, outcome.got + how};
}

std::int64_t WordTally::num_words() const {
  std::int64_t words = 0;
  for (const auto& [length, result] : lengths_) words += result.words;
  return words;
}

std::int64_t WordTally::num_right() const {
  std::int64_t right = 0;
  for (const auto& [length, result] : lengths_) right += result.right;
  return right;
}

std::vector<LengthResult> WordTally::Lengths(const Polynomial& num_pads) const {
  std::vector<LengthResult> lengths;
  for (const auto& [length, counted] : lengths_) {
    LengthResult& result = lengths.emplace_back(counted);
    result.length = length;
    result.accuracy = Ratio(result.right, result.words);
    result.accuracy_members = Ratio(result.right_members, result.members);
    result.accuracy_others =
        Ratio(result.right - result.right_members, result.words - result.members);
    result.pads = num_pads.At(length).value_or(0);
  }
  return lengths;
}

void WordTally::WriteTo(CellResult& cell, const Polynomial& num_pads) const {
  cell.lengths = Lengths(num_pads);
  cell.words = num_words();
  cell.accuracy = Ratio(num_right(), num_words());
  cell.interpreted = InterpretedResult{num_interpreted_, num_interpreted_right_};
  const auto failing =
      std::find_if(cell.lengths.begin(), cell.lengths.end(),
                   [](const LengthResult& result) { return result.right < result.words; });
  if (failing != cell.lengths.end()) cell.first_failing_length = failing->length;
  cell.first_wrong = first_wrong_;
}

}  // namespace raspc

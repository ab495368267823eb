#include "lab/suite/suite_tally.h"

#include <algorithm>

#include "lab/suite/suite_json.h"
#include "base/input_frame.h"

namespace raspc {

using Json = nlohmann::json;

void WordTally::Note(const Word& word, const Outcome& outcome, bool exhaustive, bool generates) {
  LengthRecord& record = records_[static_cast<int>(word.size())];
  record.exhaustive = exhaustive;
  // For a task only inputs are tried.
  const bool is_member = problem_.kind == ProblemKind::kTask || outcome.expected == "accept";
  ++record.words;
  record.members += is_member;
  record.right += outcome.is_right;
  record.right_members += is_member && outcome.is_right;
  if (generates) record.steps = std::max(record.steps.value_or(0), outcome.num_generated);
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
  if (!first_wrong_.is_null() && word.size() >= length_of_wrong_ && !is_plainer) return;
  how_of_wrong_ = how;
  length_of_wrong_ = word.size();
  first_wrong_ = {{"word", ToText(problem_.alphabet, word)},
                  {"expected", outcome.expected},
                  {"got", outcome.got + how}};
}

std::int64_t WordTally::num_words() const {
  std::int64_t words = 0;
  for (const auto& [length, record] : records_) words += record.words;
  return words;
}

std::int64_t WordTally::num_right() const {
  std::int64_t right = 0;
  for (const auto& [length, record] : records_) right += record.right;
  return right;
}

Json WordTally::LengthsJson(const Polynomial& num_pads) const {
  Json lengths = Json::array();
  for (const auto& [length, record] : records_) {
    const std::int64_t others = record.words - record.members;
    lengths.push_back({{"length", length},
                       {"exhaustive", record.exhaustive},
                       {"words", record.words},
                       {"members", record.members},
                       {"right", record.right},
                       {"right_members", record.right_members},
                       {"accuracy", Ratio(record.right, record.words)},
                       {"accuracy_members", Ratio(record.right_members, record.members)},
                       {"accuracy_others", Ratio(record.right - record.right_members, others)},
                       {"steps", OrNull(record.steps)},
                       {"pads", num_pads.At(length).value_or(0)}});
  }
  return lengths;
}

void WordTally::WriteTo(Json& cell, const Polynomial& num_pads) const {
  std::optional<int> first_failing;
  for (const auto& [length, record] : records_) {
    if (!first_failing && record.right < record.words) first_failing = length;
  }
  cell["lengths"] = LengthsJson(num_pads);
  cell["words"] = num_words();
  cell["accuracy"] = Ratio(num_right(), num_words());
  cell["interpreted"] = {{"words", num_interpreted_}, {"right", num_interpreted_right_}};
  cell["first_failing_length"] = OrNull(first_failing);
  cell["first_wrong"] = first_wrong_;
}

}  // namespace raspc

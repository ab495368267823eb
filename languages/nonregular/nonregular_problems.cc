#include "languages/nonregular/nonregular_problems.h"

#include "languages/nonregular/nonregular_language.h"

namespace raspc {

void AddNonregularProblems(std::vector<ProblemEntry>& entries) {
  AddCountingLanguages(entries);
  AddBracketLanguages(entries);
  AddRepeatLanguages(entries);
  AddMatchTasks(entries);
  AddFormulaValue(entries);
}

}  // namespace raspc

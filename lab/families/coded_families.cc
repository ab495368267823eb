#include "lab/families/coded_families.h"

#include "lab/families/problem_parts.h"

namespace raspc {

void AddCodedFamilies(std::vector<ProblemEntry>& entries) {
  AddCountingLanguages(entries);
  AddBracketLanguages(entries);
  AddRepeatLanguages(entries);
  AddMatchTasks(entries);
  AddFormulaValue(entries);
}

}  // namespace raspc

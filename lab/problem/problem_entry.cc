#include "lab/problem/problem_entry.h"

namespace raspc {

std::string ProblemName(const ProblemEntry& entry, const std::vector<int>& arguments) {
  return FamilyMember(entry.name, arguments);
}

std::string ProblemSignature(const ProblemEntry& entry) {
  return FamilySignature(entry.name, entry.parameters);
}

}  // namespace raspc

#include "lab/problem/problem_entry.h"

namespace raspc {

std::string ProblemName(const ProblemDescription& entry, const std::vector<int>& arguments) {
  return FamilyMember(entry.name, arguments);
}

std::string ProblemSignature(const ProblemDescription& entry) {
  return FamilySignature(entry.name, entry.parameters);
}

}  // namespace raspc

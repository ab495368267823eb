// Names of families with integer parameters in brackets: `dyck(2,3)`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"

namespace raspc {

struct FamilyParameter {
  std::string name;
  int min, max;
};

// `name(1,2)` split up; the arguments are text.
struct FamilyName {
  std::string name;
  std::vector<std::string> arguments;
};
// A few other common names, such as `quaternion` and `ww`, are aliases of those of the catalogue.
// Reports kSyntax for a bracket that is not closed at the end.
std::optional<FamilyName> ParseFamilyName(const std::string& text, Diagnostics& diag);

// Reports kValue: a name with too many or too few arguments for any of its signatures.
void ReportArgumentCount(const std::string& name, const std::vector<std::string>& signatures,
                         Diagnostics& diag);
// The arguments checked against the parameters. Reports kValue: too many, too few, out of range.
std::optional<std::vector<int>> ReadArguments(const FamilyName& written,
                                              const std::vector<FamilyParameter>& parameters,
                                              Diagnostics& diag);

// `dyck(2,3)`; just the name if there are no arguments.
std::string FamilyMember(const std::string& name, const std::vector<int>& arguments);
// `dyck(k,d)`: name and parameters.
std::string FamilySignature(const std::string& name,
                            const std::vector<FamilyParameter>& parameters);

}  // namespace raspc

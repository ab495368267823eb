// What trained transformers learn of the laboratory's problems, according to publications, compared
// with what compiled ones were measured to express.
//
// Only figures that the laboratory's authors found in the text or the code of a publication are
// here. A publication whose figures were not available is cited in words, without a value.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace raspc {

// The published results on a problem of the registry, by its name with arguments, `dyck(2,1)`: a
// JSON array, empty if there are none, of objects
//
//   source    author and year            table   where in it; may be empty
//   what      what was trained           test    how it was tested; may be empty
//   value     per cent, or null          mean, sd   of all runs, where given
//   chance    per cent of a guess, or null
//   learned   true, false, or null: the publication does not say
//   learned_from   per cent from which the publication calls it learned, or null
//   finding   in words, where there is no value or more to say
//   others    [{"model", "value"}]: other architectures in the same test
//
// A row with a value has `learned_from` too, and `learned` is whether the value reaches it.
nlohmann::json PublishedResults(const std::string& problem_name);

// Every problem with published results.
std::vector<std::string> PublishedProblems();

// Whether some mechanism solved the problem on every word tried, and publications say that trained
// transformers do not learn it, and none that they do. `problem` is one of a suite's report.
bool IsExpressibleNotLearned(const nlohmann::json& problem);

// The published results of the problems in a suite's report next to the measurements, as a Markdown
// table; first those that are expressible but not learned, then the others.
std::string PublishedMarkdown(const nlohmann::json& report);

}  // namespace raspc

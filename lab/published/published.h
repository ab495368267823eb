// What trained transformers learn of the laboratory's problems, according to publications.
//
// Only figures that the laboratory's authors found in the text or the code of a publication are
// here. A publication whose figures were not available is cited in words, without a value.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace raspc {

// A figure as the publication gives it: a whole number, or one with decimals.
using PublishedFigure = std::variant<int, double>;
double ValueOf(const PublishedFigure& figure);

// Another architecture in the same test.
struct OtherArchitecture {
  std::string model;
  PublishedFigure value;  // per cent
};

// A row with a value has `learned_from` too, and `learned` is whether the value reaches it.
struct PublishedResult {
  std::string source;                           // author and year
  std::string table;                            // where in it; may be empty
  std::string what;                             // what was trained
  std::string test;                             // how it was tested; may be empty
  std::optional<double> value;                  // per cent
  std::optional<double> mean, sd;               // of all runs, where given
  std::optional<PublishedFigure> chance;        // per cent of a guess
  std::optional<bool> learned;                  // nothing: the publication does not say
  std::optional<PublishedFigure> learned_from;  // the percentage from which it calls a result learned
  std::string finding;                          // in words, where there is no value or more to say
  std::vector<OtherArchitecture> others;
};

// The published results on a problem of the registry, by its name with arguments, `dyck(2,1)`;
// empty if there are none.
std::vector<PublishedResult> PublishedResults(const std::string& problem_name);

// Every problem with published results.
std::vector<std::string> PublishedProblems();

}  // namespace raspc

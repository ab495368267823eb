#include "lab/report/published_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace raspc {
namespace {

constexpr const char* kPublishedHead =
    "| problem | level | trained (paper), % | learned | compiled (measured), % | source |\n"
    "|---|---|---|---|---|---|\n";

// Text in a cell of a Markdown table.
std::string InCell(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("|*_[]<>`\\").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

// `52.1 (chance 50)`, or in words.
std::string TrainedText(const PublishedResult& published) {
  std::string text;
  if (published.value) {
    text = fmt::format("{:.1f}", *published.value);
    if (published.chance) text += fmt::format(" (chance {:.0f})", ValueOf(*published.chance));
  }
  if (!published.finding.empty()) text += (text.empty() ? "" : "; ") + published.finding;
  return text;
}

std::string_view LearnedText(const std::optional<bool>& learned) {
  if (!learned) return "";
  return *learned ? "yes" : "no";
}

// The suite's measurements, with the mechanisms for each accuracy: `100.0 by direct, cot`.
std::string CompiledText(const ProblemResult& problem) {
  std::vector<std::pair<std::string, std::string>> mechanisms;  // by accuracy
  for (const Mechanism mechanism : kAllMechanisms) {
    const std::optional<double>& measured = problem.By(mechanism).accuracy;
    if (!measured) continue;
    const std::string name(MechanismName(mechanism));
    // Values below 100 do not round up to it.
    const std::string accuracy = fmt::format("{:.1f}", std::floor(1000 * *measured) / 10);
    const auto found = std::find_if(mechanisms.begin(), mechanisms.end(),
                                    [&](const auto& entry) { return entry.first == accuracy; });
    if (found == mechanisms.end()) {
      mechanisms.emplace_back(accuracy, name);
    } else {
      found->second += ", " + name;
    }
  }
  std::string text;
  for (const auto& [accuracy, names] : mechanisms) {
    text += fmt::format("{}{} by {}", text.empty() ? "" : "; ", accuracy, names);
  }
  return text.empty() ? "not run" : text;
}

std::string MarkdownRows(const SuiteResult& result, bool expressible_not_learned) {
  std::string text;
  for (const ProblemResult& problem : result.problems) {
    if (IsExpressibleNotLearned(problem) != expressible_not_learned) continue;
    for (const PublishedResult& published : problem.published) {
      text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", problem.name,
                          problem.level.value_or(""), InCell(TrainedText(published)),
                          LearnedText(published.learned), CompiledText(problem),
                          InCell(published.source));
    }
  }
  return text;
}

}  // namespace

std::string PublishedMarkdown(const SuiteResult& result) {
  std::string text;
  if (const std::string rows = MarkdownRows(result, true); !rows.empty()) {
    text += std::string("Expressible and not learned:\n\n") + kPublishedHead + rows;
  }
  if (const std::string rows = MarkdownRows(result, false); !rows.empty()) {
    text += std::string(text.empty() ? "" : "\n") + "The other published results:\n\n" +
            kPublishedHead + rows;
  }
  return text;
}

}  // namespace raspc

// Writes dot, with every text from outside quoted.
#include "languages/pictures/dot.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "languages/html.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxWordsInBox = 6;

// Text as a double-quoted string of dot.
std::string QuoteDot(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) quoted += c;
  }
  return quoted + "\"";
}

std::string StatesDot(const Dfa& dfa) {
  std::string text = "  node [shape=circle];\n  start [shape=point, label=\"\"];\n";
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    bool leads_nowhere = !dfa.accepting[q];
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      leads_nowhere = leads_nowhere && dfa.Next(q, a) == q;
    }
    text += fmt::format("  q{} [label=\"{}\"{}{}];\n", q, q,
                        dfa.accepting[q] ? ", shape=doublecircle" : "",
                        leads_nowhere ? ", style=dashed" : "");
  }
  text += fmt::format("  start -> q{};\n", dfa.start);
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    std::map<StateId, std::string> labels;
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      std::string& label = labels[dfa.Next(q, a)];
      label += (label.empty() ? "" : ", ") + dfa.alphabet.Symbol(a);
    }
    for (const auto& [to, label] : labels) {
      text += fmt::format("  q{} -> q{} [label={}];\n", q, to, QuoteDot(label));
    }
  }
  return text;
}

// The H-class as a cell.
std::string BoxHtml(const Dfa& dfa, const TransitionMonoid& monoid, const GreensRelations& green,
                    const std::vector<ElementId>& elements) {
  std::string text;
  for (std::size_t i = 0; i < std::min(elements.size(), kMaxWordsInBox); ++i) {
    const Word word = monoid.WordOf(elements[i]);
    text += (i > 0 ? " " : "") + (word.empty() ? "ε" : EscapeHtml(ToText(dfa.alphabet, word)));
    if (green.is_idempotent[elements[i]]) text += "*";
  }
  if (elements.size() > kMaxWordsInBox) text += fmt::format(" ... ({})", elements.size());
  return "<TD>" + text + "</TD>";
}

std::string ClassDot(const Dfa& dfa, const TransitionMonoid& monoid, const GreensRelations& green,
                     int number, const std::vector<ElementId>& elements) {
  // Rows and columns in the order of their first elements.
  std::map<int, std::size_t> row_of, column_of;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<ElementId>> boxes;
  for (const ElementId x : elements) {
    const std::size_t row = row_of.emplace(green.r.of[x], row_of.size()).first->second;
    const std::size_t column = column_of.emplace(green.l.of[x], column_of.size()).first->second;
    boxes[{row, column}].push_back(x);
  }
  std::string table = "<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\">";
  for (std::size_t row = 0; row < row_of.size(); ++row) {
    table += "<TR>";
    for (std::size_t column = 0; column < column_of.size(); ++column) {
      table += BoxHtml(dfa, monoid, green, boxes[{row, column}]);
    }
    table += "</TR>";
  }
  return fmt::format("  j{} [label=<{}</TABLE>>];\n", number, table);
}

// The pairs of J-classes of which one is right below the other.
std::set<std::pair<int, int>> Covers(const TransitionMonoid& monoid, const GreensRelations& green) {
  const std::size_t count = static_cast<std::size_t>(green.j.count);
  std::vector<std::set<int>> next(count);
  for (ElementId x = 0; x < monoid.size(); ++x) {
    for (SymbolId a = 0; a < monoid.num_symbols(); ++a) {
      for (const ElementId product : {monoid.Right(x, a), monoid.Left(x, a)}) {
        if (green.j.of[product] != green.j.of[x]) next[green.j.of[x]].insert(green.j.of[product]);
      }
    }
  }
  // Classes below have smaller numbers, so `below` of a successor is complete when it is used.
  std::vector<std::vector<bool>> below(count, std::vector<bool>(count, false));
  std::set<std::pair<int, int>> covers;
  for (std::size_t j = 0; j < count; ++j) {
    std::vector<bool>& all = below[j];
    for (auto to = next[j].rbegin(); to != next[j].rend(); ++to) {
      if (all[*to]) continue;
      covers.emplace(static_cast<int>(j), *to);
      all[*to] = true;
      for (std::size_t k = 0; k < count; ++k) all[k] = all[k] || below[*to][k];
    }
  }
  return covers;
}

std::string Digraph(const std::string& title, const std::string& body) {
  return fmt::format("digraph {{\n  label={};\n  labelloc=t;\n{}}}\n", QuoteDot(title), body);
}

}  // namespace

std::string AutomatonDot(const Dfa& dfa, const std::string& title) {
  return Digraph(title, StatesDot(dfa));
}

std::string EggBoxDot(const Dfa& dfa, const TransitionMonoid& monoid, const GreensRelations& green,
                      const std::string& title) {
  std::string body = StatesDot(dfa) + "  node [shape=plain];\n";
  const std::vector<std::vector<int>> classes = green.j.Members();
  for (int j = 0; j < green.j.count; ++j) {
    body += ClassDot(dfa, monoid, green, j, classes[j]);
  }
  for (const auto& [above, below] : Covers(monoid, green)) {
    body += fmt::format("  j{} -> j{} [arrowhead=none];\n", above, below);
  }
  return Digraph(title, body);
}

}  // namespace raspc

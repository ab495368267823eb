// Writes dot, quoting all outside text.
#include "automata/pictures/dot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "automata/algebra/dfa_classes.h"
#include "base/atom.h"
#include "base/html.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxWordsInBox = 6;

// Text as a double-quoted string of dot.
std::string QuoteDot(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') quoted += "\\n";
    if (static_cast<unsigned char>(c) >= 0x20) quoted += c;
  }
  return quoted + "\"";
}

// Text in an HTML-like label. Graphviz rejects `]` before a tag.
std::string EscapeLabel(const std::string& text) {
  std::string escaped;
  for (const char c : EscapeHtml(text)) escaped += c == ']' ? std::string("&#93;") : std::string{c};
  return escaped;
}

// A symbol among others in a label, quoted where it could be mistaken for two or none.
std::string SymbolText(const std::string& symbol) {
  const bool is_plain = symbol.find_first_of(" \t\n\"\\") == std::string::npos;
  return is_plain ? symbol : QuoteJson(symbol);
}

// Draws an automaton.
//
// Small ones have symbols next to their edges. In larger ones an edge has a color per symbol,
// explained by a legend, and no labels that could overlap; edges to the dead state are left out,
// and so is a symbol that changes no state. If a symbol leads from p to q and back, it is one line
// without an arrowhead. Automata whose symbols permute the states have no direction from top to
// bottom: they are drawn as a ring if they are one, else as a network.
class AutomatonPicture {
 public:
  AutomatonPicture(const Dfa& dfa, const std::string& title) : dfa_(dfa), title_(title) {
    const bool is_group = IsGroupLanguage(dfa) && dfa.num_states() >= kMinGroup;
    is_colored_ = (is_group || dfa.num_states() > kMaxLabelled) &&
                  dfa.num_symbols() <= static_cast<int>(kColors.size());
    layout_ = !is_group                        ? "dot"
              : IsRing()                       ? "circo"
              : dfa.num_states() <= kMaxRouted ? "neato"
                                               : "sfdp";
    for (StateId q = 0; q < dfa.num_states(); ++q) {
      bool leads_nowhere = !dfa.accepting[q];
      for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
        leads_nowhere = leads_nowhere && dfa.Next(q, a) == q;
      }
      if (leads_nowhere) dead_ = q;
    }
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      bool changes_nothing = true;
      for (StateId q = 0; q < dfa.num_states(); ++q) {
        changes_nothing = changes_nothing && dfa.Next(q, a) == q;
      }
      is_left_out_.push_back(is_colored_ && changes_nothing);
    }
    // An automaton that consists only of the dead state is drawn.
    if (dfa.num_states() > 1 && is_colored_) hidden_ = dead_;
  }

  std::string Text() const {
    std::string text = Attributes();
    for (StateId q = 0; q < dfa_.num_states(); ++q) {
      if (q != hidden_) text += State(q);
    }
    text += fmt::format("  start -> q{};\n", dfa_.start);
    for (StateId q = 0; q < dfa_.num_states(); ++q) {
      if (q != hidden_) text += EdgesOf(q);
    }
    return text;
  }

 private:
  static constexpr int kMaxLabelled = 12;
  static constexpr int kMinGroup = 5;
  static constexpr int kMaxRouted = 60;  // beyond this, routing edges around states takes long
  static constexpr std::size_t kSymbolsInLine = 8;
  static constexpr std::array<std::string_view, 8> kColors = {
      "#1f6fb4", "#d1495b", "#2b8a3e", "#a05195", "#b3640a", "#0b7a75", "#5b5ea6", "#6b6b6b"};

  // Whether every state has at most two neighbours.
  bool IsRing() const {
    std::vector<std::set<StateId>> beside(static_cast<std::size_t>(dfa_.num_states()));
    for (StateId q = 0; q < dfa_.num_states(); ++q) {
      for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
        const StateId to = dfa_.Next(q, a);
        if (to == q) continue;
        beside[q].insert(to);
        beside[to].insert(q);
      }
    }
    return std::all_of(beside.begin(), beside.end(),
                       [](const std::set<StateId>& states) { return states.size() <= 2; });
  }

  std::string Attributes() const {
    // What stands beside the automaton is packed only where the layout needs it: Graphviz's layers
    // lose the labels of edges when they are.
    const std::string_view packing =
        layout_ == "dot" ? "" : ", mode=KK, overlap=false, pack=20, packmode=\"graph\"";
    return fmt::format(
        "  graph [layout={}{}, splines={},\n"
        "         outputorder=edgesfirst, nodesep=0.4, labelloc=t, fontname=\"sans-serif\",\n"
        "         label=<{}{}>];\n"
        "  node [shape=circle, fixedsize=true, width=0.42, style=filled, fillcolor=white,\n"
        "        fontname=\"sans-serif\", fontsize=12];\n"
        "  edge [fontname=\"monospace\", fontsize=13, arrowsize=0.7, len=1.3];\n"
        "  start [shape=point, label=\"\", width=0.08, fillcolor=black];\n",
        layout_, packing, dfa_.num_states() > kMaxRouted ? "line" : "true", EscapeLabel(title_),
        is_colored_ ? Legend() : "");
  }

  std::string Legend() const {
    std::string legend;
    for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
      legend += fmt::format("{}<FONT COLOR=\"{}\">→ <FONT FACE=\"monospace\">{}</FONT></FONT>{}",
                            a == 0 ? "<BR/>" : " &#160; ", kColors[static_cast<std::size_t>(a)],
                            EscapeLabel(SymbolText(dfa_.alphabet.Symbol(a))),
                            is_left_out_[a] ? " changes no state" : "");
    }
    if (hidden_ >= 0) {
      legend += fmt::format("<BR/>Edges not drawn lead to state {}, which leads nowhere.", hidden_);
    }
    return legend;
  }

  std::string State(StateId q) const {
    return fmt::format(
        "  q{} [label=\"{}\"{}{}];\n", q, q,
        dfa_.accepting[q] ? ", shape=doublecircle, width=0.38" : "",
        q == dead_ ? ", style=\"filled,dashed\", color=gray50, fontcolor=gray50" : "");
  }

  // One edge for all symbols between two states; if colored, one for those that also lead back and
  // one for the others.
  std::string EdgesOf(StateId q) const {
    std::map<StateId, std::vector<SymbolId>> symbols;
    for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
      if (!is_left_out_[a] && dfa_.Next(q, a) != hidden_) symbols[dfa_.Next(q, a)].push_back(a);
    }
    std::string text;
    for (const auto& [to, between] : symbols) {
      text += is_colored_
                  ? ColoredEdges(q, to, between)
                  : fmt::format("  q{} -> q{} [label={}{}];\n", q, to, QuoteDot(LabelOf(between)),
                                to == dead_ ? ", color=gray60, fontcolor=gray40" : "");
    }
    return text;
  }

  std::string ColoredEdges(StateId q, StateId to, const std::vector<SymbolId>& between) const {
    std::vector<std::string_view> back, forth;
    for (const SymbolId a : between) {
      const bool leads_back = q != to && dfa_.Next(to, a) == q;
      (leads_back ? back : forth).push_back(kColors[static_cast<std::size_t>(a)]);
    }
    std::string text;
    if (!back.empty() && q < to) {
      text += fmt::format("  q{} -> q{} [color=\"{}\", dir=none];\n", q, to, fmt::join(back, ":"));
    }
    if (!forth.empty()) {
      text += fmt::format("  q{} -> q{} [color=\"{}\"];\n", q, to, fmt::join(forth, ":"));
    }
    return text;
  }

  // With space on both sides, so that it touches nothing.
  std::string LabelOf(const std::vector<SymbolId>& symbols) const {
    std::string label = " ";
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      label += SymbolText(dfa_.alphabet.Symbol(symbols[i]));
      label += (i + 1) % kSymbolsInLine == 0 && i + 1 < symbols.size() ? " \n " : " ";
    }
    return label;
  }

  const Dfa& dfa_;
  const std::string& title_;
  bool is_colored_ = false;
  std::string_view layout_;
  StateId dead_ = -1;              // the state that leads nowhere, if there is one
  StateId hidden_ = -1;            // the same, if it is left out
  std::vector<bool> is_left_out_;  // [num_symbols]
};

// The H-class as a cell.
std::string BoxHtml(const Dfa& dfa, const TransitionMonoid& monoid, const GreensRelations& green,
                    const std::vector<ElementId>& elements) {
  std::string text;
  for (std::size_t i = 0; i < std::min(elements.size(), kMaxWordsInBox); ++i) {
    const Word word = monoid.WordOf(elements[i]);
    text += (i > 0 ? " " : "") + (word.empty() ? "ε" : EscapeLabel(ToText(dfa.alphabet, word)));
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

// The pairs of J-classes where one is immediately below the other.
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

std::string Digraph(const std::string& body) { return fmt::format("digraph {{\n{}}}\n", body); }

}  // namespace

std::string AutomatonDot(const Dfa& dfa, const std::string& title) {
  return Digraph(AutomatonPicture(dfa, title).Text());
}

std::string EggBoxDot(const Dfa& dfa, const TransitionMonoid& monoid, const GreensRelations& green,
                      const std::string& title) {
  std::string body = AutomatonPicture(dfa, title).Text() +
                     "  node [shape=plain, fixedsize=false, style=solid, fontname=monospace];\n";
  const std::vector<std::vector<int>> classes = green.j.Members();
  for (int j = 0; j < green.j.count; ++j) {
    body += ClassDot(dfa, monoid, green, j, classes[j]);
  }
  for (const auto& [above, below] : Covers(monoid, green)) {
    body += fmt::format("  j{} -> j{} [arrowhead=none];\n", above, below);
  }
  return Digraph(body);
}

}  // namespace raspc

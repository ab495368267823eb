// First-order formulas about words, with counting: their syntax and their trees.
//
//   f IFF g                                    binds loosest
//   f IMPLIES g                                a IMPLIES b IMPLIES c is a IMPLIES (b IMPLIES c)
//   f OR g
//   f AND g
//   NOT f
//   EXISTS x, y. f   FORALL x. f   MAJ x. f    f extends as far as possible
//   s = t  s != t  s < t  s <= t  s > t  s >= t
//   a(t)   "("(t)    the symbol at position t is a, is (
//   BIT(s, t)        bit number t of s is 1
//   TRUE   FALSE   (f)
//
// Variables range over positions, 0 to n-1. MAJ x, y. f holds if f does for more than half of the
// pairs. Terms are integers:
//
//   s + t   s - t    bind loosest
//   s % 3            the remainder by a number
//   s * t   -t
//   12   x   first   last   n   (t)
//   #x. a(x)   #x, y. (f)    for how many x, pairs x, y: the operand is a symbol's atom or in
//                            parentheses
//
// If t is not a position a(t) is false. Names are letters, digits and underscores. A variable may
// shadow an enclosing one of the same name. Variables of a list may be in parentheses, MAJ (x, y).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "automata/alphabet.h"
#include "compiler/syntax/syntax_tree.h"

namespace raspc {

enum class FormulaKind {
  // Formulas.
  kTruth,    // TRUE, or FALSE
  kSymbol,   // symbol(first)
  kCompare,  // first, comparison, second
  kBit,      // BIT(first, second)
  kNot,      // first
  kAnd,      // first, second
  kOr,
  kImplies,
  kIff,
  kExists,  // variables, one of them; first
  kForall,
  kMajority,  // variables, first
  // Terms.
  kNumber,  // value
  kVariable,
  kLength,
  kSum,  // first, second
  kDifference,
  kProduct,
  kRemainder,  // first, second: a kNumber that is not 0
  kCount,      // variables, first: a formula
};

bool Compared(std::int64_t a, Comparison comparison, std::int64_t b);

struct FormulaNode {
  FormulaKind kind = FormulaKind::kTruth;
  int first = -1, second = -1;  // operands
  std::int64_t value = 0;       // of kNumber; of kTruth, 0 or 1
  std::string symbol;           // of kSymbol
  Comparison comparison = Comparison::kEqual;
  std::vector<int> variables;  // that a quantifier binds; the one of kVariable
  std::vector<int> free;       // variables that are free in it, ascending
  int line = 1, column = 1;    // its place in the text

  bool IsTerm() const { return kind >= FormulaKind::kNumber; }
  bool Binds() const {
    return kind == FormulaKind::kCount ||
           (kind >= FormulaKind::kExists && kind <= FormulaKind::kMajority);
  }
};

// Arithmetic and comparisons of constants are evaluated, so that every kCompare has a
// variable, a length or a count. The nodes in postorder: operands come before their user, the
// whole sentence last, and each node has one user. Every variable is bound once: two of the same
// name have different numbers.
struct Sentence {
  std::vector<FormulaNode> nodes;
  std::vector<std::string> variables;  // names, by number
  // Coordinates of the variables, by number: variables needed at once have different ones. There
  // are as few as possible without rewriting the formula.
  std::vector<int> slot;
  int num_slots = 0;
  std::shared_ptr<const SourceText> source;  // for messages

  const FormulaNode& operator[](int node) const { return nodes[static_cast<std::size_t>(node)]; }
  int Root() const { return static_cast<int>(nodes.size()) - 1; }
  SourceLocation At(const FormulaNode& node) const { return {source, node.line, node.column}; }
};

// The maximum number of variables needed at once: free in a subformula, or bound by a list and free
// in its operand.
inline constexpr int kMaxVariables = 4;
inline constexpr int kMaxFormulaNodes = 2000;
inline constexpr int kMaxFormulaNesting = 200;
inline constexpr std::int64_t kMaxFormulaNumber = 1'000'000;

// The part in the syntax of ParseFormula, with parentheses around everything that has operands.
std::string ToText(const Sentence& formula, int node);

// Reports kSyntax, kUndefined (an unbound variable) and kType (a term in place of a formula, or
// vice versa) at the place in the text; kLimit past the limits above. Memory and time are linear in
// the text.
std::optional<Sentence> ParseFormula(std::string_view text, Diagnostics& diag);

// The symbols that a formula names, sorted; the default alphabet. Reports kInput if there are none.
std::optional<Alphabet> CollectAlphabet(const Sentence& formula, Diagnostics& diag);
// Reports kInput for a symbol that the alphabet lacks.
bool CheckAlphabet(const Sentence& formula, const Alphabet& alphabet, Diagnostics& diag);

}  // namespace raspc

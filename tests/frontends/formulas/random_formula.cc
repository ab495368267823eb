#include "tests/frontends/formulas/random_formula.h"

#include <array>
#include <memory>
#include <vector>

namespace raspc {
namespace {

using Values = std::array<long, 4>;  // of variables, by number
using Meaning = std::function<long(const Word& word, const Values& values)>;

struct Piece {
  std::string text;
  Meaning meaning;
};

constexpr std::array<const char*, 4> kNames = {"x", "y", "z", "u"};

class Maker {
 public:
  Maker(std::mt19937_64& random, const RandomFormulaSizes& sizes)
      : random_(random), sizes_(sizes) {}

  Piece Sentence() {
    // Quantifiers come first, so that there are variables to use.
    return Quantified(sizes_.depth);
  }

 private:
  int Draw(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  Piece Formula(int depth) {
    if (depth <= 0) return bound_.empty() ? Quantified(1) : Atom();
    switch (Draw(8)) {
      case 0: {
        const Piece inner = Formula(depth - 1);
        return {"NOT (" + inner.text + ")",
                [inner](const Word& w, const Values& v) { return inner.meaning(w, v) == 0; }};
      }
      case 1:
      case 2:
      case 3:
        return Connected(depth);
      default:
        return Quantified(depth);
    }
  }

  Piece Connected(int depth) {
    static constexpr std::array<const char*, 4> kWords = {"AND", "OR", "IMPLIES", "IFF"};
    const int kind = Draw(4);
    const Piece a = Formula(depth - 1), b = Formula(depth - 1);
    return {"(" + a.text + ") " + kWords[static_cast<std::size_t>(kind)] + " (" + b.text + ")",
            [kind, a, b](const Word& w, const Values& v) -> long {
              const bool p = a.meaning(w, v) != 0, q = b.meaning(w, v) != 0;
              return kind == 0 ? p && q : kind == 1 ? p || q : kind == 2 ? !p || q : p == q;
            }};
  }

  // Binds a variable within what `make` makes.
  template <class Make>
  Piece Bound(int variable, const Make& make) {
    const std::vector<int> outside = bound_;
    bound_.push_back(variable);
    Piece inner = make();
    bound_ = outside;
    return inner;
  }

  Piece Quantified(int depth) {
    static constexpr std::array<const char*, 3> kWords = {"EXISTS", "FORALL", "MAJ"};
    const int kind = Draw(5);
    const int variable = Draw(sizes_.num_variables);
    if (kind == 3) return Counted(variable, depth);
    if (kind == 4 && sizes_.num_variables > 1) return OfPairs(variable, depth);
    const Piece body = Bound(variable, [&] { return Formula(depth - 1); });
    return {std::string("(") + kWords[static_cast<std::size_t>(kind)] + " " + Name(variable) +
                ". " + body.text + ")",
            [kind, body, variable](const Word& w, const Values& v) -> long {
              const long number = HowMany(body, variable, w, v), n = static_cast<long>(w.size());
              return kind == 0 ? number > 0 : kind == 1 ? number == n : 2 * number > n;
            }};
  }

  // For more than half of the pairs, or for as many as there are positions.
  Piece OfPairs(int first, int depth) {
    const int second = (first + 1) % sizes_.num_variables;
    const bool is_majority = Draw(2) == 0;
    const Piece body =
        Bound(first, [&] { return Bound(second, [&] { return Formula(depth - 1); }); });
    const std::string pair = Name(first) + ", " + Name(second) + ". (" + body.text + ")";
    return {is_majority ? "(MAJ " + pair + ")" : "#" + pair + " >= n",
            [body, first, second, is_majority](const Word& w, Values v) -> long {
              const long n = static_cast<long>(w.size());
              long number = 0;
              for (long i = 0; i < n; ++i) {
                v[static_cast<std::size_t>(first)] = i;
                number += HowMany(body, second, w, v);
              }
              return is_majority ? 2 * number > n * n : number >= n;
            }};
  }

  Piece Counted(int variable, int depth) {
    const Piece body = Bound(variable, [&] { return Formula(depth - 1); });
    const Piece count = {
        std::string("#") + Name(variable) + ". (" + body.text + ")",
        [body, variable](const Word& w, const Values& v) { return HowMany(body, variable, w, v); }};
    return Compared(count, bound_.empty() ? Number() : Term());
  }

  static long HowMany(const Piece& body, int variable, const Word& word, Values values) {
    long number = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
      values[static_cast<std::size_t>(variable)] = static_cast<long>(i);
      number += body.meaning(word, values) != 0;
    }
    return number;
  }

  Piece Atom() {
    switch (Draw(6)) {
      case 0:
      case 1:
      case 2: {
        const int symbol = Draw(2);
        const Piece at = Draw(4) == 0 ? Term() : Variable();
        return {std::string(symbol == 0 ? "a(" : "b(") + at.text + ")",
                [symbol, at](const Word& w, const Values& v) -> long {
                  const long i = at.meaning(w, v);
                  return i >= 0 && i < static_cast<long>(w.size()) &&
                         w[static_cast<std::size_t>(i)] == symbol;
                }};
      }
      case 3: {
        const Piece number = Variable(), bit = Variable();
        return {"BIT(" + number.text + ", " + bit.text + ")",
                [number, bit](const Word& w, const Values& v) -> long {
                  long rest = number.meaning(w, v);
                  for (long i = bit.meaning(w, v); i > 0; --i) rest /= 2;
                  return rest % 2;
                }};
      }
      default:
        return Compared(Term(), Term());
    }
  }

  Piece Compared(const Piece& a, const Piece& b) {
    static constexpr std::array<const char*, 6> kSigns = {"=", "!=", "<", "<=", ">", ">="};
    const int sign = Draw(6);
    return {a.text + " " + kSigns[static_cast<std::size_t>(sign)] + " " + b.text,
            [sign, a, b](const Word& w, const Values& v) -> long {
              const long p = a.meaning(w, v), q = b.meaning(w, v);
              return sign == 0   ? p == q
                     : sign == 1 ? p != q
                     : sign == 2 ? p < q
                     : sign == 3 ? p <= q
                     : sign == 4 ? p > q
                                 : p >= q;
            }};
  }

  Piece Variable() {
    const int variable = bound_[static_cast<std::size_t>(Draw(static_cast<int>(bound_.size())))];
    return {Name(variable), [variable](const Word&, const Values& v) {
              return v[static_cast<std::size_t>(variable)];
            }};
  }

  Piece Number() {
    if (Draw(2) == 0) {
      return {"n", [](const Word& w, const Values&) { return static_cast<long>(w.size()); }};
    }
    const long number = Draw(4);
    return {std::to_string(number), [number](const Word&, const Values&) { return number; }};
  }

  // Of at least one variable.
  Piece Term() {
    const Piece a = Variable();
    const Piece b = Draw(2) == 0 ? Variable() : Number();
    switch (Draw(6)) {
      case 0:
        return {"(" + a.text + " + " + b.text + ")", [a, b](const Word& w, const Values& v) {
                  return a.meaning(w, v) + b.meaning(w, v);
                }};
      case 1:
        return {"(" + b.text + " - 2 * " + a.text + ")", [a, b](const Word& w, const Values& v) {
                  return b.meaning(w, v) - 2 * a.meaning(w, v);
                }};
      case 2:
        return {"(" + a.text + " * " + b.text + ")", [a, b](const Word& w, const Values& v) {
                  return a.meaning(w, v) * b.meaning(w, v);
                }};
      case 3:
        return {"((" + a.text + " + " + b.text + ") % 3)", [a, b](const Word& w, const Values& v) {
                  return (a.meaning(w, v) + b.meaning(w, v)) % 3;
                }};
      default:
        return a;
    }
  }

  static std::string Name(int variable) { return kNames[static_cast<std::size_t>(variable)]; }

  std::mt19937_64& random_;
  RandomFormulaSizes sizes_;
  std::vector<int> bound_;
};

}  // namespace

RandomFormula MakeRandomFormula(std::mt19937_64& random, const RandomFormulaSizes& sizes) {
  const Piece piece = Maker(random, sizes).Sentence();
  return {piece.text, [piece](const Word& word) { return piece.meaning(word, Values{}) != 0; }};
}

}  // namespace raspc

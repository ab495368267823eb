// Makes expressions from a table of productions, one line per way to make a type.
//
// In a production, `@x` is an expression and `#x` a constant, where x is
//
//     i int   f number   b bool   s string   S selector   1 selector of at most one position
//
// and besides, for constants, `g` (below), `p` an int from 1 to 4, `k` an int from -3 to 3, `c` a
// comparison, `r` a bool, and `v` the vocabulary as the keys of a dict with ints as values.
#include "tests/compiler/random_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

namespace raspc {
namespace {

struct Production {
  int weight;
  std::string_view pattern;
};

constexpr Production kInts[] = {
    {6, "(@i + @i)"},
    {5, "(@i - @i)"},
    {2, "(@i * @i)"},
    {3, "(@i % #p)"},
    {1, "(@i % @i)"},
    {2, "(@i ^ 2)"},
    {1, "(#p ^ indices)"},
    {2, "(- @i)"},
    {1, "(+ @b)"},
    {1, "(@b + @b)"},
    {2, "(@i * @b)"},
    {4, "round(@f)"},
    {3, "indicator(@b)"},
    {10, "selector_width(@S)"},
    {3, "(@i if @b else @i)"},
    {2, "[#i, #i, #i][@i % 3]"},
    {1, "[#i, #i, #i][@i]"},
    {2, "{0: #i, 1: #i, 2: #i}[@i % 3]"},
    {2, "#v[tokens]"},
    {1, "{True: #i, False: #i}[@b]"},
    {3, "count(@s, #s)"},
    {2, "count(@i, #i)"},
    {2, "@i[#k]"},
    {4, "aggregate(@1, @i, #i)"},
    {2, "aggregate(@1, @i)"},
    {1, "max(@i, @i)"},
    {1, "min(@i, @i)"},
    {2, "shift(@i, #k, #i)"},
    {2, "load_from_location(@i, @i)"},
    {2, "sort(@i, @f)"},
    {1, "sort(@i, @s)"},
    {2, "round((indices + 1) * aggregate(select(indices, indices, <=), @i))"},
    {2, "round(length * average(@i))"},
};
constexpr Production kFloats[] = {
    {8, "@i"},
    {4, "(@f / #p)"},
    {2, "(@f * 0.5)"},
    {1, "(@f * 0.1)"},
    {10, "aggregate(@S, @f)"},
    {4, "aggregate(@S, @f, #f)"},
    {1, "aggregate(@S, @b + 0)"},
    {2, "average(@f)"},
    {3, "(@f + @f)"},
    {3, "(@f - @f)"},
    {1, "(@f * @f)"},
    {1, "(@f ^ 2)"},
    {1, "(@f ^ #k)"},
    {2, "(@f % #p)"},
    {1, "(@f % 0.5)"},
    {2, "(@f / (indices + 1))"},
    {2, "(@f / length)"},
    {2, "(@f / @f)"},
    {1, "(- @f)"},
    {3, "(@f if @b else @f)"},
    {2, "[0.5, #i, #f][@i % 3]"},
    {1, "{0: #f, 1: #i}[@i % 2]"},
    {2, "@f[#k]"},
    {1, "max(@f, @f)"},
    {1, "min(@f, @f)"},
    {2, "shift(@f, #k, #f)"},
    {2, "load_from_location(@f, @i)"},
    {2, "sort(@f, @f)"},
    {2, "aggregate(@1, @f, #f)"},
};
constexpr Production kBools[] = {
    {10, "(@f #c @f)"},
    {3, "(@f #c #f)"},
    {4, "(@i #c @i)"},
    {4, "(@s #c @s)"},
    {4, "(@s == #s)"},
    {2, "(@b == @b)"},
    {1, "(@b < @b)"},
    {5, "(@b and @b)"},
    {5, "(@b or @b)"},
    {5, "(not @b)"},
    {1, "(@f and @b)"},
    {1, "(@s or @f)"},
    {3, "contains(@s, #s)"},
    {1, "contains(@i, #i)"},
    {4, "has_focus(@S)"},
    {2, "(@i in [#i, #i])"},
    {2, "(@s in [#s, #s])"},
    {1, "(#i in @i)"},
    {1, "(#s in @s)"},
    {2, "mark_first_instance(@s, #s)"},
    {2, "mark_last_instance(@s, #s)"},
    {3, "aggregate(@1, @b, #r)"},
    {1, "aggregate(@1, @b)"},
    {2, "@b[#k]"},
    {2, "(@b if @b else @b)"},
    {1, "[True, False][@i % 2]"},
    {1, "sort(@b, @f)"},
    {1, "shift(@b, #k, #r)"},
    {1, "tokens_bool"},
};
constexpr Production kStrings[] = {
    {3, "(@s + #s)"},
    {2, "(@s + @s)"},
    {1, "(2 * @s)"},
    {1, "(#s * (@i % 3))"},
    {8, "aggregate(@1, @s, #s)"},
    {2, "aggregate(@1, @s)"},
    {2, "aggregate(@S, @s, #s)"},
    {4, "shift(@s, #k, #s)"},
    {4, "(@s if @b else @s)"},
    {2, "[\"a\", \"b\", \"xy\"][@i % 3]"},
    {2, "{0: \"a\", 1: \"c\"}[@i % 2]"},
    {1, "\"abc\"[@i % 3]"},
    {4, "sort(@s, @f)"},
    {2, "sort(@s, @s)"},
    {3, "load_from_location(@s, @i)"},
    {2, "@s[#k]"},
    {1, "max(@s, @s)"},
    {1, "min(@s, @s)"},
};
constexpr Production kSelectors[] = {
    {8, "select(@f, @f, #c)"},
    {6, "select(@i, @i, #c)"},
    {4, "select(indices, indices, #c)"},
    {5, "select(@s, @s, #c)"},
    {4, "select(@s, #s, #c)"},
    {3, "select(@f, #f, #c)"},
    {2, "select(#i, @i, #c)"},
    {2, "select(#s, @s, ==)"},
    {2, "select(@b, @b, #c)"},
    {3, "select(@b, True, ==)"},
    {9, "(@S and @S)"},
    {9, "(@S or @S)"},
    {5, "(not @S)"},
    {2, "full_s"},
    {4, "@1"},
};
constexpr Production kSingles[] = {
    {6, "select(indices, @i, ==)"},
    {4, "select(indices, indices - #p, ==)"},
    {3, "select(indices, length - #p - indices, ==)"},
    {2, "select(indices, #p, ==)"},
    {2, "select_from_first(@s, #s)"},
    {2, "select_from_last(@s, #s)"},
    {2, "select_next_identical(@s)"},
    {3, "(@1 and @S)"},
    {2, "select(selector_width(select(indices, indices, <)), @i, ==)"},
};

// Arithmetic of rounded floats, and operations that reveal their values. `#g` is a float, usually
// not a dyadic fraction.
constexpr Production kRoundedInts[] = {
    {6, "round(@f)"},
    {3, "round(@f * 100)"},
    {2, "round(@f * 1000000)"},
    {4, "(@i + @i)"},
    {3, "(@i - @i)"},
    {3, "(@i * #p)"},
    {2, "(@i * 1000000000000000)"},
    {4, "count(tokens, #s)"},
    {3, "(#p if @b else #p)"},
    {2, "{0: #i, 1: #i, 2: #i}[@i % 3]"},
    {3, "aggregate(@1, @i, #i)"},
};
constexpr Production kRoundedFloats[] = {
    {12, "(@f + @f)"},
    {14, "(@f - @f)"},
    {10, "(@f + #g)"},
    {10, "(@f - #g)"},
    {5, "(#g - @f)"},
    {4, "(@f * @f)"},
    {8, "(@f * #g)"},
    {6, "(@f / #g)"},
    {4, "(@f / #p)"},
    {3, "(@f / (indices + 1))"},
    {2, "(#g / (@i % 5 + 6))"},
    {2, "(- @f)"},
    {2, "(@f ^ 2)"},
    {6, "(#g if @b else #g)"},
    {4, "(@f if @b else @f)"},
    {4, "[#g, #g, #g][@i % 3]"},
    {3, "{0: #g, 1: @i}[indices % 2]"},
    {5, "aggregate(@1, @f, #g)"},
    {3, "shift(@f, #k, #g)"},
    {2, "@f[#k]"},
};
constexpr Production kRoundedBools[] = {
    {8, "(@f #c @f)"},  {10, "(@f #c #g)"},    {3, "(@f - @f #c #g)"},       {3, "(tokens == #s)"},
    {2, "(@b and @b)"}, {2, "(@b or not @b)"}, {2, "aggregate(@1, @b, #r)"},
};
constexpr Production kRoundedSingles[] = {
    {6, "select(indices, indices - #p, ==)"},
    {3, "select(indices, length - #p - indices, ==)"},
    {2, "select(indices, @i, ==)"},
};

// Nothing for a type that uses the general productions.
std::span<const Production> RoundedProductionsOf(RandomType type) {
  switch (type) {
    case RandomType::kInt:
      return kRoundedInts;
    case RandomType::kFloat:
      return kRoundedFloats;
    case RandomType::kBool:
      return kRoundedBools;
    case RandomType::kSingle:
      return kRoundedSingles;
    default:
      return {};
  }
}

std::span<const Production> ProductionsOf(RandomType type) {
  switch (type) {
    case RandomType::kInt:
      return kInts;
    case RandomType::kFloat:
      return kFloats;
    case RandomType::kBool:
      return kBools;
    case RandomType::kString:
      return kStrings;
    case RandomType::kSelector:
      return kSelectors;
    case RandomType::kSingle:
      return kSingles;
  }
  return kInts;
}

RandomType TypeNamed(char letter) {
  switch (letter) {
    case 'f':
      return RandomType::kFloat;
    case 'b':
      return RandomType::kBool;
    case 's':
      return RandomType::kString;
    case 'S':
      return RandomType::kSelector;
    case '1':
      return RandomType::kSingle;
    default:
      return RandomType::kInt;
  }
}

// Whether an expression of type `is` can be used where `wanted` is required.
bool Fits(RandomType is, RandomType wanted) {
  return is == wanted || (wanted == RandomType::kFloat && is == RandomType::kInt) ||
         (wanted == RandomType::kSelector && is == RandomType::kSingle);
}

// Whether an expression holds an s-op, and is not just atoms.
bool HoldsSOp(const RandomExpr& expr) {
  static constexpr std::string_view kMarks[] = {"indices", "tokens",     "length",
                                                "sel",     "aggregate(", "full_s"};
  for (const std::string& text : expr.text) {
    if (text.size() > 1 && text[0] == 'x' && text[1] >= '0' && text[1] <= '9') return true;
    for (const std::string_view mark : kMarks) {
      if (text.find(mark) != std::string::npos) return true;
    }
  }
  return std::any_of(expr.args.begin(), expr.args.end(), HoldsSOp);
}

bool IsSelectorType(RandomType type) {
  return type == RandomType::kSelector || type == RandomType::kSingle;
}

RandomExpr Leaf(RandomType type, std::string text) { return {type, {std::move(text)}, {}}; }

// The simplest expressions, simplest first.
std::vector<std::string> PlainTexts(RandomType type) {
  switch (type) {
    case RandomType::kInt:
    case RandomType::kFloat:
      return {"0", "1", "indices", "(0 * indices)"};
    case RandomType::kBool:
      return {"(indices == 0)"};
    case RandomType::kString:
      return {"tokens"};
    case RandomType::kSelector:
      return {"full_s", "select(indices, indices, ==)", "select(indices, 0, ==)"};
    case RandomType::kSingle:
      return {"select(indices, indices, ==)", "select(indices, 0, ==)"};
  }
  return {};
}

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  RandomProgram FloatProgram() {
    is_about_floats_ = true;
    static const std::vector<std::vector<Atom>> kAlphabets = {
        {0.3, 3.75},
        {0.1, 0.2, 0.7},
        {1e16, 1.5},
        {-1.1, std::int64_t{2}, 1e-3},
        {std::int64_t{1}, std::int64_t{2}, std::int64_t{5}},
        {"a", "b"},
        {0.3},
    };
    program_.vocab = Pick(kAlphabets);
    program_.max_length = 3 + Below(2);
    if (TypeOf(program_.vocab[0]) != AtomType::kString) {
      leaves_.assign(2, {RandomType::kFloat, "tokens_float"});
    }
    program_.is_causal = OneIn(4);
    if (OneIn(8)) program_.max_domain = OneIn(2) ? 100 : 1000;
    const int num_floats = 1 + Below(4);
    for (int i = 0; i < num_floats; ++i) AddStatement(RandomType::kFloat);
    static const std::vector<RandomType> kLast = {RandomType::kFloat, RandomType::kBool,
                                                  RandomType::kBool, RandomType::kInt};
    AddStatement(Pick(kLast));
    program_.output = program_.statements.back().name;
    return std::move(program_);
  }

  RandomProgram Program() {
    ChooseVocabulary();
    ChooseSettings();
    const int num_statements = 3 + Below(10);
    for (int i = 0; i < num_statements; ++i) AddAnyStatement(i + 1 == num_statements);
    if (OneIn(16) && !is_odd_) AddGeneration();
    program_.output = program_.statements.back().name;
    if (!program_.generates && OneIn(3)) program_.output = OtherOutput();
    return std::move(program_);
  }

 private:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
  bool OneIn(int bound) { return Below(bound) == 0; }
  template <typename T>
  const T& Pick(const std::vector<T>& items) {
    return items[static_cast<std::size_t>(Below(static_cast<int>(items.size())))];
  }

  void ChooseVocabulary() {
    static const std::vector<std::vector<Atom>> kAlphabets = {
        {"a", "b", "c", "ab"},
        {"a", "b", "c", "d"},
        {"1", "0", "2", "-1"},
        {std::int64_t{1}, std::int64_t{0}, std::int64_t{2}, std::int64_t{-3}},
        {std::int64_t{5}, std::int64_t{1}, std::int64_t{2}, std::int64_t{3}},
        {0.5, 1.0, -1.5, 0.1},
        {std::int64_t{1}, 2.5, 1.0, std::int64_t{0}},
        {true, false},
        {std::int64_t{1}, true, 1.0, false},
        {"a", std::int64_t{1}, true, "1"},
    };
    const std::size_t kind = OneIn(2) ? static_cast<std::size_t>(Below(2))
                                      : static_cast<std::size_t>(Below(kAlphabets.size()));
    program_.vocab = kAlphabets[kind];
    const std::size_t size = static_cast<std::size_t>(2 + Below(3));
    if (program_.vocab.size() > size) program_.vocab.resize(size);
    is_text_ = kind < 2;
    is_odd_ = kind >= 7;
    // `tokens_asis` is a view like the others, of whatever type the tokens have.
    if (kind < 3) leaves_.push_back({RandomType::kString, "tokens_asis"});
    if (kind > 2 && kind < 7) leaves_.push_back({RandomType::kFloat, "tokens_asis"});
    if (kind == 3 || kind == 4) leaves_.push_back({RandomType::kInt, "tokens_asis"});
    if (kind == 7) leaves_.push_back({RandomType::kBool, "tokens_asis"});
    if (kind >= 2) {
      leaves_.push_back({RandomType::kInt, "tokens_int"});
      leaves_.push_back({RandomType::kFloat, "tokens_float"});
    }
  }

  void ChooseSettings() {
    program_.max_length = 4 + Below(5);
    program_.is_causal = OneIn(3);
    if (program_.is_causal && OneIn(4)) program_.target = Target::kEncoder;
    if (OneIn(8)) program_.append = "#";
    if (OneIn(12)) program_.pad_count = OneIn(2) ? "2" : "n+1";
    if (OneIn(6)) program_.dtype = DType::kFloat64;
    if (OneIn(3)) program_.max_domain = OneIn(2) ? 300 : 3000;
  }

  void AddAnyStatement(bool is_last) {
    static const std::vector<RandomType> kTypes = {
        RandomType::kInt,    RandomType::kInt,    RandomType::kFloat,    RandomType::kBool,
        RandomType::kString, RandomType::kString, RandomType::kSelector, RandomType::kSelector};
    RandomType type = Pick(kTypes);
    while (is_last && IsSelectorType(type)) type = Pick(kTypes);
    AddStatement(type);
  }

  void AddStatement(RandomType type) {
    const std::string name = fmt::format("x{}", program_.statements.size() + 1);
    RandomExpr value = Expression(type, 1 + Below(3));
    // A name must hold an s-op, and a constant is none.
    if (value.args.empty() && !IsSelectorType(type)) value = Expression(type, 2, true);
    program_.statements.push_back({name, std::move(value)});
    leaves_.push_back({type, name});
    leaves_.push_back({type, name});
  }

  // An s-op whose values are tokens, which is what can be generated.
  void AddGeneration() {
    const RandomType string = RandomType::kString;
    RandomExpr next{string, {"(\"a\" if ", " else \"b\")"}, {Expression(RandomType::kBool, 2)}};
    if (!is_text_) return;
    program_.statements.push_back({"next", std::move(next)});
    program_.is_causal = program_.generates = true;
    program_.target.reset();
    program_.pad_count.reset();
  }

  std::string OtherOutput() {
    std::vector<std::string> names;
    for (const RandomStatement& statement : program_.statements) {
      if (!IsSelectorType(statement.value.type)) names.push_back(statement.name);
    }
    return Pick(names);
  }

  RandomExpr Expression(RandomType type, int depth, bool is_compound = false) {
    if (depth == 0 || (!is_compound && OneIn(6))) return LeafOf(type);
    std::span<const Production> productions;
    if (is_about_floats_) productions = RoundedProductionsOf(type);
    if (productions.empty()) productions = ProductionsOf(type);
    int total = 0;
    for (const Production& production : productions) total += production.weight;
    int at = Below(total);
    std::size_t chosen = 0;
    while (at >= productions[chosen].weight) at -= productions[chosen++].weight;
    return Expand(type, productions[chosen].pattern, depth);
  }

  RandomExpr Expand(RandomType type, std::string_view pattern, int depth) {
    RandomExpr expr;
    expr.type = type;
    expr.text.emplace_back();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] == '@') {
        expr.args.push_back(Expression(TypeNamed(pattern[++i]), depth - 1));
        expr.text.emplace_back();
      } else if (pattern[i] == '#') {
        expr.text.back() += Constant(pattern[++i]);
      } else {
        expr.text.back() += pattern[i];
      }
    }
    // Some operations require an s-op, so all get one.
    if (!expr.args.empty() && !IsSelectorType(type) && !HoldsSOp(expr)) {
      expr.args[0] = SOpLeafOf(expr.args[0].type);
    }
    return expr;
  }

  RandomExpr SOpLeafOf(RandomType type) {
    if (type == RandomType::kBool) return Expand(type, "(indices #c #p)", 1);
    return Leaf(type, type == RandomType::kString ? "tokens" : "indices");
  }

  RandomExpr LeafOf(RandomType type) {
    std::vector<std::string> texts;
    for (const auto& [is, text] : leaves_) {
      if (Fits(is, type)) texts.push_back(text);
    }
    // Later names are more likely, so that programs become deep.
    if (!texts.empty() && !OneIn(3)) {
      const std::size_t recent = std::min<std::size_t>(texts.size(), 4);
      return Leaf(
          type,
          texts[texts.size() - 1 - static_cast<std::size_t>(Below(static_cast<int>(recent)))]);
    }
    switch (type) {
      case RandomType::kInt:
        return Leaf(type, OneIn(3) ? Constant('i') : OneIn(4) ? "length" : "indices");
      case RandomType::kFloat:
        return Leaf(type, OneIn(3) ? Constant('f') : "indices");
      case RandomType::kBool:
        return Expand(type, OneIn(2) ? "(tokens == #s)" : "(indices #c #p)", 1);
      case RandomType::kString:
        return Leaf(type, "tokens");
      case RandomType::kSelector:
        return Expand(type,
                      OneIn(2) ? "select(tokens, tokens, ==)" : "select(indices, indices, #c)", 1);
      case RandomType::kSingle:
        return Expand(type, "select(indices, indices - #k, ==)", 1);
    }
    return Leaf(type, "indices");
  }

  std::string Constant(char kind) {
    static const std::vector<std::string> kFloatTexts = {"0.5", "1.5", "2.0",  "0.1", "0.0",
                                                         "1",   "0",   "0.25", "-1",  "3.7"};
    static const std::vector<std::string> kRoundedTexts = {
        "0.1",          "0.2", "0.3",   "0.7",   "1.1",
        "3.75",         "0.5", "2.675", "0.001", "10000000000000000.0",
        "1000000000.0", "-0.6"};
    static const std::vector<std::string> kComparisons = {"==", "!=", "<", "<=", ">", ">="};
    switch (kind) {
      case 'p':
        return std::to_string(1 + Below(4));
      case 'f':
        return Pick(is_about_floats_ ? kRoundedTexts : kFloatTexts);
      case 'g':
        return Pick(kRoundedTexts);
      case 'c':
        return Pick(kComparisons);
      case 'r':
        return OneIn(2) ? "True" : "False";
      case 's':
        return OneIn(5) ? "\"?\"" : QuotedToken(Pick(program_.vocab));
      case 'v':
        return VocabularyDict();
      default:
        return std::to_string(Below(7) - 3);
    }
  }

  static std::string QuotedToken(const Atom& token) { return "\"" + PythonStr(token) + "\""; }

  // Sometimes a token is missing, and looking it up fails.
  std::string VocabularyDict() {
    std::string text = "{";
    for (const Atom& token : program_.vocab) {
      if (text.size() > 1 && OneIn(8)) continue;
      text += (text.size() > 1 ? ", " : "") + QuotedToken(token) + ": " + Constant('i');
    }
    if (program_.append) text += ", \"#\": " + Constant('i');
    if (program_.pad_count) text += ", \"_\": " + Constant('i');
    return text + "}";
  }

  std::mt19937_64 random_;
  RandomProgram program_;
  bool is_text_ = false;  // tokens are letters, "a" and "b" among them
  bool is_odd_ = false;   // tokens of several types, or bools
  bool is_about_floats_ = false;
  std::vector<std::pair<RandomType, std::string>> leaves_;
};

// Calls `use` with every way to make `expr` smaller at one place.
template <typename Use>
void ForEachSmaller(RandomExpr& expr, const Use& use) {
  const RandomExpr kept = expr;
  for (const RandomExpr& arg : kept.args) {
    if (!Fits(arg.type, kept.type)) continue;
    expr = arg;
    expr.type = kept.type;
    use();
  }
  if (!kept.args.empty()) {
    for (const std::string& text : PlainTexts(kept.type)) {
      expr = Leaf(kept.type, text);
      use();
    }
  } else if (kept.text[0].size() > 1 && kept.text[0][0] == 'x') {
    for (const std::string& text : PlainTexts(kept.type)) {
      expr = Leaf(kept.type, text);
      use();
    }
  }
  expr = kept;
  for (RandomExpr& arg : expr.args) ForEachSmaller(arg, use);
}

void Substitute(RandomExpr& expr, const std::string& name, const RandomExpr& value) {
  if (expr.args.empty() && expr.text[0] == name) {
    const RandomType type = expr.type;
    expr = value;
    expr.type = type;
    return;
  }
  for (RandomExpr& arg : expr.args) Substitute(arg, name, value);
}

void AddSmallerSettings(const RandomProgram& program, std::vector<RandomProgram>& smaller) {
  const auto add = [&](auto&& change) {
    smaller.push_back(program);
    change(smaller.back());
  };
  if (program.generates) add([](RandomProgram& p) { p.generates = false; });
  if (program.pad_count) add([](RandomProgram& p) { p.pad_count.reset(); });
  if (program.append) add([](RandomProgram& p) { p.append.reset(); });
  if (program.dtype) add([](RandomProgram& p) { p.dtype.reset(); });
  if (program.target) add([](RandomProgram& p) { p.target.reset(); });
  if (program.max_domain) add([](RandomProgram& p) { p.max_domain.reset(); });
  if (program.is_causal && !program.generates) {
    add([](RandomProgram& p) {
      p.is_causal = false;
      p.target.reset();
    });
  }
  if (program.max_length > 1) add([](RandomProgram& p) { --p.max_length; });
  for (std::size_t i = 0; i < program.vocab.size() && program.vocab.size() > 1; ++i) {
    add([&](RandomProgram& p) { p.vocab.erase(p.vocab.begin() + static_cast<std::ptrdiff_t>(i)); });
  }
}

std::string DirectiveText(const RandomProgram& program) {
  std::vector<Atom> vocab = program.vocab;
  if (program.append) vocab.push_back(*program.append);
  if (program.pad_count) vocab.push_back("_");
  std::string text = "#@ vocab: " + ToJson(vocab) + "\n";
  if (vocab.size() > program.vocab.size()) text += "#@ alphabet: " + ToJson(program.vocab) + "\n";
  text += fmt::format("#@ max_length: {}\n", program.max_length);
  if (program.append) text += "#@ append: [" + ToJson(*program.append) + "]\n";
  if (program.pad_count) text += fmt::format("#@ pad: [\"_\", \"{}\"]\n", *program.pad_count);
  if (program.generates) {
    text += fmt::format("#@ generate: {}\n#@ max_steps: 3\n#@ stop: [\"b\"]\n", program.output);
  } else {
    if (program.is_causal) text += "#@ causal: true\n";
    text += fmt::format("#@ output: {}\n", program.output);
  }
  return text;
}

}  // namespace

std::string ToText(const RandomExpr& expr) {
  std::string text = expr.text[0];
  for (std::size_t i = 0; i < expr.args.size(); ++i) {
    text += ToText(expr.args[i]) + expr.text[i + 1];
  }
  return text;
}

int SizeOf(const RandomExpr& expr) {
  int size = 1;
  for (const RandomExpr& arg : expr.args) size += SizeOf(arg);
  return size;
}

std::string ToText(const RandomProgram& program) {
  std::string text = DirectiveText(program);
  for (const auto& [name, value] : program.statements) {
    text += name + " = " + ToText(value) + ";\n";
  }
  return text;
}

ProgramSettings OptionsOf(const RandomProgram& program) {
  ProgramSettings options;
  options.dtype = program.dtype;
  options.max_domain = program.max_domain;
  options.target = program.target;
  return options;
}

std::string OptionText(const RandomProgram& program) {
  std::string text;
  if (program.dtype) text += fmt::format(" --dtype {}", NameOf(*program.dtype));
  if (program.max_domain) text += fmt::format(" --max-domain {}", *program.max_domain);
  if (program.target) text += fmt::format(" --target {}", NameOf(*program.target));
  return text;
}

int SizeOf(const RandomProgram& program) {
  int size = static_cast<int>(program.max_length) + 2 * static_cast<int>(program.vocab.size());
  size += program.is_causal + program.generates + program.append.has_value() +
          program.pad_count.has_value() + program.dtype.has_value() +
          program.max_domain.has_value() + program.target.has_value();
  for (const RandomStatement& statement : program.statements) size += 1 + SizeOf(statement.value);
  return size;
}

RandomProgram MakeRandomProgram(std::uint64_t seed) { return Generator(seed).Program(); }
RandomProgram MakeRandomFloatProgram(std::uint64_t seed) { return Generator(seed).FloatProgram(); }

std::vector<RandomProgram> SmallerPrograms(const RandomProgram& program) {
  std::vector<RandomProgram> smaller;
  const std::size_t size = program.statements.size();
  const auto at = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
  // Without the statement, if nothing uses it, or with its value where it was used.
  for (std::size_t i = size; i-- > 0;) {
    if (program.statements[i].name == program.output) continue;
    RandomProgram without = program;
    for (std::size_t k = i + 1; k < size; ++k) {
      Substitute(without.statements[k].value, program.statements[i].name,
                 program.statements[i].value);
    }
    without.statements.erase(without.statements.begin() + at(i));
    if (SizeOf(without) < SizeOf(program)) smaller.push_back(std::move(without));
  }
  for (std::size_t i = size; i-- > 0;) {
    RandomProgram copy = program;
    ForEachSmaller(copy.statements[i].value, [&] { smaller.push_back(copy); });
  }
  AddSmallerSettings(program, smaller);
  return smaller;
}

}  // namespace raspc

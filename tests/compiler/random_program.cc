// Draws programs from the productions of random_productions.h, and prints them.
#include "tests/compiler/random_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "tests/compiler/random_productions.h"

namespace raspc {
namespace {

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
  options.arithmetic = program.arithmetic;
  return options;
}

std::string OptionText(const RandomProgram& program) {
  std::string text;
  if (program.dtype) text += fmt::format(" --dtype {}", NameOf(*program.dtype));
  if (program.max_domain) text += fmt::format(" --max-domain {}", *program.max_domain);
  if (program.target) text += fmt::format(" --target {}", NameOf(*program.target));
  if (program.arithmetic) text += fmt::format(" --arithmetic {}", NameOf(*program.arithmetic));
  return text;
}

int SizeOf(const RandomProgram& program) {
  int size = static_cast<int>(program.max_length) + 2 * static_cast<int>(program.vocab.size());
  size += program.is_causal + program.generates + program.append.has_value() +
          program.pad_count.has_value() + program.dtype.has_value() +
          program.max_domain.has_value() + program.target.has_value() +
          program.arithmetic.has_value();
  for (const RandomStatement& statement : program.statements) size += 1 + SizeOf(statement.value);
  return size;
}

RandomProgram MakeRandomProgram(std::uint64_t seed) { return Generator(seed).Program(); }
RandomProgram MakeRandomFloatProgram(std::uint64_t seed) { return Generator(seed).FloatProgram(); }

}  // namespace raspc

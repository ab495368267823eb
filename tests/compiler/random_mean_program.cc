#include "tests/compiler/random_mean_program.h"

#include <fmt/format.h>

#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace raspc {
namespace {

class MeanProgramGenerator {
 public:
  explicit MeanProgramGenerator(std::uint64_t seed) : random_(seed) {}

  RandomProgram Program() {
    has_ints_ = OneIn(2);
    program_.vocab = has_ints_
                         ? std::vector<Atom>{std::int64_t{0}, std::int64_t{1}, std::int64_t{4}}
                         : std::vector<Atom>{"a", "b", "c"};
    program_.max_length = 4 + Below(3);
    program_.is_causal = OneIn(3);
    program_.max_domain = 24;
    if (OneIn(3)) program_.target = Target::kMasked;
    const int num_means = 2 + Below(2);
    for (int i = 0; i < num_means; ++i) Add(RandomType::kFloat, Mean());
    const int num_numbers = Below(3);
    for (int i = 0; i < num_numbers; ++i) Add(RandomType::kFloat, Number());
    const RandomType type = Pick(std::vector{RandomType::kBool, RandomType::kInt,
                                             RandomType::kFloat, RandomType::kString});
    program_.output = "y";
    program_.statements.push_back({"y", Output(type)});
    return std::move(program_);
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  bool OneIn(int chances) { return Below(chances) == 0; }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(Below(static_cast<int>(from.size())))];
  }

  // `@` stands for the next argument.
  static RandomExpr Made(RandomType type, std::string_view pattern, std::vector<RandomExpr> args) {
    RandomExpr expr{type, {""}, std::move(args)};
    for (const char c : pattern) {
      if (c == '@') {
        expr.text.emplace_back();
      } else {
        expr.text.back() += c;
      }
    }
    return expr;
  }

  void Add(RandomType type, RandomExpr value) {
    std::string name = fmt::format("x{}", program_.statements.size());
    names_.push_back(Leaf(type, name));
    program_.statements.push_back({std::move(name), std::move(value)});
  }

  RandomExpr Selector() {
    static const std::vector<std::string> kOfAll = {
        "select(1, 1, ==)", "select(indices, indices, <=)", "select(indices, indices, >)",
        "select(tokens, tokens, ==)", "select(indices, length, <)"};
    static const std::vector<std::string> kOfStrings = {R"(select(tokens, "a", ==))",
                                                        R"(select(tokens, "b", !=))"};
    static const std::vector<std::string> kOfInts = {"select(tokens_int, 4, ==)",
                                                     "select(tokens_int, tokens_int, <)"};
    if (OneIn(2)) return Leaf(RandomType::kSelector, Pick(has_ints_ ? kOfInts : kOfStrings));
    return Leaf(RandomType::kSelector, Pick(kOfAll));
  }

  RandomExpr Int() {
    std::vector<std::string> leaves = {"indices", "length", "1", "3"};
    leaves.push_back(has_ints_ ? "tokens_int" : R"(indicator(tokens == "b"))");
    return Leaf(RandomType::kInt, Pick(leaves));
  }

  RandomExpr Mean() {
    if (OneIn(3)) {
      return Made(RandomType::kFloat, fmt::format("aggregate(@, @, {})", Below(9) - 2),
                  {Selector(), Int()});
    }
    return Made(RandomType::kFloat, "aggregate(@, @)", {Selector(), Int()});
  }

  const RandomExpr& Name() { return Pick(names_); }
  const RandomExpr& MeanName() {  // a mean and nothing else: the float nearest to a fraction
    const int num_means = std::min(2, static_cast<int>(names_.size()));
    return names_[static_cast<std::size_t>(Below(num_means))];
  }

  // The rounding of its floats never makes two of them equal, nor an int of something else.
  RandomExpr Number() {
    switch (Below(6)) {
      case 0:
        return Made(RandomType::kFloat, "@ + @", {MeanName(), Int()});
      case 1:
        return Made(RandomType::kFloat, "@ - @", {Int(), MeanName()});
      case 2:
        return Made(RandomType::kFloat, "2 * @", {MeanName()});
      case 3:
        return Made(RandomType::kFloat, "-@", {MeanName()});
      case 4:
        return Made(RandomType::kFloat, "(@ if @ else @)", {MeanName(), Bool(), MeanName()});
      default:
        return Made(RandomType::kFloat, "@ / (@ + 1)", {Int(), Leaf(RandomType::kInt, "indices")});
    }
  }

  std::string Comparison() {
    static const std::vector<std::string> kAll = {"<", "<=", ">", ">=", "==", "!="};
    return Pick(kAll);
  }

  // Of a mean with what is fixed at a position, or for a token.
  RandomExpr TieOfRounding() {
    const RandomExpr token =
        Leaf(RandomType::kInt, has_ints_ ? "tokens_int" : R"(indicator(tokens == "b"))");
    switch (Below(4)) {
      case 0:
        return Made(RandomType::kBool, "@ * (indices + 1) " + Comparison() + " 3", {MeanName()});
      case 1:
        return Made(RandomType::kBool, "@ * 0.1 " + Comparison() + " 0.3", {MeanName()});
      case 2:
        return Made(RandomType::kBool, "(@ - @) / 3 " + Comparison() + " 0.7", {MeanName(), token});
      default:
        return Made(RandomType::kBool, "@ + 0.1 " + Comparison() + " @ / 3", {MeanName(), token});
    }
  }

  RandomExpr Bool() {
    switch (Below(5)) {
      case 0:
        return Made(RandomType::kBool, "@ " + Comparison() + " @", {MeanName(), MeanName()});
      case 3:
        return TieOfRounding();
      case 1:
        return Made(RandomType::kBool, "@ - @ " + Comparison() + " 0", {MeanName(), MeanName()});
      case 2:
        return Leaf(RandomType::kBool, "indices == 1");
      default:
        return Made(RandomType::kBool, "@ " + Comparison() + " @", {Name(), Int()});
    }
  }

  // Of keys and queries neither of which is listed.
  RandomExpr SelectorOfMeans() {
    const RandomExpr compared =
        Made(RandomType::kSelector, "select(@, @, " + Comparison() + ")", {MeanName(), MeanName()});
    switch (Below(4)) {
      case 0:
        return Made(RandomType::kSelector, "@ and @", {compared, Selector()});
      case 1:
        return Made(RandomType::kSelector, "not @", {compared});
      case 2:
        return Made(RandomType::kSelector, "@ or @ and select(indices, indices, <)",
                    {compared, Made(RandomType::kSelector, "select(@, @, ==)",
                                    {compared.args[0], compared.args[1]})});
      default:
        return compared;
    }
  }

  RandomExpr Output(RandomType type) {
    if (OneIn(3)) {
      if (type == RandomType::kInt) return Made(type, "selector_width(@)", {SelectorOfMeans()});
      if (type == RandomType::kFloat) {
        return Made(type, "aggregate(@, @)", {SelectorOfMeans(), OneIn(2) ? MeanName() : Int()});
      }
    }
    switch (type) {
      case RandomType::kBool:
        return OneIn(3) ? Made(type, "@ and not (@)", {Bool(), Bool()}) : Bool();
      case RandomType::kInt:
        if (OneIn(2)) return Made(type, "round(@)", {Name()});
        return Made(type, "selector_width(select(indices, @, " + Comparison() + "))", {Name()});
      case RandomType::kFloat:
        return Made(type, "@ if @ else @", {Name(), Bool(), OneIn(2) ? Name() : Int()});
      default:
        return Made(type, R"(aggregate(select(indices, @, ==), tokens_str, "-"))", {Name()});
    }
  }

  std::mt19937_64 random_;
  RandomProgram program_;
  bool has_ints_ = false;
  std::vector<RandomExpr> names_;  // the first two are means
};

}  // namespace

RandomProgram MakeRandomMeanProgram(std::uint64_t seed) {
  return MeanProgramGenerator(seed).Program();
}

}  // namespace raspc

#include "tests/compiler/random_productions.h"

namespace raspc {
namespace {

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

}  // namespace

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

bool Fits(RandomType is, RandomType wanted) {
  return is == wanted || (wanted == RandomType::kFloat && is == RandomType::kInt) ||
         (wanted == RandomType::kSelector && is == RandomType::kSingle);
}

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

}  // namespace raspc

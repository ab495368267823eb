// Second definitions, as plain as possible, of the programs in programs/.
//
// The definitions share nothing with RASP: they count with loops, sort with the standard library,
// match brackets with a stack and add with a pencil. A test compares the programs with them. Each
// takes the tokens of an input and gives the output at every position; for a program that
// generates, the generated tokens.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/atom.h"

namespace raspc::definitions {

using Tokens = std::vector<std::string>;
using Output = std::vector<Atom>;
using Definition = std::function<Output(const Tokens&)>;

inline std::int64_t NumEqual(const Tokens& tokens, const std::string& token) {
  return std::count(tokens.begin(), tokens.end(), token);
}

// ----------------------------------------------------- from a rule to the output at every position

// The same value everywhere: a function of the whole input.
template <typename Rule>
Definition Everywhere(Rule rule) {
  return [rule](const Tokens& tokens) { return Output(tokens.size(), Atom(rule(tokens))); };
}

// The value at a position is a function of the input up to and including it.
template <typename Rule>
Definition OfPrefixes(Rule rule) {
  return [rule](const Tokens& tokens) {
    Output output;
    for (std::size_t n = 1; n <= tokens.size(); ++n) {
      output.push_back(Atom(rule(Tokens(tokens.begin(), tokens.begin() + n))));
    }
    return output;
  };
}

// The value at a position is a function of the input and the position.
template <typename Rule>
Definition AtEach(Rule rule) {
  return [rule](const Tokens& tokens) {
    Output output;
    for (std::size_t i = 0; i < tokens.size(); ++i) output.push_back(Atom(rule(tokens, i)));
    return output;
  };
}

inline Output AsOutput(const Tokens& tokens) { return Output(tokens.begin(), tokens.end()); }

// ------------------------------------------------------------------------------ counting, sorting

inline std::int64_t CountHere(const Tokens& tokens, std::size_t i) {
  return NumEqual(tokens, tokens[i]);
}

inline std::int64_t NumTokensAsFrequent(const Tokens& tokens, std::size_t i) {
  std::set<std::string> as_frequent;
  for (const std::string& token : tokens) {
    if (NumEqual(tokens, token) == NumEqual(tokens, tokens[i])) as_frequent.insert(token);
  }
  return static_cast<std::int64_t>(as_frequent.size());
}

inline std::int64_t NumRare(const Tokens& tokens) {
  return std::count_if(tokens.begin(), tokens.end(),
                       [&](const std::string& token) { return NumEqual(tokens, token) <= 2; });
}

inline std::string MostFrequent(const Tokens& tokens) {
  std::string best = tokens.front();
  for (const std::string& token : tokens) {
    if (NumEqual(tokens, token) > NumEqual(tokens, best)) best = token;
  }
  return best;
}

inline Output Sorted(Tokens tokens) {
  std::stable_sort(tokens.begin(), tokens.end());
  return AsOutput(tokens);
}

inline Output SortedByFrequency(const Tokens& tokens) {
  Tokens sorted = tokens;
  std::stable_sort(sorted.begin(), sorted.end(), [&](const std::string& a, const std::string& b) {
    return NumEqual(tokens, a) > NumEqual(tokens, b);
  });
  return AsOutput(sorted);
}

// ------------------------------------------------------------------------------- order and places

inline Output Reversed(Tokens tokens) {
  std::reverse(tokens.begin(), tokens.end());
  return AsOutput(tokens);
}

inline std::string TokenBefore(const Tokens& tokens, std::size_t i) {
  return i == 0 ? "-" : tokens[i - 1];
}

inline bool IsFirst(const Tokens& tokens, std::size_t i) {
  return std::find(tokens.begin(), tokens.end(), tokens[i]) - tokens.begin() ==
         static_cast<std::ptrdiff_t>(i);
}

inline std::int64_t LastIndex(const Tokens& tokens, std::size_t i) {
  std::int64_t last = 0;
  for (std::size_t k = 0; k < tokens.size(); ++k) {
    if (tokens[k] == tokens[i]) last = static_cast<std::int64_t>(k);
  }
  return last;
}

inline bool IsPalindrome(const Tokens& tokens) {
  return std::equal(tokens.begin(), tokens.end(), tokens.rbegin());
}

inline bool EndsInAbc(const Tokens& prefix) {
  const Tokens pattern = {"a", "b", "c"};
  return prefix.size() >= 3 && std::equal(prefix.end() - 3, prefix.end(), pattern.begin());
}

inline std::string WhatFollowedBefore(const Tokens& prefix) {
  for (std::size_t next = prefix.size() - 1; next >= 1; --next) {
    if (prefix[next - 1] == prefix.back()) return prefix[next];
  }
  return "-";
}

inline std::string ThreeLettersOn(const Tokens& tokens, std::size_t i) {
  char letter = tokens[i][0];
  for (int step = 0; step < 3; ++step) letter = letter == 'h' ? 'a' : static_cast<char>(letter + 1);
  return std::string(1, letter);
}

// --------------------------------------------------------------------------------------- brackets

// Pairs are strings of two letters.
using Pairs = std::vector<std::string>;

// "T", "P" or "F": balanced, can be completed, cannot.
inline std::string DyckState(const Tokens& prefix, const Pairs& pairs) {
  std::vector<char> expected;  // the closing brackets still to come, the next one last
  for (const std::string& token : prefix) {
    const auto opened = std::find_if(pairs.begin(), pairs.end(),
                                     [&](const std::string& pair) { return pair[0] == token[0]; });
    if (opened != pairs.end()) {
      expected.push_back((*opened)[1]);
    } else if (expected.empty() || expected.back() != token[0]) {
      return "F";
    } else {
      expected.pop_back();
    }
  }
  return expected.empty() ? "T" : "P";
}

// Each kind of bracket for itself; the worst state of any kind.
inline std::string ShuffleDyckState(const Tokens& prefix, const Pairs& pairs) {
  std::string worst = "T";
  for (const std::string& pair : pairs) {
    Tokens of_kind;
    for (const std::string& token : prefix) {
      if (pair.find(token) != std::string::npos) of_kind.push_back(token);
    }
    const std::string state = DyckState(of_kind, {pair});
    if (state == "F") return "F";
    if (state == "P") worst = "P";
  }
  return worst;
}

inline std::int64_t Balance(const Tokens& prefix) {
  return NumEqual(prefix, "(") - NumEqual(prefix, ")");
}

// A mean of one value is that value, an int; of several it is a float.
inline Atom MeanBalance(const Tokens& prefix) {
  if (prefix.size() == 1) return Balance(prefix);
  return static_cast<double>(Balance(prefix)) / static_cast<double>(prefix.size());
}

// --------------------------------------------------------------------------------------- addition

// The sum of two decimal numbers without leading zeros, from the right, with a carry.
inline std::string Add(std::string a, std::string b) {
  std::string sum;
  int carry = 0;
  while (!a.empty() || !b.empty() || carry > 0) {
    for (std::string* number : {&a, &b}) {
      if (number->empty()) continue;
      carry += number->back() - '0';
      number->pop_back();
    }
    sum.insert(sum.begin(), static_cast<char>('0' + carry % 10));
    carry /= 10;
  }
  sum.erase(0, sum.find_first_not_of('0'));
  return sum.empty() ? "0" : sum;
}

inline Output LongSum(const Tokens& tokens) {
  if (NumEqual(tokens, "+") != 1) return Output(tokens.size(), Atom("?"));
  std::string numbers[2];
  int which = 0;
  for (const std::string& token : tokens) {
    if (token == "+") {
      which = 1;
    } else {
      numbers[which] += token;
    }
  }
  const std::string sum = Add(numbers[0], numbers[1]);
  Output output(tokens.size() - sum.size(), Atom("_"));
  for (const char digit : sum) output.push_back(Atom(std::string(1, digit)));
  return output;
}

// ------------------------------------------------------------------------------- what is generated

inline Output CopyAndMark(const Tokens& tokens) {
  Output generated = AsOutput(tokens);
  generated.push_back(Atom("|"));
  return generated;
}

inline Output ReverseAndMark(const Tokens& tokens) {
  Output generated = Reversed(tokens);
  generated.push_back(Atom("|"));
  return generated;
}

inline Output ParitySteps(const Tokens& tokens) {
  Output generated;
  bool odd = false;
  for (const std::string& token : tokens) {
    if (token == "1") odd = !odd;
    generated.push_back(Atom(odd ? "o" : "e"));
  }
  generated.push_back(Atom(odd ? "odd" : "even"));
  return generated;
}

// The number as a whole, of every prefix.
inline Output RemainderSteps(const Tokens& tokens) {
  Output generated;
  std::string digits;
  std::int64_t remainder = 0;
  for (const std::string& token : tokens) {
    digits += token;
    remainder = std::stoll(digits, nullptr, 2) % 10;
    generated.push_back(Atom("r" + std::to_string(remainder)));
  }
  generated.push_back(Atom(remainder == 0 ? "yes" : "no"));
  return generated;
}

// ---------------------------------------------------------------------------------------- the list

inline Definition Dyck(const Pairs& pairs) {
  return OfPrefixes([pairs](const Tokens& prefix) { return DyckState(prefix, pairs); });
}

// By the name of the program's file.
inline const std::map<std::string, Definition>& All() {
  static const std::map<std::string, Definition> all = {
      {"balance", OfPrefixes(Balance)},
      {"caesar", AtEach(ThreeLettersOn)},
      {"copy_generate", CopyAndMark},
      {"count_less_freq", Everywhere(NumRare)},
      {"detect_pattern", OfPrefixes(EndsInAbc)},
      {"double_histogram", AtEach(NumTokensAsFrequent)},
      {"dyck1", Dyck({"()"})},
      {"dyck2", Dyck({"()", "[]"})},
      {"dyck3", Dyck({"()", "[]", "{}"})},
      {"first_occurrence", AtEach(IsFirst)},
      {"histogram", AtEach(CountHere)},
      {"induction", OfPrefixes(WhatFollowedBefore)},
      {"last_occurrence", AtEach(LastIndex)},
      {"length",
       Everywhere([](const Tokens& tokens) { return static_cast<std::int64_t>(tokens.size()); })},
      {"long_addition", LongSum},
      {"majority", Everywhere([](const Tokens& tokens) {
         return NumEqual(tokens, "y") > NumEqual(tokens, "n");
       })},
      {"most_frequent", Everywhere(MostFrequent)},
      {"pair_balance", OfPrefixes(MeanBalance)},
      {"palindrome", Everywhere(IsPalindrome)},
      {"parity", Everywhere([](const Tokens& tokens) { return NumEqual(tokens, "1") % 2; })},
      {"parity_generate", ParitySteps},
      {"remainder_generate", RemainderSteps},
      {"reverse", Reversed},
      {"reverse_generate", ReverseAndMark},
      {"shift", AtEach(TokenBefore)},
      {"shuffle_dyck", OfPrefixes([](const Tokens& prefix) {
         return ShuffleDyckState(prefix, {"()", "[]"});
       })},
      {"shuffle_dyck2", Everywhere([](const Tokens& tokens) {
         return ShuffleDyckState(tokens, {"()", "{}"}) == "T";
       })},
      {"sort", Sorted},
      {"sort_by_frequency", SortedByFrequency},
  };
  return all;
}

}  // namespace raspc::definitions

// The words that a cell is tried on.
#include "lab/suite/suite_words.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/lab/problem_testing.h"

namespace raspc {
namespace {

TEST_CASE("the words of a cell are all short ones, repeated ones, and balanced draws") {
  const Problem dyck = ProblemOf("dyck(2,2)");
  AllWords all(dyck, 3);
  std::vector<Word> words;
  for (auto some = all.Next(10); !some.empty(); some = all.Next(10)) {
    words.insert(words.end(), some.begin(), some.end());
  }
  CHECK(words.size() == 64);
  CHECK(std::is_sorted(words.begin(), words.end()));
  CHECK(AllWords(dyck, 0).Next(10) == std::vector<Word>{{}});
  CHECK(NumWordsUpTo(4, 8, 100'000) == 87'381);
  CHECK(NumWordsUpTo(10, 1000, 100'000) == 100'001);
  Diagnostics diag;
  const auto source = dyck.make_sampler(40, {}, diag);
  DrawnWords drawn(dyck, *source, 40, 1, "test"), again(dyck, *source, 40, 1, "test"),
      other(dyck, *source, 40, 2, "test");
  const std::vector<Word> first = drawn.Next(40);
  CHECK(first == again.Next(40));
  CHECK(first != other.Next(40));
  CHECK(std::count_if(first.begin(), first.end(), dyck.decide) == 20);
  for (const Word& word : RepeatedWords(dyck, 7, 8)) CHECK(word.size() == 7);
  CHECK(RepeatedWords(dyck, 7, 8).size() == 8);
  // Lengths with members are among those that words are drawn of.
  const std::vector<int> lengths = LengthsToDraw(dyck, *source, 5, {3, 31, 33}, false);
  CHECK(std::count(lengths.begin(), lengths.end(), 33) == 1);
  CHECK(std::count(lengths.begin(), lengths.end(), 32) == 1);
  CHECK(std::count(lengths.begin(), lengths.end(), 31) == 1);
  CHECK(lengths.front() >= 5);
  CHECK(LengthsToDraw(dyck, *source, 5, {33}, true).size() == 29);
}

}  // namespace
}  // namespace raspc

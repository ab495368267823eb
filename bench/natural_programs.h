// Programs of the kinds that people write: statistics, counting, brackets, text fields, ranks,
// n-grams, dates. Their sizes are measured (bench/natural_bench.cc) and kept
// (tests/compiler/natural_programs_test.cc).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/load/load_program.h"

namespace raspc {

struct NaturalProgram {
  std::string name;
  std::string vocabulary;  // as in the directive `vocab`
  std::string statements;  // the last s-op assigned is the output
};

inline const std::vector<NaturalProgram>& NaturalPrograms() {
  static const std::string kDigits = "\"0123456789\"";
  static const std::string kUp = "up = select(indices, indices, <=);\n";
  static const std::vector<NaturalProgram> programs = {
      // Sums modulo m.
      {"isbn10", kDigits,
       kUp + "weighted = (indices + 1) * tokens_int;\n"
             "sums = round((indices + 1) * aggregate(up, weighted));\n"
             "valid = sums % 11 == 0;\n"},
      {"isbn13", kDigits,
       "weights = 1 if indices % 2 == 0 else 3;\n"
       "valid = round(length * average(weights * tokens_int)) % 10 == 0;\n"},
      {"weighted_sum_mod_97", kDigits,
       "x = round(length * average((indices + 1) * tokens_int)) % 97;\n"},
      {"luhn", kDigits,
       "from_right = length - 1 - indices;\n"
       "twice = 2 * tokens_int;\n"
       "folded = twice - 9 if twice > 9 else twice;\n"
       "digit = folded if from_right % 2 == 1 else tokens_int;\n"
       "valid = round(length * average(digit)) % 10 == 0;\n"},
      {"prefix_sum_mod_10", kDigits,
       kUp + "x = round((indices + 1) * aggregate(up, tokens_int)) % 10;\n"},
      {"prefix_sum_mod_7_of_squares", kDigits,
       kUp + "x = round((indices + 1) * aggregate(up, tokens_int ^ 2)) % 7;\n"},
      {"remainder_of_number", "\"01\"",
       "powers = [1, 2, 4];\n"
       "weight = powers[(length - 1 - indices) % 3];\n"
       "x = round(length * average(weight * tokens_int)) % 7;\n"},
      {"checksum_letters", "\"abcdefghijklmnopqrstuvwxyz\"",
       "value = {\"abcdefghijklmnopqrstuvwxyz\"[i]: i for i in range(26)};\n"
       "x = round(length * average((indices + 1) * value[tokens])) % 26;\n"},
      // Runs.
      {"longest_run", "\"abc\"",
       "prev = aggregate(select(indices, indices - 1, ==), tokens, \"\");\n"
       "starts = tokens != prev;\n"
       "run = selector_width(select(indices, indices, <=) and select(starts, True, ==));\n"
       "same_run = select(run, run, ==);\n"
       "run_length = selector_width(same_run);\n"
       "longer = select(run_length, run_length, >);\n"
       "is_longest = selector_width(longer) == 0;\n"
       "longest = round(aggregate(select(is_longest, True, ==), run_length));\n"},
      {"position_in_run", "\"ab\"",
       "prev = aggregate(select(indices, indices - 1, ==), tokens, \"\");\n"
       "starts = indicator(tokens != prev);\n"
       "run = selector_width(select(indices, indices, <=) and select(starts, 1, ==));\n"
       "place = selector_width(select(run, run, ==) and select(indices, indices, <));\n"},
      {"run_length_encoding", "\"abc\"",
       "prev = aggregate(select(indices, indices - 1, ==), tokens, \"\");\n"
       "starts = tokens != prev;\n"
       "run = selector_width(select(indices, indices, <=) and select(starts, True, ==));\n"
       "lengths = selector_width(select(run, run, ==));\n"
       "head = select(run, indices + 1, ==) and select(starts, True, ==);\n"
       "x = aggregate(head, lengths, 0);\n"},
      {"longest_word", "\"ab \"",
       "is_space = tokens == \" \";\n"
       "word = selector_width(select(indices, indices, <=) and select(is_space, True, ==));\n"
       "in_word = select(word, word, ==) and select(is_space, False, ==);\n"
       "size = selector_width(in_word);\n"
       "longest = selector_width(select(size, size, >)) == 0;\n"
       "x = tokens if longest and not is_space else \" \";\n"},
      // Duplicates.
      {"remove_duplicates", "\"abcd\"",
       "earlier = select(tokens, tokens, ==) and select(indices, indices, <);\n"
       "is_new = not has_focus(earlier);\n"
       "place = selector_width(select(is_new, True, ==) and select(indices, indices, <));\n"
       "x = aggregate(select(place, indices, ==) and select(is_new, True, ==), tokens, \"\");\n"},
      {"remove_duplicates_by_shift", "\"abcd\"",
       "earlier = select(tokens, tokens, ==) and select(indices, indices, <);\n"
       "is_old = has_focus(earlier);\n"
       "shift_by = selector_width(select(is_old, True, ==) and select(indices, indices, <));\n"
       "target = indices - shift_by;\n"
       "x = aggregate(select(target, indices, ==) and select(is_old, False, ==), tokens, \"\");\n"},
      {"remove_repeats_then_shift", "\"abc\"",
       "prev = aggregate(select(indices, indices - 1, ==), tokens, \"\");\n"
       "keep = tokens != prev;\n"
       "place = selector_width(select(keep, True, ==) and select(indices, indices, <));\n"
       "squeezed = aggregate(select(place, indices, ==) and select(keep, True, ==), tokens, \"\");\n"
       "x = aggregate(select(indices, indices - 2, ==), squeezed, \"\");\n"},
      {"remove_spaces", "\"ab \"",
       "keep = tokens != \" \";\n"
       "place = selector_width(select(keep, True, ==) and select(indices, indices, <));\n"
       "x = aggregate(select(place, indices, ==) and select(keep, True, ==), tokens, \" \");\n"},
      // Inversions.
      {"inversions_parity", kDigits,
       "larger_before = select(tokens_int, tokens_int, >) and select(indices, indices, <);\n"
       "x = round(length * average(selector_width(larger_before))) % 2;\n"},
      {"inversions_parity_of_letters", "\"abc\"",
       "larger_before = select(tokens, tokens, >) and select(indices, indices, <);\n"
       "here = selector_width(larger_before);\n"
       "x = round(length * average(here % 2)) % 2 == 0;\n"},
      {"inversions", "\"abcd\"",
       "larger_before = select(tokens, tokens, >) and select(indices, indices, <);\n"
       "x = round(length * average(selector_width(larger_before)));\n"},
      // Ties.
      {"most_common_first", "\"abcd\"",
       "counts = selector_width(select(tokens, tokens, ==));\n"
       "key = counts * 100 - indices;\n"
       "place = selector_width(select(key, key, >));\n"
       "x = aggregate(select(place, 0, ==), tokens);\n"},
      {"sort_by_count_ties_first", "\"abcd\"",
       "counts = selector_width(select(tokens, tokens, ==));\n"
       "key = counts * 100 - indices;\n"
       "place = selector_width(select(key, key, >));\n"
       "x = aggregate(select(place, indices, ==), tokens);\n"},
      {"rank_with_ties", kDigits,
       "x = selector_width(select(tokens_int, tokens_int, <)) + 1;\n"},
      {"dense_rank", kDigits,
       "seen = select(tokens_int, tokens_int, ==) and select(indices, indices, <);\n"
       "is_first = not has_focus(seen);\n"
       "smaller = select(tokens_int, tokens_int, <) and select(is_first, True, ==);\n"
       "x = selector_width(smaller) + 1;\n"},
      {"median", kDigits,
       "before = select(tokens_int, tokens_int, <) or\n"
       "         (select(tokens_int, tokens_int, ==) and select(indices, indices, <));\n"
       "place = selector_width(before);\n"
       "x = aggregate(select(2 * place, length - length % 2, ==), tokens_int);\n"},
      {"third_largest", kDigits,
       "above = select(tokens_int, tokens_int, >) or\n"
       "        (select(tokens_int, tokens_int, ==) and select(indices, indices, <));\n"
       "place = selector_width(above);\n"
       "x = aggregate(select(place, 2, ==), tokens_int, -1);\n"},
      {"most_frequent_letter", "\"abcd\"",
       "counts = selector_width(select(tokens, tokens, ==));\n"
       "best = selector_width(select(counts, counts, >)) == 0;\n"
       "x = tokens if best else \"-\";\n"},
      {"least_frequent_letter", "\"abcd\"",
       "counts = selector_width(select(tokens, tokens, ==));\n"
       "x = selector_width(select(counts, counts, <)) == 0;\n"},
      // Brackets.
      {"brackets_by_fractions", "\"()[]{}\"",
       kUp + "d1 = aggregate(up, indicator(tokens == \"(\")) - aggregate(up, indicator(tokens == \")\"));\n"
             "d2 = aggregate(up, indicator(tokens == \"[\")) - aggregate(up, indicator(tokens == \"]\"));\n"
             "d3 = aggregate(up, indicator(tokens == \"{\")) - aggregate(up, indicator(tokens == \"}\"));\n"
             "bad = d1 < 0 or d2 < 0 or d3 < 0;\n"
             "ends = d1 == 0 and d2 == 0 and d3 == 0;\n"
             "x = ends and not bad;\n"},
      {"brackets_of_three_kinds", "\"()[]{}\"",
       kUp + "def balance(l, r) {\n"
             "  return aggregate(up, indicator(tokens == l)) - aggregate(up, indicator(tokens == r));\n"
             "}\n"
             "a = balance(\"(\", \")\");\n"
             "b = balance(\"[\", \"]\");\n"
             "c = balance(\"{\", \"}\");\n"
             "some_below = a < 0 or b < 0 or c < 0;\n"
             "any_below = has_focus(select(some_below, True, ==));\n"
             "all_zero = a == 0 and b == 0 and c == 0;\n"
             "last_zero = aggregate(select(indices, length - 1, ==), all_zero);\n"
             "ok = last_zero and not any_below;\n"},
      {"brackets_by_counts", "\"()[]\"",
       kUp + "def opened(l, r) {\n"
             "  return selector_width(up and select(tokens, l, ==)) -\n"
             "         selector_width(up and select(tokens, r, ==));\n"
             "}\n"
             "a = opened(\"(\", \")\");\n"
             "b = opened(\"[\", \"]\");\n"
             "x = \"bad\" if a < 0 or b < 0 else (\"closed\" if a == 0 and b == 0 else \"open\");\n"},
      {"bracket_depth", "\"()\"",
       kUp + "depth = selector_width(up and select(tokens, \"(\", ==)) -\n"
             "        selector_width(up and select(tokens, \")\", ==));\n"
             "x = depth + 1 if tokens == \")\" else depth;\n"},
      {"deepest_bracket", "\"()\"",
       kUp + "depth = selector_width(up and select(tokens, \"(\", ==)) -\n"
             "        selector_width(up and select(tokens, \")\", ==));\n"
             "x = selector_width(select(depth, depth, >)) == 0;\n"},
      {"matching_bracket", "\"()\"",
       kUp + "depth = selector_width(up and select(tokens, \"(\", ==)) -\n"
             "        selector_width(up and select(tokens, \")\", ==));\n"
             "level = depth + 1 if tokens == \")\" else depth;\n"
             "later = select(level, level, ==) and select(tokens, \")\", ==) and\n"
             "        select(indices, indices, >);\n"
             "x = has_focus(later);\n"},
      // Rotations and places.
      {"rotate_by_count", "\"abc\"",
       "n = count(tokens, \"a\");\n"
       "x = aggregate(select(indices, (indices + n) % length, ==), tokens);\n"},
      {"rotate_right_by_count", "\"abc\"",
       "n = count(tokens, \"a\");\n"
       "from = indices - n;\n"
       "place = from if from >= 0 else from + length;\n"
       "x = aggregate(select(indices, place, ==), tokens);\n"},
      {"shift_by_count", "\"abc\"",
       "n = count(tokens, \"a\");\n"
       "x = aggregate(select(indices + n, indices, ==), tokens, \"-\");\n"},
      {"turn", "\"ab\"",
       "turn = select(indices, indices + length - 1, ==) or select(indices, indices - 1, ==);\n"
       "x = aggregate(turn, tokens);\n"},
      {"swap_halves", "\"abc\"",
       "half = length / 2;\n"
       "there = select(indices, indices + half, ==) or select(indices, indices - half, ==);\n"
       "x = aggregate(there, tokens, \"-\");\n"},
      {"mirror_around_mark", "\"abc$\"",
       "d = aggregate(select(tokens, \"$\", ==), indices);\n"
       "near = select(indices, d, <=) and select(indices, indices, ==);\n"
       "back = select(indices, d, <) and select(indices, d * 2 - indices, ==);\n"
       "s = aggregate(near or back, tokens, \"\");\n"},
      {"mean_or_index", "\"abcd\"",
       "a = aggregate(select(tokens, \"a\", ==), indices);\n"
       "x = a if tokens == \"b\" else indices;\n"},
      {"field_after_mark", "\"ab|\"",
       "m = aggregate(select(tokens, \"|\", ==), indices);\n"
       "x = tokens if indices > m else \"\";\n"},
      {"second_field", "\"ab,\"",
       "field = selector_width(select(indices, indices, <=) and select(tokens, \",\", ==));\n"
       "place = selector_width(select(field, field, ==) and select(indices, indices, <));\n"
       "here = select(field, 1, ==) and select(place, indices + 1, ==);\n"
       "x = aggregate(here, tokens, \"\");\n"},
      {"words", "\"ab \"",
       "prev = aggregate(select(indices, indices - 1, ==), tokens, \" \");\n"
       "starts = tokens != \" \" and prev == \" \";\n"
       "x = selector_width(select(starts, True, ==));\n"},
      // Dates.
      {"date_fields", "\"0123456789-\"",
       "field = selector_width(select(indices, indices, <=) and select(tokens, \"-\", ==));\n"
       "place = selector_width(select(field, field, ==) and select(indices, indices, >));\n"
       "digit = {\"0123456789-\"[i]: i % 10 for i in range(11)};\n"
       "power = [1, 10, 100, 1000];\n"
       "value = digit[tokens] * power[place] if place < 4 else 0;\n"
       "x = round(aggregate(select(field, field, ==), value) *\n"
       "          selector_width(select(field, field, ==)));\n"},
      {"day_of_year", "\"0123456789\"",
       "d = [tokens_int[i] for i in range(4)];\n"
       "month = 10 * d[0] + d[1];\n"
       "day = 10 * d[2] + d[3];\n"
       "before = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];\n"
       "x = before[month] + day if month < 13 else 0;\n"},
      {"leap_year", "\"0123456789\"",
       "d = [tokens_int[i] for i in range(4)];\n"
       "century = 10 * d[0] + d[1];\n"
       "year = 10 * d[2] + d[3];\n"
       "leap = (year % 4 == 0 and year != 0) or (year == 0 and century % 4 == 0);\n"},
      // N-grams.
      {"bigram_count", "\"abc\"",
       "prev = aggregate(select(indices, indices - 1, ==), tokens, \"\");\n"
       "x = selector_width(select(tokens, tokens, ==) and select(prev, prev, ==));\n"},
      {"trigram_seen_before", "\"abc\"",
       "one = aggregate(select(indices, indices - 1, ==), tokens, \"\");\n"
       "two = aggregate(select(indices, indices - 2, ==), tokens, \"\");\n"
       "gram = two + one + tokens;\n"
       "x = has_focus(select(gram, gram, ==) and select(indices, indices, <));\n"},
      {"most_frequent_bigram", "\"abc\"",
       "prev = aggregate(select(indices, indices - 1, ==), tokens, \"\");\n"
       "gram = prev + tokens;\n"
       "n = selector_width(select(gram, gram, ==));\n"
       "x = selector_width(select(n, n, >)) == 0;\n"},
      // Statistics.
      {"count_fractions", "\"abc\"",
       "x = count(tokens, \"a\") / length > count(tokens, \"b\") / (count(tokens, \"c\") + 1);\n"},
      {"deviation", kDigits, "x = tokens_int - average(tokens_int);\n"},
      {"above_average", kDigits, "x = tokens_int > average(tokens_int);\n"},
      {"mean_of_digits", kDigits, "x = average(tokens_int);\n"},
      {"rounded_mean", kDigits, "x = round(average(tokens_int));\n"},
      {"gini_index", "\"abc\"",
       "def part(c) {\n  return average(indicator(tokens == c));\n}\n"
       "x = 1 - part(\"a\") ^ 2 - part(\"b\") ^ 2 - part(\"c\") ^ 2;\n"},
      {"majority_so_far", "\"ab\"", kUp + "x = aggregate(up, indicator(tokens == \"a\")) > 0.5;\n"},
      {"fraction_so_far", "\"ab\"", kUp + "x = aggregate(up, indicator(tokens == \"a\"));\n"},
      {"running_sum_above", kDigits, kUp + "x = aggregate(up, tokens_int) * (indices + 1) > 20;\n"},
      {"range_of_digits", kDigits,
       "top = selector_width(select(tokens_int, tokens_int, >)) == 0;\n"
       "low = selector_width(select(tokens_int, tokens_int, <)) == 0;\n"
       "x = aggregate(select(top, True, ==), tokens_int) -\n"
       "    aggregate(select(low, True, ==), tokens_int);\n"},
      {"variance_above", "[0, 1, 2, 3]",
       "m = average(tokens_int);\n"
       "x = average((tokens_int - m) ^ 2);\n"},
      {"moving_average", kDigits,
       "near = select(indices, indices, <=) and select(indices, indices - 3, >);\n"
       "x = aggregate(near, tokens_int);\n"},
      {"mean_where", kDigits,
       "x = aggregate(select(tokens_int, 4, >), tokens_int, 0);\n"},
      {"three_counts", "\"abc\"",
       "a = count(tokens, \"a\");\nb = count(tokens, \"b\");\nc = count(tokens, \"c\");\n"
       "x = a if indices % 3 == 0 else (b if indices % 3 == 1 else c);\n"},
      {"max_of_counts", "\"ab\"",
       "x = max(count(tokens, \"a\"), count(tokens, \"b\")) / length;\n"},
      {"difference_of_counts", "\"abc\"",
       "x = count(tokens, \"a\") - 2 * count(tokens, \"b\");\n"},
      {"equal_counts", "\"abc\"",
       "a = count(tokens, \"a\");\nb = count(tokens, \"b\");\nc = count(tokens, \"c\");\n"
       "x = a == b and b == c;\n"},
      {"product_of_counts", "\"abc\"",
       "x = count(tokens, \"a\") * count(tokens, \"b\") == count(tokens, \"c\");\n"},
      {"anagram_halves", "\"ab|\"",
       "m = aggregate(select(tokens, \"|\", ==), indices);\n"
       "left = selector_width(select(indices, m, <) and select(tokens, \"a\", ==));\n"
       "right = selector_width(select(indices, m, >) and select(tokens, \"a\", ==));\n"
       "x = left == right;\n"},
      {"palindrome_by_words", "\"abc\"",
       "there = aggregate(select(indices, length - 1 - indices, ==), tokens);\n"
       "x = average(indicator(there == tokens)) == 1;\n"},
      {"hamming_distance", "\"01\"",
       "half = round(length / 2);\n"
       "other = aggregate(select(indices, indices + half, ==), tokens, \"\");\n"
       "x = selector_width(select(other != tokens and indices < half, True, ==));\n"},
      {"next_identical", "\"abc\"", "x = aggregate(select_next_identical(tokens), indices, -1);\n"},
      {"sorted_digits", kDigits, "x = sort(tokens_int, 0 - tokens_int);\n"},
      {"every_third", "\"abc\"",
       "x = aggregate(select(indices, 3 * indices, ==), tokens, \"\");\n"},
      {"binary_number", "\"01\"",
       "place = length - 1 - indices;\n"
       "power = [2 ^ i for i in range(16)];\n"
       "x = round(length * average(tokens_int * power[place] if place < 16 else 0));\n"},
  };
  return programs;
}

inline std::string TextOf(const NaturalProgram& program) {
  return "#@ vocab: " + program.vocabulary + "\n" + program.statements;
}

inline std::optional<Model> CompileNatural(const NaturalProgram& program, Target target,
                                           std::int64_t max_length, Diagnostics& diag) {
  LoadOptions options;
  options.overrides.max_length = max_length;
  options.overrides.target = target;
  const auto source = std::make_shared<const SourceText>(program.name + ".rasp", TextOf(program));
  const auto loaded = LoadProgram(source, options, diag);
  if (!loaded) return std::nullopt;
  return Compile(*loaded, diag);
}

}  // namespace raspc

// Compiles random programs and compares the weights with the interpreter.
//
// The bounded run is part of the tests. The long one, tagged [.long], is controlled by environment
// variables: RASPC_RANDOM_SEED (1), RASPC_RANDOM_COUNT (5000), RASPC_RANDOM_SECONDS (no limit).
// Programs are numbered, so a fault is found again by its number: seed = the number, count = 1.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <map>

#include "tests/compiler/check_random_program.h"
#include "tests/compiler/random_mean_program.h"

namespace raspc {
namespace {

using Kind = CheckOutcome::Kind;

#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kNumPrograms = 400;
#else
constexpr std::uint64_t kNumPrograms = 25;
#endif
constexpr double kShrinkSeconds = 60;
constexpr int kMaxFaults = 5;

struct Counts {
  std::int64_t programs = 0, agree = 0, refused = 0, invalid = 0, faults = 0, in_float64 = 0;
  std::int64_t without_value = 0;  // compiled, but the interpreter failed on every input
  std::int64_t compared = 0, skipped = 0;
  std::int64_t warned = 0, shown = 0;  // expressions that may fail
  std::map<std::string, int> refusals;
};

void Count(const CheckOutcome& outcome, Counts& counts) {
  ++counts.programs;
  counts.compared += outcome.compared;
  counts.skipped += outcome.skipped;
  counts.warned += outcome.warned;
  counts.shown += outcome.shown;
  counts.in_float64 += outcome.is_double;
  switch (outcome.kind) {
    case Kind::kAgrees:
      ++(outcome.compared > 0 ? counts.agree : counts.without_value);
      break;
    case Kind::kRefused:
      ++counts.refused;
      ++counts.refusals[outcome.fault];
      break;
    case Kind::kInvalid:
      ++counts.invalid;
      break;
    case Kind::kFault:
      ++counts.faults;
      break;
  }
}

void Print(const Counts& counts, std::uint64_t seed) {
  std::cout << fmt::format(
      "random programs from number {}: {}; equal {} ({} of them in float64), without a value {}, "
      "refused {}, no programs {}, faults {}; inputs compared {}, skipped {}; "
      "{} expressions may fail, {} of them shown to\n",
      seed, counts.programs, counts.agree, counts.in_float64, counts.without_value, counts.refused,
      counts.invalid, counts.faults, counts.compared, counts.skipped, counts.warned, counts.shown);
  for (const auto& [reason, count] : counts.refusals) {
    std::cout << fmt::format("  refused: {} ({})\n", reason, count);
  }
}

// One kind of programs, and the length up to which all their inputs are compared.
struct Source {
  RandomProgram (*make)(std::uint64_t seed);
  std::int64_t exhaustive_length;
};
constexpr Source kAnyPrograms{MakeRandomProgram, kUsualExhaustiveLength};
constexpr Source kFloatPrograms{MakeRandomFloatProgram, 4};
constexpr Source kMeanPrograms{MakeRandomMeanProgram, 4};

template <RandomProgram (*make)(std::uint64_t)>
RandomProgram MakeRational(std::uint64_t seed) {
  RandomProgram program = make(seed);
  program.arithmetic = ArithmeticKind::kRational;
  return program;
}
constexpr Source kRationalPrograms{MakeRational<MakeRandomProgram>, kUsualExhaustiveLength};
constexpr Source kRationalFloatPrograms{MakeRational<MakeRandomFloatProgram>, 4};
constexpr Source kRationalMeanPrograms{MakeRational<MakeRandomMeanProgram>, 4};

Counts CheckPrograms(const Source& source, std::uint64_t seed, std::uint64_t count,
                     double seconds) {
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  Counts counts;
  for (std::uint64_t i = 0; i < count && elapsed() < seconds; ++i) {
    const RandomProgram program = source.make(seed + i);
    const CheckOutcome outcome = CheckProgram(program, source.exhaustive_length);
    Count(outcome, counts);
    if (outcome.kind != Kind::kFault) continue;
    const RandomProgram small =
        Shrink(program, outcome.fault, kShrinkSeconds, source.exhaustive_length);
    const CheckOutcome again = CheckProgram(small, source.exhaustive_length);
    FAIL_CHECK("program " << seed + i << ": "
                          << Describe(small, again.kind == Kind::kFault ? again : outcome,
                                      source.exhaustive_length));
    if (counts.faults >= kMaxFaults) break;
  }
  Print(counts, seed);
  return counts;
}

double FromEnvironment(const char* name, double otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtod(text, nullptr);
}

TEST_CASE("random programs compile to weights that agree with the interpreter") {
  const Counts counts =
      CheckPrograms(kAnyPrograms, 1, kNumPrograms, std::numeric_limits<double>::infinity());
  CHECK(counts.faults == 0);
  // The generator is useful: all but a few programs trace, and most are compared.
  CHECK(20 * counts.invalid < counts.programs);
  CHECK(2 * counts.agree > counts.programs);
}

TEST_CASE("random programs of floats that cancel agree with the interpreter") {
  const Counts counts =
      CheckPrograms(kFloatPrograms, 1, kNumPrograms, std::numeric_limits<double>::infinity());
  CHECK(counts.faults == 0);
  CHECK(20 * counts.invalid < counts.programs);
  CHECK(10 * counts.agree > 9 * counts.programs);
  // Of a few programs, as under sanitizers, one refused is already more than 3 %.
  CHECK(100 * counts.refused < 3 * counts.programs + 100);
}

TEST_CASE("random programs of numbers that cannot be listed agree with the interpreter") {
  const Counts counts =
      CheckPrograms(kMeanPrograms, 1, kNumPrograms, std::numeric_limits<double>::infinity());
  CHECK(counts.faults == 0);
  CHECK(counts.invalid == 0);
  CHECK(100 * counts.refused < counts.programs + 100);
}

TEST_CASE("random programs in rational arithmetic agree with the interpreter") {
  for (const Source& source : {kRationalPrograms, kRationalFloatPrograms, kRationalMeanPrograms}) {
    const Counts counts =
        CheckPrograms(source, 1, kNumPrograms * 3 / 4, std::numeric_limits<double>::infinity());
    CHECK(counts.faults == 0);
    CHECK(2 * counts.agree > counts.programs);
  }
}

void CheckAsAsked(const Source& source) {
  const auto seed = static_cast<std::uint64_t>(FromEnvironment("RASPC_RANDOM_SEED", 1));
  const auto count = static_cast<std::uint64_t>(FromEnvironment("RASPC_RANDOM_COUNT", 5000));
  const double seconds =
      FromEnvironment("RASPC_RANDOM_SECONDS", std::numeric_limits<double>::infinity());
  CHECK(CheckPrograms(source, seed, count, seconds).faults == 0);
}

TEST_CASE("as many random programs as one likes", "[.long]") { CheckAsAsked(kAnyPrograms); }
TEST_CASE("as many random programs of floats as one likes", "[.long]") {
  CheckAsAsked(kFloatPrograms);
}

TEST_CASE("as many random programs of unlisted numbers as one likes", "[.long]") {
  CheckAsAsked(kMeanPrograms);
}
TEST_CASE("as many random programs in rational arithmetic as one likes", "[.long]") {
  CheckAsAsked(kRationalFloatPrograms);
  CheckAsAsked(kRationalMeanPrograms);
}

}  // namespace
}  // namespace raspc

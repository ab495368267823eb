// The suite: its results for programs that are right, wrong, refused and too large, and that a run
// is the same in parts and with any number of threads.
#include "lab/suite/suite.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "lab/run/compile_generated_program.h"
#include "lab/suite/suite_json.h"
#include "lab/suite/suite_report.h"
#include "lab/suite/suite_table.h"
#include "tests/lab/problem_testing.h"
#include "tests/lab/suite/suite_run_testing.h"
#include "tests/lab/suite/suite_testing.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

// Fails make_program with the kind for words of more than `from` symbols.
std::function<void(Problem&)> Failing(ErrorKind kind, std::int64_t from) {
  return [kind, from](Problem& problem) {
    const auto make = problem.make_program;
    problem.make_program = [make, kind, from](
                               const GeneratedProgramOptions& options,
                               Diagnostics& diag) -> std::optional<GeneratedProgram> {
      if (options.max_length <= from) return make(options, diag);
      diag.Error(kind, {}, "planted");
      return std::nullopt;
    };
  };
}

// What must be equal for equal runs.
Json JsonOf(const SuiteResult& result) { return WithoutSeconds(Json::parse(SuiteJson(result))); }

void ExpectCell(const CellResult& cell, Observed observed, bool match) {
  INFO(cell.message.value_or("no message"));
  CHECK(ObservedName(cell.observed) == ObservedName(observed));
  CHECK(cell.match == match);
}

TEST_CASE("a run of right programs solves every cell and says on which words") {
  const SuiteResult report = RunOf({Named("parity"), Named("a5_point")}, SmallOptions());
  CHECK(IsComplete(report));
  CHECK(MismatchesOf(report).empty());
  CHECK(CountsOf(report).solved == 6);
  CHECK(CountsOf(report).refused == 2);
  const ProblemResult& parity = report.problems[0];
  const CellResult& direct = parity.By(Mechanism::kDirect);
  ExpectCell(direct, Observed::kSolved, true);
  CHECK(direct.max_length == 8);
  CHECK(direct.exhaustive_to == 4);
  REQUIRE(direct.lengths.size() >= 7);
  CHECK(direct.lengths[4].words == 16);
  CHECK(direct.lengths[4].members == 8);
  CHECK(direct.lengths[4].exhaustive);
  CHECK(direct.lengths.back().length == 8);
  CHECK_FALSE(direct.lengths.back().exhaustive);
  CHECK(direct.lengths.back().words >= 8);
  CHECK(direct.resources.size() == 6);
  CHECK(direct.interpreted.value().words > 10);
  CHECK(parity.By(Mechanism::kCot).resources[5].steps == 9);
  CHECK(parity.By(Mechanism::kLogDepth).rounds[0].expected_first_failure == 3);
  CHECK(parity.By(Mechanism::kLogDepth).rounds[1].first_failing_length == 5);
  CHECK(parity.failing_pairs.size() >= 1);
  for (const PairResult& pair : parity.failing_pairs) CHECK(pair.holds);
  ExpectCell(report.problems[1].By(Mechanism::kDirect), Observed::kRefused, true);
  CHECK(report.problems[1].By(Mechanism::kDirect).theory.expectation ==
        Expectation::kConditionalNo);
}

TEST_CASE("a wrong program is a mismatch that names the word") {
  const SuiteProblem planted = Changed("parity", [](Problem& problem) {
    problem.make_program = ProblemOf("even_length").make_program;
  });
  const SuiteResult report = RunOf({planted, Named("first")}, SmallOptions());
  CHECK(CountsOf(report).failed == 4);
  const CellResult& direct = report.problems[0].By(Mechanism::kDirect);
  ExpectCell(direct, Observed::kFailed, false);
  CHECK(direct.first_failing_length == 1);
  CHECK(direct.first_wrong.value().word == "a");
  CHECK(direct.first_wrong.value().expected == "accept");
  CHECK(direct.first_wrong.value().got == "reject");
  CHECK(direct.lengths[1].accuracy == 0.5);
  CHECK(direct.lengths[1].accuracy_members == 0.0);
  CHECK(direct.lengths[1].accuracy_others == 1.0);
  REQUIRE(MismatchesOf(report).size() == 4);
  CHECK(MismatchesOf(report)[0] == "parity by direct: wrong on 'a': reject where accept is right");
  CHECK(SuiteTable(report).find("WRONG 1 !") != std::string::npos);
}

TEST_CASE("a program that is wrong for one of the smaller lengths alone is found") {
  const SuiteProblem planted = Changed("parity", [](Problem& problem) {
    problem.make_program = [right = problem.make_program,
                            wrong = ProblemOf("even_length").make_program](
                               const GeneratedProgramOptions& options, Diagnostics& diag) {
      return options.max_length == 5 ? wrong(options, diag) : right(options, diag);
    };
  });
  const SuiteResult report = RunOf({planted}, SmallOptions());
  ExpectCell(report.problems[0].By(Mechanism::kCot), Observed::kFailed, false);
}

TEST_CASE("theory at odds with a program is a mismatch either way") {
  const auto with_theory = [](Expectation expectation) {
    return [expectation](Problem& problem) {
      ProblemTheory changed = *problem.theory;
      for (MechanismTheory& theory : changed.mechanisms) theory.expectation = expectation;
      problem.theory = changed;
    };
  };
  const auto both = [&](Expectation expectation) {
    return RunOf({Changed("parity", with_theory(expectation)),
                  Changed("parity",
                          [&](Problem& problem) {
                            with_theory(expectation)(problem);
                            Failing(ErrorKind::kValue, 0)(problem);
                          })},
                 SmallOptions());
  };
  const auto matches = [](const SuiteResult& report, int problem) {
    return report.problems[static_cast<std::size_t>(problem)].By(Mechanism::kDirect).match;
  };
  const SuiteResult yes = both(Expectation::kYes), no = both(Expectation::kNo),
                    conditional = both(Expectation::kConditionalNo),
                    open = both(Expectation::kNoClaim);
  CHECK((matches(yes, 0) && !matches(yes, 1)));
  CHECK((!matches(no, 0) && matches(no, 1)));
  CHECK((!matches(conditional, 0) && matches(conditional, 1)));
  CHECK((matches(open, 0) && matches(open, 1)));
  CHECK(MismatchesOf(yes).at(0) ==
        "parity by direct: theory says yes, observed is refused: planted");
}

TEST_CASE("what passes a limit is counted, and tried for shorter words") {
  const SuiteResult report = RunOf({Changed("parity", Failing(ErrorKind::kLimit, 4)),
                                    Changed("first", Failing(ErrorKind::kLimit, 0)),
                                    Changed("last", Failing(ErrorKind::kInternal, 4))},
                                   SmallOptions());
  const CellResult& shorter = report.problems[0].By(Mechanism::kDirect);
  ExpectCell(shorter, Observed::kSolved, true);
  CHECK(shorter.max_length == 3);
  REQUIRE(shorter.resources.size() == 3);
  CHECK(shorter.resources[0].max_length == 1);
  CHECK(shorter.resources[0].words > 0);
  CHECK(shorter.resources[2].max_length == 3);
  CHECK(shorter.beyond == "for words of up to 5 symbols: planted");
  ExpectCell(report.problems[1].By(Mechanism::kPad), Observed::kBeyondLimit, true);
  ExpectCell(report.problems[2].By(Mechanism::kDirect), Observed::kFailed, false);
  CHECK(CountsOf(report).beyond_limit == 4);
  CHECK(CountsOf(report).smaller == 4);
}

TEST_CASE("a problem that cannot be built, or throws, does not end the run") {
  const SuiteProblem broken{"broken", [](const LanguageLimits&, Diagnostics& diag) {
                              diag.Error(ErrorKind::kInput, {}, "no such thing");
                              return std::optional<Problem>();
                            }};
  const SuiteProblem throwing = Changed("parity", [](Problem& problem) {
    problem.make_program = [](const GeneratedProgramOptions&,
                              Diagnostics&) -> std::optional<GeneratedProgram> {
      throw std::runtime_error("planted");
    };
  });
  const SuiteProblem huge = Changed("first", [](Problem& problem) {
    problem.make_program = [](const GeneratedProgramOptions&,
                              Diagnostics&) -> std::optional<GeneratedProgram> {
      throw std::bad_alloc();
    };
  });
  const SuiteResult report = RunOf({broken, throwing, huge, Named("last")}, SmallOptions());
  CHECK_FALSE(IsComplete(report));
  const std::string why = "the problem cannot be built: no such thing";
  ExpectCell(report.problems[0].By(Mechanism::kCot), Observed::kNotRun, true);
  CHECK(report.problems[0].By(Mechanism::kCot).message == "not tried: " + why);
  CHECK(report.problems[0].definition == why);
  ExpectCell(report.problems[1].By(Mechanism::kDirect), Observed::kFailed, false);
  CHECK(report.problems[1].By(Mechanism::kDirect).message == "internal error: planted");
  ExpectCell(report.problems[2].By(Mechanism::kDirect), Observed::kNotRun, true);
  CHECK(report.problems[2].By(Mechanism::kDirect).message == "not tried: out of memory");
  SuiteResult only_cot = report;
  only_cot.options.by = {Mechanism::kCot};
  CHECK(NotTried(only_cot) == std::vector<std::string>{"broken by cot: not tried: " + why,
                                                       "first by cot: not tried: out of memory"});
  ExpectCell(report.problems[3].By(Mechanism::kDirect), Observed::kSolved, true);
}

TEST_CASE("a cell that uses up its budget ends with fewer words of every length") {
  SuiteOptions options = SmallOptions();
  options.samples = 100'000;
  options.max_work = 2'000'000;
  options.by = {Mechanism::kDirect};
  const SuiteResult report = RunOf({Named("parity")}, options);
  const CellResult& cell = report.problems[0].By(Mechanism::kDirect);
  ExpectCell(cell, Observed::kSolved, true);
  CHECK(cell.cut == Cut::kWork);
  CHECK(cell.samples_per_length > 8);
  CHECK(cell.samples_per_length < 100'000);
  CHECK(cell.work >= options.max_work);
  CHECK(cell.work < 2 * options.max_work);
  CHECK(CountsOf(report).cut == 1);
  CHECK(report.problems[0].By(Mechanism::kCot).observed == Observed::kNotRun);
  CHECK(report.problems[0].By(Mechanism::kCot).message == "left out by --by");
  CHECK(IsComplete(report));
}

TEST_CASE("the number of threads does not matter") {
  const std::vector<SuiteProblem> problems = {Named("parity"), Named("s3"), Named("lt_2"),
                                              Named("dyck(2,1)")};
  CHECK(JsonOf(RunOf(problems, SmallOptions(), 1)) == JsonOf(RunOf(problems, SmallOptions(), 5)));
}

TEST_CASE("a run that is stopped and resumed gives the report of one that was not") {
  const std::vector<SuiteProblem> whole = {Named("parity"), Named("s3"), Named("lt_2")};
  const Json expected = JsonOf(RunOf(whole, SmallOptions()));
  for (const int programs_before : {0, 1, 5, 17}) {
    CAPTURE(programs_before);
    // Stops when so many programs have been made.
    std::atomic<bool> stop = false;
    std::atomic<int> programs = 0;
    SuiteRun run;
    run.options = SmallOptions();
    run.options.num_threads = 1;
    run.version = "test";
    for (const SuiteProblem& problem : whole) {
      run.problems.push_back(Changed(problem.name, [&](Problem& changed) {
        changed.make_program = [&, make = changed.make_program](
                                   const GeneratedProgramOptions& options, Diagnostics& diag) {
          if (programs++ == programs_before) stop = true;
          return make(options, diag);
        };
      }));
    }
    const SuiteResult partial = RunSuite(run, stop);
    CHECK_FALSE(IsComplete(partial));
    CHECK(CountsOf(partial).not_run > 0);
    SuiteTable(partial);
    SuiteCsv(partial);
    Diagnostics diag;
    const auto read =
        ReadReport(SuiteJson(partial), "partial.json", whole, SmallOptions(), "test", diag);
    INFO(Render(diag));
    REQUIRE(read);
    run.problems = whole;
    run.resumed = read;
    stop = false;
    CHECK(JsonOf(RunSuite(run, stop)) == expected);
  }
}

TEST_CASE("a program whose scores are too imprecise in float32 compiles") {
  GeneratedProgramOptions options;
  options.mechanism = Mechanism::kCot;
  options.max_length = 32;
  Diagnostics diag;
  const auto program = ProblemOf("marked_copy").make_program(options, diag);
  INFO(Render(diag));
  REQUIRE(program);
  CHECK(CompileGeneratedProgram(*program, diag));
}

}  // namespace
}  // namespace raspc

// The suite: what it finds in programs that are right, wrong, refused and too large; that a run is
// the same in pieces and with any number of threads; and that damaged reports are refused.
#include "lab/suite/suite.h"

#include <catch2/catch.hpp>

#include "lab/run/compile_generated_program.h"
#include "lab/suite/suite_cell.h"
#include "lab/suite/suite_growth.h"
#include "lab/suite/suite_report.h"
#include "lab/suite/suite_rounds.h"
#include "lab/suite/suite_table.h"
#include "lab/suite/suite_words.h"
#include "tests/lab/problem_testing.h"
#include "tests/lab/suite/suite_testing.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

SuiteOptions SmallOptions() {
  SuiteOptions options = SuiteOptionsFor(SuiteLevel::kQuick);
  options.max_length = 8;
  options.samples = 8;
  options.max_seconds = 0;  // sanitizers are slow
  return options;
}

SuiteProblem Named(const std::string& name) {
  return {name, [name](const LanguageLimits& limits, Diagnostics& diag) {
            return ReadProblem(name, std::nullopt, limits, diag);
          }};
}

// A problem with something about it changed.
SuiteProblem Changed(const std::string& name, const std::function<void(Problem&)>& change) {
  return {name, [name, change](const LanguageLimits& limits, Diagnostics& diag) {
            auto problem = ReadProblem(name, std::nullopt, limits, diag);
            if (problem) change(*problem);
            return problem;
          }};
}

Json RunOf(std::vector<SuiteProblem> problems, const SuiteOptions& options, int num_threads = 2) {
  SuiteRun run;
  run.problems = std::move(problems);
  run.options = options;
  run.options.num_threads = num_threads;
  run.version = "test";
  const std::atomic<bool> stop = false;
  return RunSuite(run, stop);
}

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

void ExpectCell(const Json& cell, const std::string& observed, bool match) {
  INFO(cell.dump().substr(0, 2000));
  CHECK(cell["observed"] == observed);
  CHECK(cell["match"] == match);
}

TEST_CASE("a run of right programs solves every cell and says on which words") {
  const Json report = RunOf({Named("parity"), Named("a5_point")}, SmallOptions());
  CHECK(report["complete"] == true);
  CHECK(report["matches"] == true);
  CHECK(report["counts"]["solved"] == 6);
  CHECK(report["counts"]["refused"] == 2);
  const Json& parity = report["problems"][0];
  const Json& direct = parity["direct"];
  ExpectCell(direct, "solved", true);
  CHECK(direct["max_length"] == 8);
  CHECK(direct["exhaustive_to"] == 4);
  REQUIRE(direct["lengths"].size() >= 7);
  CHECK(direct["lengths"][4]["words"] == 16);
  CHECK(direct["lengths"][4]["members"] == 8);
  CHECK(direct["lengths"][4]["exhaustive"] == true);
  CHECK(direct["lengths"].back()["length"] == 8);
  CHECK(direct["lengths"].back()["exhaustive"] == false);
  CHECK(direct["lengths"].back()["words"] >= 8);
  CHECK(direct["resources"].size() == 6);
  CHECK(direct["interpreted"]["words"] > 10);
  CHECK(parity["cot"]["resources"][5]["steps"] == 9);
  CHECK(parity["log-depth"]["rounds"][0]["expected_first_failure"] == 3);
  CHECK(parity["log-depth"]["rounds"][1]["first_failing_length"] == 5);
  CHECK(parity["failing_pairs"].size() >= 1);
  for (const Json& pair : parity["failing_pairs"]) CHECK(pair["holds"] == true);
  ExpectCell(report["problems"][1]["direct"], "refused", true);
  CHECK(report["problems"][1]["direct"]["theory"]["expectation"] == "conditional_no");
}

TEST_CASE("a wrong program is a mismatch that names the word") {
  const SuiteProblem planted = Changed("parity", [](Problem& problem) {
    problem.make_program = ProblemOf("even_length").make_program;
  });
  const Json report = RunOf({planted, Named("first")}, SmallOptions());
  CHECK(report["matches"] == false);
  CHECK(report["counts"]["failed"] == 4);
  const Json& direct = report["problems"][0]["direct"];
  ExpectCell(direct, "failed", false);
  CHECK(direct["first_failing_length"] == 1);
  CHECK(direct["first_wrong"]["word"] == "a");
  CHECK(direct["first_wrong"]["expected"] == "accept");
  CHECK(direct["first_wrong"]["got"] == "reject");
  CHECK(direct["lengths"][1]["accuracy"] == 0.5);
  CHECK(direct["lengths"][1]["accuracy_members"] == 0.0);
  CHECK(direct["lengths"][1]["accuracy_others"] == 1.0);
  REQUIRE(report["mismatches"].size() == 4);
  CHECK(report["mismatches"][0] == "parity by direct: wrong on 'a': reject where accept is right");
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
  const Json report = RunOf({planted}, SmallOptions());
  ExpectCell(report["problems"][0]["cot"], "failed", false);
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
  const auto matches = [](const Json& report, int problem) {
    return report["problems"][static_cast<std::size_t>(problem)]["direct"]["match"].get<bool>();
  };
  const Json yes = both(Expectation::kYes), no = both(Expectation::kNo),
             conditional = both(Expectation::kConditionalNo), open = both(Expectation::kNoClaim);
  CHECK((matches(yes, 0) && !matches(yes, 1)));
  CHECK((!matches(no, 0) && matches(no, 1)));
  CHECK((!matches(conditional, 0) && matches(conditional, 1)));
  CHECK((matches(open, 0) && matches(open, 1)));
  CHECK(yes["mismatches"][0] == "parity by direct: theory says yes, observed is refused: planted");
}

TEST_CASE("what passes a limit is counted, and tried for shorter words") {
  const Json report = RunOf({Changed("parity", Failing(ErrorKind::kLimit, 4)),
                             Changed("first", Failing(ErrorKind::kLimit, 0)),
                             Changed("last", Failing(ErrorKind::kInternal, 4))},
                            SmallOptions());
  const Json& shorter = report["problems"][0]["direct"];
  ExpectCell(shorter, "solved", true);
  CHECK(shorter["max_length"] == 3);
  REQUIRE(shorter["resources"].size() == 3);
  CHECK(shorter["resources"][0]["max_length"] == 1);
  CHECK(shorter["resources"][0]["words"] > 0);
  CHECK(shorter["resources"][2]["max_length"] == 3);
  CHECK(shorter["beyond"] == "for words of up to 5 symbols: planted");
  ExpectCell(report["problems"][1]["pad"], "beyond_limit", true);
  ExpectCell(report["problems"][2]["direct"], "failed", false);
  CHECK(report["counts"]["beyond_limit"] == 4);
  CHECK(report["counts"]["smaller"] == 4);
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
  const Json report = RunOf({broken, throwing, huge, Named("last")}, SmallOptions());
  CHECK(report["complete"] == false);
  const std::string why = "the problem cannot be built: no such thing";
  ExpectCell(report["problems"][0]["cot"], "not_run", true);
  CHECK(report["problems"][0]["cot"]["message"] == "not tried: " + why);
  CHECK(report["problems"][0]["definition"] == why);
  ExpectCell(report["problems"][1]["direct"], "failed", false);
  CHECK(report["problems"][1]["direct"]["message"] == "internal error: planted");
  ExpectCell(report["problems"][2]["direct"], "not_run", true);
  CHECK(report["problems"][2]["direct"]["message"] == "not tried: out of memory");
  CHECK(NotTried(report, {Mechanism::kCot}) ==
        std::vector<std::string>{"broken by cot: not tried: " + why,
                                 "first by cot: not tried: out of memory"});
  ExpectCell(report["problems"][3]["direct"], "solved", true);
}

TEST_CASE("a cell that uses up its share ends with fewer words of every length") {
  SuiteOptions options = SmallOptions();
  options.samples = 100'000;
  options.max_work = 2'000'000;
  options.by = {Mechanism::kDirect};
  const Json report = RunOf({Named("parity")}, options);
  const Json& cell = report["problems"][0]["direct"];
  ExpectCell(cell, "solved", true);
  CHECK(cell["cut"] == "work");
  CHECK(cell["samples_per_length"] > 8);
  CHECK(cell["samples_per_length"] < 100'000);
  CHECK(cell["work"] >= options.max_work);
  CHECK(cell["work"] < 2 * options.max_work);
  CHECK(report["counts"]["cut"] == 1);
  CHECK(report["problems"][0]["cot"]["observed"] == "not_run");
  CHECK(report["problems"][0]["cot"]["message"] == "left out by --by");
  CHECK(report["complete"] == true);
}

TEST_CASE("the number of threads does not matter") {
  const std::vector<SuiteProblem> problems = {Named("parity"), Named("s3"), Named("lt_2"),
                                              Named("dyck(2,1)")};
  CHECK(WithoutSeconds(RunOf(problems, SmallOptions(), 1)) ==
        WithoutSeconds(RunOf(problems, SmallOptions(), 5)));
}

TEST_CASE("a run that is stopped and gone on with gives the report of one that was not") {
  const std::vector<SuiteProblem> whole = {Named("parity"), Named("s3"), Named("lt_2")};
  const Json expected = WithoutSeconds(RunOf(whole, SmallOptions()));
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
    const Json partial = RunSuite(run, stop);
    CHECK(partial["complete"] == false);
    CHECK(partial["counts"]["not_run"] > 0);
    SuiteTable(partial);
    SuiteCsv(partial);
    Diagnostics diag;
    const auto read =
        ReadReport(partial.dump(), "partial.json", whole, SmallOptions(), "test", diag);
    INFO(Render(diag));
    REQUIRE(read);
    run.problems = whole;
    run.resumed = *read;
    stop = false;
    CHECK(WithoutSeconds(RunSuite(run, stop)) == expected);
  }
}

// Every place in the JSON, as pointers; of an array the first entry. What nothing but the page
// reads, which takes it as it comes, is not looked into.
void CollectPlaces(const Json& json, const Json::json_pointer& at,
                   std::vector<Json::json_pointer>& places) {
  places.push_back(at);
  if (json.is_object()) {
    for (const auto& [name, value] : json.items()) {
      if (name == "example" || name == "classification" || name == "published") continue;
      CollectPlaces(value, at / name, places);
    }
  } else if (json.is_array() && !json.empty()) {
    CollectPlaces(json[0], at / std::size_t{0}, places);
  }
}

TEST_CASE("a damaged report is refused or does no harm") {
  const std::vector<SuiteProblem> problems = {Named("parity"), Named("a5_point")};
  const Json report = RunOf(problems, SmallOptions());
  std::vector<Json::json_pointer> places;
  CollectPlaces(report, Json::json_pointer(), places);
  int num_refused = 0;
  for (const Json::json_pointer& place : places) {
    for (const Json& instead : {Json(), Json("x"), Json(-1), Json::array({1}), Json::object()}) {
      Json damaged = report;
      damaged[place] = instead;
      CAPTURE(place.to_string(), instead.dump());
      Diagnostics diag;
      const auto read =
          ReadReport(damaged.dump(), "r.json", problems, SmallOptions(), "test", diag);
      CHECK(read.has_value() != diag.HasErrors());
      if (!read) {
        ++num_refused;
        continue;
      }
      SuiteRun run;
      run.problems = problems;
      run.options = SmallOptions();
      run.version = "test";
      run.resumed = *read;
      const std::atomic<bool> stop = true;  // nothing is to be computed
      const Json again = RunSuite(run, stop);
      CHECK_FALSE(SuiteTable(again).empty());
      CHECK_FALSE(SuiteCsv(again).empty());
    }
  }
  CHECK(num_refused > 500);
}

TEST_CASE("a report that calls log-depth by its former name is gone on from") {
  const std::vector<SuiteProblem> problems = {Named("parity")};
  SuiteOptions options = SmallOptions();
  options.by = {Mechanism::kDirect, Mechanism::kDepth};
  const Json report = RunOf(problems, options);
  REQUIRE(report["problems"][0]["log-depth"]["observed"] == "solved");
  Json former = report;
  former["options"]["by"] = {"direct", "depth"};
  Json& record = former["problems"][0];
  record["depth"] = record["log-depth"];
  record.erase("log-depth");
  Diagnostics diag;
  const auto read = ReadReport(former.dump(), "r.json", problems, options, "test", diag);
  INFO(Render(diag));
  CHECK(read == report);
}

TEST_CASE("a report of another run is not gone on from, and why is said") {
  const std::vector<SuiteProblem> problems = {Named("parity")};
  const std::string text = RunOf(problems, SmallOptions()).dump();
  const auto why = [&](const std::vector<SuiteProblem>& of, const SuiteOptions& options,
                       const std::string& version) {
    Diagnostics diag;
    CHECK_FALSE(ReadReport(text, "r.json", of, options, version, diag));
    return diag.all().at(0).message;
  };
  SuiteOptions other = SmallOptions();
  other.seed = 2;
  const std::string start = "cannot go on from 'r.json' with these options: ";
  CHECK(why(problems, other, "test") == start + "its option seed is 1, here it is 2");
  CHECK(why({Named("first")}, SmallOptions(), "test") ==
        start + "it has the problem \"parity\" where this run has first");
  CHECK(why({}, SmallOptions(), "test") == start + "it is of other problems");
  CHECK(why(problems, SmallOptions(), "2") == start + "it is by raspc test, this is 2");
}

TEST_CASE("problems are selected by glob, family and name") {
  const auto names = [](const std::vector<std::string>& only) {
    Diagnostics diag;
    std::vector<std::string> all;
    const auto selected = SelectProblems(only, diag);
    INFO(Render(diag));
    REQUIRE(selected);
    for (const SuiteProblem& problem : *selected) all.push_back(problem.name);
    return all;
  };
  CHECK(names({"tomita_[12]"}) == std::vector<std::string>{"tomita_1", "tomita_2"});
  CHECK(names({"mod", "mod(3)"}) == std::vector<std::string>{"mod(3)", "mod(6)"});
  CHECK(names({"regex:a*", "mod(5)", "first"}) ==
        std::vector<std::string>{"first", "regex:a*", "mod(5)"});
  CHECK(names({}).size() > 80);
  Diagnostics diag;
  CHECK_FALSE(SelectProblems({"zz*"}, diag));
  CHECK_FALSE(SelectProblems({"mod(0)"}, diag));
}

TEST_CASE("a problem keeps the name that it was asked for by") {
  const SuiteProblem renamed{"another name", Named("parity").build};
  const Json report = RunOf({renamed}, SmallOptions());
  CHECK(report["problems"][0]["name"] == "another name");
  CHECK(report["problems"][0]["definition"] == ProblemOf("parity").definition);
  Diagnostics diag;
  CHECK(ReadReport(report.dump(), "r.json", {renamed}, SmallOptions(), "test", diag));
}

TEST_CASE("compositions of few rounds fail where the automaton says") {
  SuiteOptions options = SmallOptions();
  options.max_length = 16;
  options.max_rounds = 3;
  const std::atomic<bool> stop = false;
  for (const char* name : {"s3", "mod(6)"}) {
    const Json rounds = TryFewRounds(ProblemOf(name), options, stop);
    REQUIRE(rounds.size() == 3);
    for (const Json& entry : rounds) {
      CHECK(entry["first_failing_length"] == (1 << entry["rounds"].get<int>()) + 1);
      CHECK(entry["match"] == true);
    }
  }
  // The last three symbols decide, so two rounds are enough for every length.
  const Json enough = TryFewRounds(ProblemOf("from_end(3)"), options, stop);
  CHECK(enough[1]["first_failing_length"].is_null());
  CHECK(enough[1]["match"] == true);
  // An automaton that the programs are not of: the lengths differ.
  Problem planted = ProblemOf("from_end(3)");
  planted.minimal = *ProblemOf("parity").minimal;
  CHECK(TryFewRounds(planted, options, stop)[1]["match"] == false);
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

TEST_CASE("a law of growth is claimed where it fits well, and better than others") {
  const auto growth = [](const std::function<double(double)>& figure, int count = 6) {
    std::vector<GrowthPoint> points;
    for (int i = 1; i <= count; ++i) points.push_back({std::exp2(i), figure(std::exp2(i))});
    return GrowthOf(points);
  };
  const struct {
    std::function<double(double)> figure;
    const char* law;
    const char* fit;
  } rows[] = {
      {[](double) { return 7; }, "constant", "7"},
      {[](double n) { return 1 + 2 * std::log2(n); }, "log", "1 + 2 log2 n"},
      {[](double n) { return 3 + 2 * n; }, "linear", "3 + 2 n"},
      {[](double n) { return 5 + n * std::log2(n); }, "n log n", "5 + n log2 n"},
      {[](double n) { return n * n - 1; }, "quadratic", "-1 + n^2"},
      {[](double n) { return n * n * n; }, "cubic", nullptr},
      // With a term of lower order.
      {[](double n) { return n * (n + 1) / 2; }, "quadratic", nullptr},
      // Neither a step nor a power in between is one of the laws.
      {[](double n) { return n == 32 ? 9 : 3; }, nullptr, nullptr},
      {[](double n) { return std::pow(n, 1.5); }, nullptr, nullptr},
      {[](double n) { return n < 16 ? 2 : 3; }, nullptr, nullptr},
  };
  for (const auto& row : rows) {
    const Json told = growth(row.figure);
    CAPTURE(told.dump());
    CHECK(told["law"] == (row.law == nullptr ? Json() : Json(row.law)));
    if (row.fit != nullptr) CHECK(told["fit"] == row.fit);
    CHECK(told["fit"].is_null() == (row.law == nullptr));
    CHECK(told["figures"].size() == 6);
    // Fewer lengths show nothing.
    const Json few = growth(row.figure, 5);
    CHECK(few["law"].is_null());
    CHECK(few["figures"][1] == Json({4.0, row.figure(4)}));
  }
}

TEST_CASE("programs are made for six lengths, up to the greatest") {
  for (const int max_length : {6, 7, 8, 12, 20, 64, 100, 4096}) {
    SuiteOptions options;
    options.max_length = max_length;
    const std::vector<int> lengths = CompiledLengths(options);
    CAPTURE(lengths);
    CHECK(lengths.size() == 6);
    CHECK(lengths.back() == max_length);
    CHECK(std::is_sorted(lengths.begin(), lengths.end(), std::less_equal<>()));
    CHECK(lengths.front() >= 1);
  }
  SuiteOptions options;
  CHECK(CompiledLengths(options) == std::vector<int>{2, 4, 8, 16, 32, 64});
  options.max_length = 3;
  CHECK(CompiledLengths(options) == std::vector<int>{1, 2, 3});
}

TEST_CASE("CSV has a row for each cell, and quotes what needs it") {
  Json report = RunOf({Named("dyck(2,1)")}, SmallOptions());
  report["problems"][0]["direct"]["construction"] = "says \"so\",\nand more";
  const std::string csv = SuiteCsv(report);
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 6);
  CHECK(csv.find("\n\"dyck(2,1)\",language,regular,direct,yes,solved,true,8,") !=
        std::string::npos);
  CHECK(csv.find("\"says \"\"so\"\",\nand more\"") != std::string::npos);
}

}  // namespace
}  // namespace raspc

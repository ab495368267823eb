// The suite's page: well-formed, self-contained, and without markup from the report's strings.
// Where Chromium is installed it shows the page, which must write nothing to its console.
#include "lab/report/suite_html.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "automata/algebra/classify.h"
#include "base/html.h"
#include "lab/published/published.h"
#include "lab/run/compile_generated_program.h"
#include "lab/run/example_run.h"
#include "lab/suite/suite_json.h"
#include "tests/cli/run_command.h"
#include "tests/lab/problem_testing.h"

namespace raspc {
namespace {

// Runs if it becomes markup: as a script, or as an image that cannot be loaded.
const std::string kPlanted =
    "</script><script>document.title='planted'</script><img src=x "
    "onerror=\"document.title='planted'\">"
    "\xE2\x80\xA8'\"&<!--{{script}}";

CellResult Cell(const Problem& problem, Mechanism mechanism, const Word& word) {
  GeneratedProgramOptions options;
  options.mechanism = mechanism;
  options.max_length = 8;
  Diagnostics diag;
  const auto recogniser = problem.make_program(options, diag);
  REQUIRE(recogniser);
  const auto compiled = CompileGeneratedProgram(*recogniser, diag);
  REQUIRE(compiled);
  CellResult cell;
  cell.theory = {Expectation::kYes, kPlanted, "", "A 2025", false};
  cell.observed = Observed::kSolved;
  cell.construction = recogniser->construction;
  cell.program = recogniser->Source();
  for (int length = 0; length <= 8; ++length) {
    cell.lengths.push_back({.length = length,
                            .exhaustive = length < 6,
                            .words = 20,
                            .members = 10,
                            .right = 20,
                            .right_members = 10,
                            .accuracy = 1,
                            .accuracy_members = 1,
                            .accuracy_others = 1});
  }
  cell.accuracy = 1;
  cell.words = 180;
  cell.resources = {{.max_length = 8, .sizes = SizesOf(compiled->model)}};
  cell.example = RunExample(problem, *recogniser, *compiled, word);
  return cell;
}

// A problem with everything a report may have.
ProblemResult ParityProblem() {
  const Problem problem = ProblemOf("parity");
  const Word word = {0, 1, 1};
  ProblemResult result = UndescribedProblem("parity");
  result.kind = ProblemKind::kLanguage;
  result.level = "regular";
  result.alphabet = problem.alphabet.symbols();
  result.definition = problem.definition;
  result.models = {{"F", "fixed precision", "R-trivial", false, false, "", "A 2025"}};
  result.classification = ToJson(Classify(*problem.minimal, {}), problem.alphabet);
  result.automaton_svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>" + kPlanted + "</script></svg>";
  result.failing_pairs = {{"aperiodic", {"F", "H"}, "", "bb", "b", "", true, 20, true}};
  result.published = PublishedResults("parity");
  result.By(Mechanism::kDirect) = Cell(problem, Mechanism::kDirect, word);
  result.By(Mechanism::kCot) = Cell(problem, Mechanism::kCot, word);
  CellResult& failed = result.By(Mechanism::kLogDepth);
  failed.observed = Observed::kFailed;
  failed.match = false;
  failed.first_failing_length = 3;
  failed.first_wrong = WrongWord{kPlanted, "accept", "reject"};
  CellResult& refused = result.By(Mechanism::kPad);
  refused.theory.expectation = Expectation::kConditionalNo;
  refused.observed = Observed::kRefused;
  return result;
}

// One with as little as an interrupted run may leave, and with malicious strings.
ProblemResult HostileProblem() {
  ProblemResult result = UndescribedProblem(kPlanted);
  result.kind = ProblemKind::kTask;
  result.level = kPlanted;
  result.alphabet = {kPlanted, "\xFF"};
  result.definition = kPlanted;
  CellResult& cell = result.By(Mechanism::kDirect);
  cell.observed = Observed::kSolved;
  cell.program = kPlanted;
  cell.construction = kPlanted;
  ExampleRun& example = cell.example.emplace();
  example.word = example.expected = example.got = kPlanted;
  example.tokens = {kPlanted, "a"};
  example.outputs = {kPlanted, std::nullopt};
  example.num_tokens = 2;
  example.num_input = example.num_framed = 1;
  example.layers = {{{{kPlanted, kPlanted, {{1, 0}, {0.5, 0.5}}}}}};
  return result;
}

SuiteResult Report() {
  SuiteResult result;
  result.options = SuiteOptionsFor(SuiteLevel::kQuick);
  result.seconds = 1.5;
  result.problems = {ParityProblem(), HostileProblem()};
  return result;
}

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// The contents of a script element.
std::string ScriptBody(const std::string& html, const std::string& open) {
  const std::size_t start = html.find(open);
  REQUIRE(start != std::string::npos);
  const std::size_t body = start + open.size();
  return html.substr(body, html.find("</script", body) - body);
}

// The first fault in the nesting of elements; empty if there is none. Scripts and styles hold text.
std::string NestingFault(const std::string& html) {
  static const std::set<std::string> kVoid = {"meta", "link", "br", "img", "input", "hr"};
  std::vector<std::string> open;
  const std::regex tag(R"(<(/?)([a-zA-Z][a-zA-Z0-9]*)(\s+[a-zA-Z-]+(=("[^"<>]*"))?)*\s*>)");
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at)) {
    if (html.compare(at, 9, "<!DOCTYPE") == 0) {
      ++at;
      continue;
    }
    std::smatch match;
    const std::string rest = html.substr(at, 2000);
    if (!std::regex_search(rest, match, tag, std::regex_constants::match_continuous)) {
      return "no tag at: " + rest.substr(0, 80);
    }
    const std::string name = match[2];
    at += static_cast<std::size_t>(match.length());
    if (kVoid.contains(name)) continue;
    if (match[1].length() > 0) {
      if (open.empty() || open.back() != name) return "</" + name + "> closes another element";
      open.pop_back();
      continue;
    }
    open.push_back(name);
    if (name == "script" || name == "style") at = html.find("</" + name, at);
  }
  return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

TEST_CASE("the suite's page is well-formed and names every problem") {
  const SuiteResult report = Report();
  const std::string html = SuiteHtml(report);
  CHECK(html.starts_with("<!DOCTYPE html>"));
  CHECK(NestingFault(html) == "");
  for (const ProblemResult& problem : report.problems) {
    CHECK(Contains(html, "<td>" + EscapeHtml(problem.name) + "</td>"));
  }
  CHECK_FALSE(Contains(SuiteHtml(SuiteResult()), "{{"));
}

TEST_CASE("the checker of nesting finds what is not well-formed") {
  CHECK(NestingFault("<p>a</p><br>") == "");
  CHECK_FALSE(NestingFault("<p><b></p></b>").empty());
  CHECK_FALSE(NestingFault("<p>").empty());
  CHECK_FALSE(NestingFault("a < b").empty());
}

TEST_CASE("strings of the report do not become markup of the suite's page") {
  const std::string html = SuiteHtml(Report());
  // The report and the page's own script.
  CHECK(Count(html, "<script") == 2);
  CHECK(Count(html, "</script") == 2);
  CHECK(Count(html, "<img") == 0);
  CHECK(Count(html, "<!--") == 0);
  CHECK(Count(html, "\xE2\x80\xA8") == 2);  // the name and the level, escaped text in an element
}

TEST_CASE("the suite's page holds the report as JSON, whatever its strings") {
  const SuiteResult report = Report();
  const std::string body =
      ScriptBody(SuiteHtml(report), "<script type=\"application/json\" id=\"report\">");
  for (const char c : body) {
    REQUIRE((c == '\n' || (c >= ' ' && c < 127)));
    REQUIRE((c != '<' && c != '>' && c != '&'));
  }
  // What is no UTF-8 is replaced in both.
  CHECK(nlohmann::json::parse(body) == nlohmann::json::parse(SuiteJson(report)));
  CHECK(nlohmann::json::parse(body)["problems"][1]["alphabet"][1] == "\xEF\xBF\xBD");
}

TEST_CASE("the suite's page loads nothing") {
  const std::string html = SuiteHtml(SuiteResult());
  CHECK(Contains(html, "Content-Security-Policy"));
  CHECK(Contains(html, "default-src 'none'"));
  // The one address is the name of a namespace.
  CHECK(Count(html, "://") == Count(html, "http://www.w3.org/2000/svg"));
  for (const char* loader : {"@import", "url(", "fetch(", "XMLHttpRequest", "import(", "WebSocket",
                             "sendBeacon", " src="}) {
    CAPTURE(loader);
    CHECK(Count(html, loader) == 0);
  }
}

TEST_CASE("the scripts of the suite's page make no markup from strings") {
  const std::string html = SuiteHtml(SuiteResult());
  for (const char* maker : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
                            "DOMParser", "eval(", "new Function", "createContextualFragment"}) {
    CAPTURE(maker);
    CHECK(Count(html, maker) == 0);
  }
}

// --- in a browser

struct Shown {
  std::string dom, log;
};

// The page in the browser after running the scripts.
Shown Show(const std::string& browser, const TempFolder& folder, const std::string& path,
           const std::string& fragment) {
  const CommandResult result = Shell(
      "timeout 90 \"$1\" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage "
      "--user-data-dir=\"$2\" --virtual-time-budget=4000 --enable-logging=stderr --v=0 "
      "--dump-dom \"$3\"",
      {browser, folder.Path("profile"), "file://" + path + fragment});
  return {result.out, result.err};
}

// A Chromium that can show a page here and tells what is in its console, if there is one.
std::optional<std::string> FindBrowser(const TempFolder& folder) {
  const std::string path =
      folder.Write("probe.html", "<p>probe</p><script>console.error('probe')</script>");
  for (const char* browser : {"chromium", "chromium-browser", "google-chrome"}) {
    const Shown shown = Show(browser, folder, path, "");
    if (Contains(shown.dom, "<p>probe</p>") && Contains(shown.log, "CONSOLE")) return browser;
  }
  return std::nullopt;
}

TEST_CASE("Chromium shows the suite's page without an error in the console") {
  const TempFolder folder;
  const std::optional<std::string> browser = FindBrowser(folder);
  if (!browser) {
    WARN("skipped: there is no Chromium that works here");
    return;
  }
  const std::string path = folder.Write("suite.html", SuiteHtml(Report()));
  const auto check = [&](const std::string& fragment, const std::vector<std::string>& parts) {
    CAPTURE(fragment);
    const Shown shown = Show(*browser, folder, path, fragment);
    INFO(shown.log);
    CHECK_FALSE(Contains(shown.log, "CONSOLE"));
    CHECK_FALSE(Contains(shown.dom, "<title>planted"));
    // The summary for readers without scripts is not shown, so look at what the scripts made.
    const std::string main = shown.dom.substr(shown.dom.find("<main"), shown.dom.find("</main>"));
    for (const std::string& part : parts) {
      CAPTURE(part);
      CHECK(Contains(main, part));
    }
    return main;
  };
  const std::string matrix =
      check("", {"class=\"matrix\"", "href=\"#problem=parity&amp;by=direct\"",
                 "1 cell where theory", "This run was interrupted", "Expressible and not learned"});
  CHECK(Count(matrix, "<th scope=\"row\"><a ") >= 2);
  CHECK(Count(matrix, "class=\"verdict\"><a ") == 8);
  const std::string filtered = check("#q=parity&only=mismatch", {"1 of 2 problems"});
  CHECK(Count(filtered, "class=\"verdict\"><a ") == 4);
  check("#q=no+such+problem", {"No problem passes the filters"});
  check("#only=not-learned&verdict=conditional&by=pad", {"1 of 2 problems"});
  check("#problem=parity&by=direct",
        {"class=\"heatmap\"", "class=\"series series-members\"", "Failing pairs", "RASP program",
         "data:image/svg+xml", "Published results"});
  check("#problem=parity&by=cot", {"Chain of thought", "class=\"token generated\""});
  check("#problem=parity&by=log-depth", {"first wrong word"});
  check("#problem=unknown", {"There is no problem"});
  std::string encoded;
  for (const unsigned char c : kPlanted) {
    static const char* const kDigits = "0123456789ABCDEF";
    encoded += {'%', kDigits[c >> 4], kDigits[c & 15]};
  }
  check("#problem=" + encoded, {"class=\"heatmap\"", "&lt;/script&gt;"});
}

}  // namespace
}  // namespace raspc

// Whatever a file contains, or is named, no control characters are printed, and no forged lines.
#include <catch2/catch.hpp>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/cli/run_command.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

// Clears the screen, forges a line, rings, colours (C1), reverses the direction of text.
const char* const kHostile = "\x1b[2J\nFORGED\r\x07\u009b31m\u202e\u2028\x7f";

void CheckHarmless(const CommandResult& result) {
  INFO(result.out << result.err);
  CHECK(result.status <= 2);
  for (const std::string& text : {result.out, result.err}) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      const bool is_c1 =
          c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
      const bool is_direction =
          text.compare(i, 3, "\u202e") == 0 || text.compare(i, 3, "\u2028") == 0;
      if ((c >= 0x20 && c != 0x7f && !is_c1 && !is_direction) || c == '\n' || c == '\t') continue;
      FAIL_CHECK("the byte " << int{c} << " at " << i);
      break;
    }
    CHECK_FALSE(text.starts_with("FORGED"));
    CHECK_FALSE(Contains(text, "\nFORGED"));
  }
}

std::uint64_t HeaderLength(const std::string& bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  return length;
}

Json HeaderOf(const std::string& bytes) {
  return Json::parse(bytes.substr(8, HeaderLength(bytes)));
}

Json DescriptionOf(const std::string& bytes) {
  return Json::parse(HeaderOf(bytes)["__metadata__"]["raspc"].get<std::string>());
}

// The model file with another description.
std::string WithDescription(const std::string& bytes, const Json& description) {
  Json header = HeaderOf(bytes);
  header["__metadata__"]["raspc"] = description.dump();
  const std::string text = header.dump();
  const std::uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + text +
         bytes.substr(8 + HeaderLength(bytes));
}

// Every string in it, by reference.
void ForEachString(Json& json, const std::function<void(Json&)>& visit) {
  if (json.is_string()) return visit(json);
  if (!json.is_structured()) return;
  for (Json& part : json) ForEachString(part, visit);
}

// The value with each of its strings in turn made hostile.
std::vector<Json> WithHostileStrings(const Json& json, std::size_t every = 1) {
  std::vector<Json> all;
  Json copy = json;
  std::size_t number = 0;
  ForEachString(copy, [&](Json& text) {
    if (number++ % every != 0) return;
    const Json before = text;
    text = before.get<std::string>() + kHostile;
    all.push_back(copy);
    text = before;
  });
  return all;
}

TEST_CASE("strings in a model file are printed escaped") {
  const TempFolder folder;
  const std::string path = folder.Path("m");
  REQUIRE(Raspc({"lab", "recognise", "parity", "--by", "cot", "--max-length", "4", "-o", path})
              .status == 0);
  const std::string bytes = ReadWhole(path);
  int accepted = 0;
  for (const Json& hostile : WithHostileStrings(DescriptionOf(bytes))) {
    folder.Write("m", WithDescription(bytes, hostile));
    const CommandResult inspected = Raspc({"inspect", path});
    accepted += inspected.status == 0 ? 1 : 0;
    CheckHarmless(inspected);
    CheckHarmless(Raspc({"inspect", path, "--structure"}));
    CheckHarmless(Raspc({"inspect", path, "--json"}));
    CheckHarmless(Raspc({"run", path, "ab", "aba", "--tokens", "[\"a\\u001b\\n\", 1]"}));
    CheckHarmless(Raspc({"lab", "decide", path, "ab", "xx"}));
  }
  CHECK(accepted > 10);  // labels may be anything
}

TEST_CASE("lines with labels that end with blanks do not, whether they are broken or not") {
  const TempFolder folder;
  const std::string path = folder.Path("m");
  REQUIRE(Raspc({"compile", ProgramPath("histogram"), "-o", path}).status == 0);
  const std::string bytes = ReadWhole(path);
  const std::string words = std::string(40, 'x') + " " + std::string(40, 'y');
  for (const std::string& label : {std::string("short "), words + " ", words + "  ",
                                   std::string(79, 'z') + " ", "a  " + words + " "}) {
    CAPTURE(label);
    Json description = DescriptionOf(bytes);
    description["residual_labels"][0] = label;
    folder.Write("m", WithDescription(bytes, description));
    const CommandResult result = Raspc({"inspect", path});
    CHECK(result.status == 0);
    CHECK_FALSE(HasTrailingBlanks(result.out));
  }
}

TEST_CASE("strings in automata, machines, reports and inputs are printed escaped") {
  const TempFolder folder;
  const std::string path = folder.Path("h.json");
  const Json dfa = {{"type", "dfa"},
                    {"states", {"p", "q"}},
                    {"start", "p"},
                    {"accepting", {"p"}},
                    {"transitions", {{"p", "a", "q"}, {"q", "a", "p"}}}};
  for (const Json& hostile : WithHostileStrings(dfa)) {
    folder.Write("h.json", hostile.dump());
    CheckHarmless(Raspc({"lab", "classify", path}));
    CheckHarmless(Raspc({"lab", "recognise", path, "-o", folder.Path("m")}));
  }
  // Everywhere at once, so that it is read.
  Json symbol = dfa;
  ForEachString(symbol, [](Json& text) {
    if (text == "a") text = std::string("a\x1b\u009b\u202e");
  });
  folder.Write("h.json", symbol.dump());
  const CommandResult classified = Raspc({"lab", "classify", path, "--svg", folder.Path("g")});
  CHECK(classified.status == 0);
  CheckHarmless(classified);
  CheckHarmless(Raspc({"lab", "recognise", path, "-o", folder.Path("m")}));
  for (const char* name : {"increment", "dyck2"}) {
    const Json machine = Json::parse(
        ReadWhole(RASPC_SOURCE_DIR "/programs/machines/" + std::string(name) + ".json"));
    for (const Json& hostile : WithHostileStrings(machine, 3)) {
      folder.Write("h.json", hostile.dump());
      CheckHarmless(Raspc(
          {"lab", "recognise", path, "--by", "cot", "--max-length", "2", "-o", folder.Path("m")}));
    }
  }
  const std::vector<std::string> suite = {"lab",    "suite",  "--quick", "--quiet",
                                          "--only", "parity", "--by",    "direct"};
  std::vector<std::string> args = suite;
  args.insert(args.end(), {"--json", path});
  REQUIRE(Raspc(args).status == 0);
  const Json report = Json::parse(ReadWhole(path));
  args = suite;
  args.insert(args.end(), {"--resume", path});
  for (const Json& hostile : WithHostileStrings(report, 5)) {
    folder.Write("h.json", hostile.dump());
    CheckHarmless(Raspc(args));
  }
  for (const Json& line :
       {Json(kHostile), Json({kHostile, 1}), Json({{"language", kHostile}}), Json({{kHostile, 1}}),
        Json({{"language", "a"}, {"alphabet", kHostile}})}) {
    const std::string lines = folder.Write("in", line.dump() + "\n" + kHostile + "\n");
    const std::string program = folder.Write("p.rasp", "x = tokens;\n");
    CheckHarmless(Raspc({"eval", program, "--inputs", lines}));
    CheckHarmless(Raspc({"lab", "classify", "--inputs", lines}));
  }
}

TEST_CASE("names of files, arguments and what programs print are escaped") {
  const TempFolder folder;
  const std::string name = std::string("\x1b[2J\nFORGED\u009b");
  const std::string program =
      folder.Write(name, std::string("#@ vocab: \"ab\"\n#@ max_length: 2\n\"") +
                             "\x1b[2J\u009b\";\nx = tokens;\n");
  const std::string model = folder.Path(name + ".m");
  CheckHarmless(Raspc({"eval", program, "ab", kHostile}));
  CheckHarmless(Raspc({"compile", program, "-o", model}));
  CheckHarmless(Raspc({"verify", program, "ab"}));
  CheckHarmless(Raspc({"inspect", program}));
  CheckHarmless(Raspc({"inspect", model}));
  CheckHarmless(Raspc({"run", model, kHostile}));
  CheckHarmless(Raspc({"lab", "decide", model, "a"}));
  CheckHarmless(Raspc({"compile", program, "-o", program}));
  const std::vector<std::vector<std::string>> commands = {
      {"eval"},
      {"compile", "-o", folder.Path("x")},
      {"run"},
      {"verify"},
      {"inspect"},
      {"lab", "classify"},
      {"lab", "recognise", "-o", folder.Path("x")},
      {"lab", "decide"},
      {"lab", "suite", "--quick", "--only"},
      {},
      {"lab"},
      {"eval", program, "--tokens"},
      {"eval", program, "--sop"},
      {"eval", program, "--inputs"},
      {"lab", "list", "--only"},
      {"compile", program, "-o", folder.Path("x"), "--vocab"},
      {"lab", "classify", "first", "--alphabet"},
      {"run", model, "a", "--engine"},
      {"inspect", program, "--stage"},
      {"verify", program, "--random"},
      {"lab", "recognise", "first", "-o", folder.Path("x"), "--by"},
      {"lab", "suite", "--resume"}};
  for (std::vector<std::string> command : commands) {
    command.push_back(kHostile);
    INFO(command.front());
    CheckHarmless(Raspc(command));
  }
}

TEST_CASE("damaged files do no harm to any command that reads them") {
  const TempFolder folder;
  const std::string model = folder.Path("m"), machine = folder.Path("m.json");
  REQUIRE(Raspc({"lab", "recognise", "parity", "--max-length", "4", "-o", model}).status == 0);
  const std::string bytes = ReadWhole(model);
  const std::uint64_t header = HeaderLength(bytes);
  const std::string json = ReadWhole(RASPC_SOURCE_DIR "/programs/machines/dyck2.json");
  std::mt19937 random(12);
  // In the text, and with characters that text should not contain.
  const auto damage = [&](std::string text, std::size_t begin, std::size_t end) {
    static const std::vector<std::string> kPieces = {std::string("\0", 1),
                                                     "\x1b[2J",
                                                     "\n",
                                                     "\u009b",
                                                     "\\u0000",
                                                     "\\u001b",
                                                     "9999999999",
                                                     "-1",
                                                     "null",
                                                     "[",
                                                     "}",
                                                     "\"",
                                                     "\xff",
                                                     "true",
                                                     "1e999",
                                                     ","};
    for (int changes = 1 + static_cast<int>(random() % 3); changes > 0; --changes) {
      const std::size_t at = begin + random() % (end - begin);
      text.replace(at, random() % 6, kPieces[random() % kPieces.size()]);
    }
    return text;
  };
  const int rounds = std::string(RASPC_SANITIZE).empty() ? 150 : 20;
  for (int round = 0; round < rounds; ++round) {
    std::string changed = damage(bytes, 8, 8 + header);
    // The correct length, so that more than the first check is reached.
    const std::uint64_t length = header + changed.size() - bytes.size();
    std::memcpy(changed.data(), &length, sizeof length);
    folder.Write("m", changed);
    folder.Write("m.json", damage(json, 0, json.size()));
    INFO("round " << round);
    CheckHarmless(Raspc({"inspect", model}));
    CheckHarmless(Raspc({"lab", "decide", model, "ab"}));
    CheckHarmless(Raspc({"lab", "recognise", machine, "--by", "cot", "--max-length", "2", "-o",
                         folder.Path("out")}));
  }
}

}  // namespace
}  // namespace raspc

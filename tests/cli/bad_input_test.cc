// Whatever the input, the command ends with exit status 2 and a message, and leaves no partial
// file.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/cli/json_lines.h"
#include "tests/cli/run_command.h"

namespace raspc {
namespace {

const char* const kCopy =
    "#@ vocab: \"ab\"\n#@ max_length: 3\nx = aggregate(select(indices, indices, ==), tokens);\n";

void CheckRefused(const CommandResult& result, const std::string& message) {
  CHECK(result.status == 2);
  CHECK(result.out == "");
  CHECK_THAT(result.err, Catch::Contains("error: "));
  CHECK_THAT(result.err, Catch::Contains(message));
}

std::string RandomBytes(std::size_t count) {
  std::string bytes;
  std::uint64_t state = 1;
  while (bytes.size() < count) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    bytes += static_cast<char>(state >> 56);
  }
  return bytes;
}

std::string Repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST_CASE("an invalid program is refused") {
  const TempFolder folder;
  struct Case {
    std::string name, text, message;
  };
  const std::vector<Case> cases = {
      {"random bytes", RandomBytes(1 << 20), "p.rasp:"},
      {"nested brackets", "x = " + Repeated("(", 100'000) + "1" + Repeated(")", 100'000) + ";\n",
       "p.rasp:1:"},
      {"open brackets", "x = " + Repeated("[", 100'000), "p.rasp:1:"},
      {"nested functions", Repeated("def f() {\n", 100'000), "p.rasp:"},
      {"a chain of operators", "x = 1" + Repeated(" not", 100'000) + ";\n", "p.rasp:1:"},
      {"unary operators", "x = " + Repeated("-", 100'000) + "1;\n", "p.rasp:1:"},
      {"invalid UTF-8", "x = \"\xff\xfe\";\n", "p.rasp:1:"},
      {"just a byte order mark", "\xEF\xBB\xBF", "assigns no s-op"},
      {"nothing", "", "assigns no s-op"},
      {"NUL", std::string("x = 1;\0", 7), "p.rasp:1:"},
      {"a large int", "x = indices + 9223372036854775808;\n", "p.rasp:1:15: error"},
      {"overflow", "x = indices + 9223372036854775807 + 1;\n", "p.rasp:1:"},
      {"endless recursion", "def f(x) {\n  return f(x);\n}\ny = f(1);\n", "p.rasp:"},
      {"a long loop",
       "for a in range(1000000) {\n  for b in range(1000000) {\n    c = b;\n  }\n}\n", "p.rasp:"},
      {"a huge list", "l = [0] * 1000000000;\nx = indices;\n", "p.rasp:1:"},
      {"a huge string", "s = \"ab\" * 9000000000;\nx = indices;\n", "p.rasp:1:"},
      {"a huge range", "l = range(9000000000000);\nx = indices;\n", "p.rasp:1:"},
      {"a string that doubles",
       "s = \"ab\";\nfor i in range(100) {\n  s = s + s;\n}\nx = indices;\n", "p.rasp:"},
      {"an unknown directive", "#@ vocabulary: \"ab\"\nx = indices;\n", "p.rasp:1:"},
      {"an unknown name", "x = indexes;\n", "p.rasp:1:5: error"},
      {"a missing file", "load \"nowhere\";\nx = indices;\n", "p.rasp:1:"},
      {"a program that loads itself", "load \"p\";\nx = indices;\n", "p.rasp:1:"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const std::string program = folder.Write("p.rasp", c.text);
    CheckRefused(Raspc({"eval", program, "ab"}), c.message);
    CheckRefused(
        Raspc({"compile", program, "--vocab", "ab", "--max-length", "3", "-o", folder.Path("m")}),
        c.message);
    CHECK_FALSE(std::filesystem::exists(folder.Path("m")));
    // Without a vocabulary, errors that occur only on inputs do not show.
    if (c.name != "overflow") CHECK(Raspc({"inspect", program}).status == 2);
  }
}

TEST_CASE("files that cannot be read are refused") {
  const TempFolder folder;
  const std::string program = folder.Write("p.rasp", kCopy);
  for (const std::string command : {"eval", "run"}) {
    CAPTURE(command);
    CheckRefused(Raspc({command, folder.Path("none"), "a"}), "none");
    CheckRefused(Raspc({command, folder.Path(""), "a"}), "directory");
    CheckRefused(Raspc({command, program + "/p", "a"}), "p.rasp/p");
  }
  CheckRefused(Raspc({"inspect", folder.Path("none")}), "none");
  CheckRefused(Raspc({"inspect", folder.Path("")}), "directory");
  CheckRefused(Raspc({"eval", program, "--inputs", folder.Path("none")}), "none");
  CheckRefused(Raspc({"eval", program, "--inputs", folder.Path("")}), "directory");
  CheckRefused(Raspc({"eval", program, "--inputs", "/dev/null"}), "no input");
  CheckRefused(Raspc({"eval", program, "--inputs", "/dev/zero"}), "/dev/zero");
  CheckRefused(Raspc({"eval", "/dev/zero", "a"}), "/dev/zero");
  CheckRefused(Raspc({"run", "/dev/zero", "a"}), "/dev/zero");
  CheckRefused(Raspc({"run", "/dev/null", "a"}), "/dev/null");
  CheckRefused(Raspc({"run", program, "a"}), "raspc compile");
  // Root may read everything, so this tests something only for other users.
  std::filesystem::permissions(program, std::filesystem::perms::none);
  if (!std::ifstream(program)) CheckRefused(Raspc({"eval", program, "a"}), "p.rasp");
}

TEST_CASE("a bad input is refused, by eval, run and verify alike") {
  const TempFolder folder;
  const std::string program = folder.Write("p.rasp", kCopy);
  const std::string model = folder.Path("m");
  REQUIRE(Raspc({"compile", program, "-o", model}).status == 0);
  const std::vector<std::string> lines = {"[\"a\"",
                                          "\"a",
                                          "[NaN]",
                                          "[Infinity]",
                                          "[-Infinity]",
                                          "[1e999]",
                                          "[null]",
                                          "[[\"a\"]]",
                                          "{}",
                                          "NaN",
                                          "7",
                                          "[9223372036854775808]",
                                          "[\"a\",]",
                                          "[\"a\"] x",
                                          "[\"\\ud800\"]",
                                          "[\"\xff\"]",
                                          "[]",
                                          "\"\"",
                                          "[" + Repeated("[", 100'000),
                                          "\"\x01\""};
  for (const std::string& text : lines) {
    CAPTURE(text.substr(0, 40));
    const std::string file = folder.Write("in.jsonl", text + "\n\"ab\"\n");
    for (const auto& command : {"eval", "run"}) {
      const CommandResult result = Raspc(
          {command, std::string(command) == "eval" ? program : model, "--json", "--inputs", file});
      CHECK(result.status == 2);
      const std::vector<nlohmann::json> objects = JsonLines(result.out);
      REQUIRE(objects.size() == 2);
      CHECK(objects[0].contains("error"));
      CHECK(objects[1] == nlohmann::json({{"input", "ab"}, {"output", {"a", "b"}}}));
      CHECK_THAT(result.err, Catch::Contains("error: "));
    }
    CHECK(Raspc({"verify", program, "--inputs", file}).status == 2);
  }
  CheckRefused(Raspc({"run", model, "abab"}), "3");
  CheckRefused(Raspc({"run", model, "abc"}), "\"c\"");
  CheckRefused(Raspc({"run", model, ""}), "empty");
  CheckRefused(Raspc({"eval", program, ""}), "empty");
  CheckRefused(Raspc({"eval", program, "a\xff"}), "UTF-8");
  CheckRefused(Raspc({"run", model, "--tokens", "[1]"}), "1");
}

TEST_CASE("a model file that was cut short or altered is refused") {
  const TempFolder folder;
  const std::string program = folder.Write("p.rasp", kCopy);
  const std::string model = folder.Path("m");
  REQUIRE(Raspc({"compile", program, "-o", model}).status == 0);
  const std::string bytes = ReadWhole(model);
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{8},
                                   std::size_t{9}, bytes.size() / 2, bytes.size() - 1}) {
    CAPTURE(length);
    CheckRefused(Raspc({"run", folder.Write("cut", bytes.substr(0, length)), "a"}), "cut");
  }
  CheckRefused(Raspc({"run", folder.Write("long", bytes + "x"), "a"}), "long");
  std::string altered = bytes;
  altered[6] = '\x7f';  // the header claims to be longer than any file
  CheckRefused(Raspc({"run", folder.Write("altered", altered), "a"}), "altered");
  CheckRefused(Raspc({"run", folder.Write("random", RandomBytes(1 << 20)), "a"}), "random");
}

TEST_CASE("a target that cannot be written is reported and left as it was") {
  const TempFolder folder;
  const std::string program = folder.Write("p.rasp", kCopy);
  CheckRefused(Raspc({"compile", program, "-o", folder.Path("none/m")}), "none/m");
  CheckRefused(Raspc({"compile", program, "-o", folder.Path("")}), "cannot write");
  CheckRefused(Raspc({"compile", program, "-o", "/dev/full"}), "/dev/full");
  CHECK(std::filesystem::is_character_file("/dev/full"));
  CHECK(folder.Names() == std::vector<std::string>{"p.rasp"});
}

TEST_CASE("a disk that is full leaves the old file whole and no part of the new one") {
  if (std::string(RASPC_SANITIZE) != "") return;  // the limit stops the sanitizers' own files
  const TempFolder folder;
  const std::string program = folder.Write("p.rasp", kCopy);
  const std::string model = folder.Write("m", "old");
  // A limit of 2 blocks of 512 bytes, less than any model.
  const CommandResult result =
      Shell("ulimit -f 2; \"$RASPC\" compile \"$1\" -o \"$2\"", {program, model});
  CheckRefused(result, "cannot write");
  CHECK(ReadWhole(model) == "old");
  CHECK(folder.Names().size() == 2);
}

}  // namespace
}  // namespace raspc

// One table, for the parser and for names that are not defined.
#include "compiler/syntax/other_languages.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/diagnostics.h"

namespace raspc {
namespace {

constexpr std::string_view kChoice = "choose a value with (a if c else b)";
constexpr std::string_view kFunction = "functions are made with 'def f(x) { return x; }'";
constexpr std::string_view kAssignment =
    "a name is assigned with 'x = …;' and needs no declaration";
constexpr std::string_view kBools = "bools are written True and False";
constexpr std::string_view kNothing = "write a value that stands for nothing, such as 0 or \"\"";
constexpr std::string_view kUpdate = "write the name on both sides, as in 'x = x + 1;'";
constexpr std::string_view kNotEqual = "write '!='";
constexpr std::string_view kLoop = "the only loop is 'for x in list { … }'";
constexpr std::string_view kPrint = "a statement 'x;' prints the value of x";
constexpr std::string_view kComment = "a comment begins with '#' and ends with its line";
constexpr std::string_view kLoad = "'load \"name\";' reads the file name.rasp";
constexpr std::string_view kPrompt =
    "it is the prompt of an interactive session; paste only what was typed after it";
constexpr std::string_view kMean =
    "average(s) is the mean of all values and aggregate(selector, s) that of the selected ones";
constexpr std::string_view kConversion =
    "tokens_int, tokens_float and tokens_bool read the tokens as other types, and round(…) makes "
    "ints";

struct Row {
  std::string_view word;
  std::string_view advice;
  bool is_name = false;  // a word that the program might define
};

constexpr Row kRows[] = {
    // Operators.
    {"&", "write 'and'"},
    {"&&", "write 'and'"},
    {"|", "write 'or'"},
    {"||", "write 'or'"},
    {"!", "write 'not'"},
    {"~", "write 'not'"},
    {"~=", kNotEqual},
    {"!==", kNotEqual},
    {"=/=", kNotEqual},
    {"<>", kNotEqual},
    {"≠", kNotEqual},
    {"=!", kNotEqual},
    {"===", "equality is '=='"},
    {"=<", "write '<='"},
    {"=>", "write '>='"},
    {"≤", "write '<='"},
    {"≥", "write '>='"},
    {"−", "a minus sign is '-'"},
    {"–", "a minus sign is '-'"},
    {"×", "write '*'"},
    {"·", "write '*'"},
    {"÷", "write '/'"},
    {"**", "'^' raises to a power"},
    {"//", "write round((a - a % b) / b); a comment begins with '#'"},
    {"/*", kComment},
    {"*/", kComment},
    {"?", kChoice},
    {"->", "a function has no types, and no arrow"},
    {":=", "'=' assigns"},
    {"++", kUpdate},
    {"--", kUpdate},
    {"+=", kUpdate},
    {"-=", kUpdate},
    {"*=", kUpdate},
    {"/=", "'!=' is unequal; to divide, write the name on both sides, as in 'x = x / 2;'"},
    {"%=", kUpdate},
    {"^=", kUpdate},
    {">>", kPrompt},
    {">>>", kPrompt},
    {"<<", "multiply by a power of 2"},
    // Words that begin something.
    {"elif", kChoice},
    {"elseif", kChoice},
    {"elsif", kChoice},
    {"then", kChoice},
    {"switch", kChoice},
    {"case", kChoice},
    {"match", kChoice},
    {"while", kLoop},
    {"do", kLoop},
    {"foreach", kLoop},
    {"break", kLoop},
    {"continue", kLoop},
    {"lambda", kFunction},
    {"function", kFunction},
    {"func", kFunction},
    {"fn", kFunction},
    {"fun", kFunction},
    {"let", kAssignment},
    {"var", kAssignment},
    {"const", kAssignment},
    {"val", kAssignment, true},
    {"auto", kAssignment},
    {"import", kLoad},
    {"include", kLoad},
    {"from", kLoad},
    {"pass", "a function ends with 'return', and a loop has at least one statement"},
    {"class", "there are functions, lists and dicts"},
    {"try", "nothing catches an error"},
    {"assert", "nothing stops a program; 'x;' prints the value of x"},
    {"is", "equality is '=='"},
    {"xor", "on bools '!=' is exclusive or"},
    // Values.
    {"true", kBools, true},
    {"false", kBools, true},
    {"TRUE", kBools, true},
    {"FALSE", kBools, true},
    {"None", kNothing, true},
    {"none", kNothing, true},
    {"null", kNothing, true},
    {"nil", kNothing, true},
    {"undefined", kNothing, true},
    {"NaN", kNothing, true},
    {"inf", "take a number beyond all others", true},
    {"pi", "write 3.14159", true},
    // Functions.
    {"print", kPrint, true},
    {"printf", kPrint, true},
    {"println", kPrint, true},
    {"echo", kPrint, true},
    {"puts", kPrint, true},
    {"sum", "round(length * average(s)) is the sum of all values, if they are ints", true},
    {"mean", kMean, true},
    {"avg", kMean, true},
    {"abs", "write (x if x > 0 else -x)", true},
    {"sign", "write (1 if x > 0 else (-1 if x < 0 else 0))", true},
    {"sqrt", "write x ^ 0.5", true},
    {"pow", "'^' raises to a power", true},
    {"mod", "'%' gives the remainder", true},
    {"div", "'/' divides, and round(…) makes an int", true},
    {"floor", "write round(x - x % 1)", true},
    {"ceil", "write round(x + -x % 1)", true},
    {"int", kConversion, true},
    {"float", kConversion, true},
    {"bool", kConversion, true},
    {"str", "tokens_str has the tokens as strings, and '+' joins strings", true},
    {"any", "write aggregate(full_s, indicator(c)) > 0", true},
    {"all", "write aggregate(full_s, indicator(c)) == 1", true},
    {"sorted", "write sort(s, s)", true},
    {"reversed", "write aggregate(select(indices, length - 1 - indices, ==), s)", true},
    {"reverse", "write aggregate(select(indices, length - 1 - indices, ==), s)", true},
    {"enumerate", "'indices' holds the positions; range(n) is a list of numbers", true},
    {"map", "operators work position by position; [f(x) for x in list] maps a list", true},
    {"filter", "a selector selects positions, and a comprehension has no filter", true},
    {"width", "write selector_width(selector)", true},
    {"attention", "write aggregate(selector, values)", true},
    {"where", kChoice, true},
    {"input", "'tokens' is the input", true},
    {"position", "'indices' holds the positions", true},
    {"positions", "'indices' holds the positions", true},
    {"index", "'indices' holds the positions", true},
    {"size", "'length' is the number of tokens, and len(list) the number of elements", true},
};

const Row* Find(std::string_view word) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                 [&](const Row& candidate) { return candidate.word == word; });
  return row == std::end(kRows) ? nullptr : row;
}

bool IsWord(std::string_view text) {
  const char c = text.empty() ? '\0' : text[0];
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Words that are called like functions, and True and False.
constexpr std::string_view kOwnWords[] = {"select", "aggregate", "round", "indicator", "range",
                                          "zip",    "len",       "True",  "False"};

}  // namespace

std::string ClosestWord(std::string_view name, std::vector<std::string> names) {
  std::string small(name);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const std::string_view word : kOwnWords) {
    if (small == word) return small;
    names.emplace_back(word);
  }
  return ClosestName(name, names);
}

std::optional<std::string> AdviceOn(std::string_view word) {
  const Row* row = Find(word);
  if (row == nullptr) return std::nullopt;
  if (IsWord(word)) return fmt::format("there is no '{}' in RASP; {}", word, row->advice);
  return fmt::format("'{}' is not an operator; {}", word, row->advice);
}

bool IsOnlyAName(std::string_view word) {
  const Row* row = Find(word);
  return row != nullptr && row->is_name;
}

std::string_view ForeignOperatorAt(std::string_view text) {
  std::size_t longest = 0;
  for (const Row& row : kRows) {
    if (!IsWord(row.word) && row.word.size() > longest && text.starts_with(row.word)) {
      longest = row.word.size();
    }
  }
  return text.substr(0, longest);
}

}  // namespace raspc

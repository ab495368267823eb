#include "lab/run/run_problem.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/interpret/interpret.h"
#include "runtime/run/verdict.h"

namespace raspc {
namespace {

std::string VerdictText(bool accepts) { return accepts ? "accept" : "reject"; }

// The answer in an output: `size` tokens if the program does not end by itself. Nothing if there
// are fewer, or the answer mark is missing.
std::optional<std::vector<Atom>> AnswerIn(const ModelOutput& output,
                                          const GeneratedProgram& recogniser, const Model& model,
                                          std::size_t size) {
  switch (recogniser.result_at) {
    case ResultAt::kLast:
      if (output.values.empty()) return std::nullopt;
      return std::vector<Atom>{output.values.back()};
    case ResultAt::kFirst:
      if (output.values.size() < size) return std::nullopt;
      return std::vector<Atom>(output.values.begin(),
                               output.values.begin() + static_cast<std::ptrdiff_t>(size));
    case ResultAt::kGenerated: {
      if (!output.generated || !output.generated->stopped) return std::nullopt;
      const std::vector<Atom>& tokens = output.generated->tokens;
      auto first = tokens.begin();
      if (!recogniser.answer_mark.empty()) {
        const auto mark = std::find(first, tokens.end() - 1, Atom(recogniser.answer_mark));
        if (mark == tokens.end() - 1) return std::nullopt;
        first = mark + 1;
      }
      return std::vector<Atom>(first, tokens.end() - 1);
    }
    case ResultAt::kWritten: {
      if (VerdictOf(model, output) != true) return std::nullopt;
      std::vector<Atom> answer;
      for (const Atom& token : output.generated->tokens) {
        const auto is_it = [&](const std::string& symbol) { return Identical(token, symbol); };
        if (std::any_of(recogniser.answer_tokens.begin(), recogniser.answer_tokens.end(), is_it)) {
          answer.push_back(token);
        }
      }
      return answer;
    }
    case ResultAt::kVerdict:
      break;
  }
  return std::nullopt;
}

std::string TextOf(const std::vector<Atom>& atoms) {
  std::string text;
  for (const Atom& atom : atoms) text += (text.empty() ? "" : " ") + PythonStr(atom);
  return text;
}

}  // namespace

std::vector<Atom> TokensOf(const Alphabet& alphabet, const Word& word) {
  std::vector<Atom> tokens;
  tokens.reserve(word.size());
  for (const SymbolId a : word) tokens.emplace_back(alphabet.Symbol(a));
  return tokens;
}

Outcome Compare(const Problem& problem, const GeneratedProgram& recogniser, const Model& model,
                const Word& word, const ModelOutput& output) {
  Outcome outcome;
  if (output.generated) outcome.num_generated = static_cast<int>(output.generated->tokens.size());
  std::optional<std::string> got;
  if (problem.kind == ProblemKind::kLanguage) {
    outcome.expected = VerdictText(problem.decide(word));
    if (!output.error) {
      if (const auto verdict = VerdictOf(model, output)) got = VerdictText(*verdict);
    }
  } else {
    const Answer answer = *problem.answer(word);
    outcome.expected = fmt::format("{}", fmt::join(answer, " "));
    if (!output.error) {
      if (const auto tokens = AnswerIn(output, recogniser, model, answer.size())) {
        got = TextOf(*tokens);
      }
    }
  }
  outcome.is_right = got == outcome.expected;
  outcome.got = got ? *got : output.error ? "error: " + output.error->message : "no result";
  return outcome;
}

std::vector<Outcome> RunProblem(const Problem& problem, const GeneratedProgram& recogniser,
                                const Model& model, const Engine& engine,
                                std::span<const Word> words) {
  std::vector<std::vector<Atom>> inputs;
  inputs.reserve(words.size());
  for (const Word& word : words) inputs.push_back(TokensOf(problem.alphabet, word));
  const std::vector<ModelOutput> outputs = RunModel(model, engine, inputs);
  ThrowIfOutOfMemory(outputs);
  std::vector<Outcome> outcomes;
  outcomes.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    outcomes.push_back(Compare(problem, recogniser, model, words[i], outputs[i]));
  }
  return outcomes;
}

ModelOutput Interpret(const LoadedProgram& program, const std::vector<Atom>& input) {
  std::vector<Atom> tokens;
  for (const Atom& symbol : input) tokens.push_back(TokenOf(symbol));
  ModelOutput output;
  Diagnostics diag;
  const auto framed = program.evaluation.frame.Apply(tokens);
  if (!framed) {
    diag.Error(ErrorKind::kInput, {}, "the padding is too long");
  } else if (const auto& rule = program.evaluation.generation) {
    output.generated = Generate(program.traced.graph, program.output, *framed, *rule, diag,
                                program.evaluation.causal);
  } else {
    Interpreter interpreter(program.traced.graph, *framed, program.evaluation.causal);
    const NodeValue* value = interpreter.Evaluate(program.output, diag);
    if (value != nullptr) output.values = std::get<SOpValues>(*value);
  }
  for (Atom& value : output.values) value = SymbolOf(value);
  if (output.generated) {
    for (Atom& token : output.generated->tokens) token = SymbolOf(token);
  }
  for (const Diagnostic& diagnostic : diag.all()) {
    if (!output.error) output.error = diagnostic;
  }
  return output;
}

}  // namespace raspc

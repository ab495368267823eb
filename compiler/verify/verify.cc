// Compares in batches: the engines run thousands of inputs at a time; the interpreter takes them
// one by one, on all cores, each with its own interpreter.
//
// Batches bound the memory, however many inputs the plan has. An input counts as a difference at
// most once per engine. The report does not depend on the number of threads.
#include "compiler/verify/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>

#include "runtime/run/make_engine.h"
#include "compiler/interpret/interpret.h"
#include "base/parallel.h"
#include "runtime/run/run_model.h"

namespace raspc {
namespace {

using Tokens = std::vector<Atom>;

constexpr std::size_t kBatchTokens = 1 << 16;  // of the framed inputs, about

// The result of one side for an input.
struct Behaviour {
  Tokens values;
  std::optional<Generated> generated;
};

std::string ToText(const Tokens& values, const std::optional<Generated>& generated) {
  std::string text = "output " + ToJson(values);
  if (generated) {
    text += fmt::format(", generated {}{}", ToJson(generated->tokens),
                        generated->stopped ? "" : " (step limit)");
  }
  return text;
}

// The number of words of length 1 to `length` over `num_tokens` tokens, or nothing above the limit.
std::optional<std::int64_t> CountWords(std::size_t num_tokens, std::int64_t length) {
  std::int64_t total = 0, of_length = 1;
  for (std::int64_t n = 1; n <= length; ++n) {
    if (of_length >
        kMaxVerifiedInputs / static_cast<std::int64_t>(std::max<std::size_t>(num_tokens, 1))) {
      return std::nullopt;
    }
    of_length *= static_cast<std::int64_t>(num_tokens);
    total += of_length;
    if (total > kMaxVerifiedInputs) return std::nullopt;
  }
  return total;
}

// The number of inputs of a plan that CheckPlan accepts.
std::int64_t CountInputs(const VerifyPlan& plan, const Model& model) {
  const std::int64_t words = CountWords(model.alphabet.size(), plan.exhaustive_length).value_or(0);
  const bool has_empty = plan.exhaustive_length > 0 && model.frame.ShortestInput() == 0;
  return static_cast<std::int64_t>(plan.inputs.size()) + words + (has_empty ? 1 : 0) +
         plan.random_count;
}

// Collects inputs and compares them once there are enough.
class Comparer {
 public:
  Comparer(const LoadedProgram& program, const Model& model, const VerifyPlan& plan)
      : program_(program),
        model_(model),
        plan_(plan),
        rule_(model.decoding),
        vocabulary_(model.vocabulary.begin(), model.vocabulary.end()),
        frame_(program.evaluation.frame),
        generation_(program.evaluation.generation),
        total_(CountInputs(plan, model)),
        num_threads_(ThreadCount(0)),
        interpreters_(static_cast<std::size_t>(num_threads_)) {
    for (const EngineKind kind : plan.engines) engines_.push_back(MakeEngine(kind, model));
  }

  void Add(Tokens input) {
    const auto length = static_cast<std::int64_t>(input.size());
    num_tokens_ += static_cast<std::size_t>(frame_.LengthFor(length).value_or(length));
    batch_.push_back(std::move(input));
    if (num_tokens_ >= kBatchTokens) Flush();
  }

  void Flush() {
    std::vector<Interpreted> interpreted = InterpretAll();
    std::vector<Behaviour> wanted;
    Tokens2 inputs;
    for (std::size_t i = 0; i < batch_.size(); ++i) {
      if (!interpreted[i].behaviour) {
        Skip(interpreted[i].diag);
        continue;
      }
      wanted.push_back(*std::move(interpreted[i].behaviour));
      inputs.push_back(std::move(batch_[i]));
    }
    for (std::size_t e = 0; e < engines_.size(); ++e) Compare(e, inputs, wanted);
    report_.compared += static_cast<std::int64_t>(inputs.size());
    if (plan_.on_progress) plan_.on_progress(report_.compared + report_.skipped, total_);
    batch_.clear();
    num_tokens_ = 0;
  }

  VerifyReport Take() { return std::move(report_); }

 private:
  using Tokens2 = std::vector<Tokens>;
  struct Interpreted {
    std::optional<Behaviour> behaviour;
    Diagnostics diag;  // why there is none
  };

  // For each input of the batch. Neighbours tend to have the same length, so they are distributed
  // in runs, several per thread.
  std::vector<Interpreted> InterpretAll() {
    std::vector<Interpreted> all(batch_.size());
    const std::size_t length =
        std::max<std::size_t>(1, batch_.size() / (8 * static_cast<std::size_t>(num_threads_)));
    const auto num_runs = static_cast<std::int64_t>((batch_.size() + length - 1) / length);
    ParallelFor(num_runs, num_threads_, [&](std::int64_t run, int worker) {
      const std::size_t begin = static_cast<std::size_t>(run) * length;
      for (std::size_t i = begin; i < std::min(begin + length, batch_.size()); ++i) {
        all[i].behaviour = Interpret(batch_[i], static_cast<std::size_t>(worker), all[i].diag);
      }
    });
    return all;
  }

  std::optional<Behaviour> Interpret(const Tokens& input, std::size_t worker, Diagnostics& diag) {
    const std::optional<Tokens> framed = frame_.Apply(input);
    if (!framed) {
      diag.Error(ErrorKind::kInput, {},
                 "the padding count is negative or too large for this input");
      return std::nullopt;
    }
    std::unique_ptr<Interpreter>& interpreter = interpreters_[worker];
    if (interpreter == nullptr) {
      interpreter =
          std::make_unique<Interpreter>(program_.traced.graph, *framed, program_.evaluation.causal);
    } else {
      interpreter->Restart(*framed);
    }
    const NodeValue* value = interpreter->Evaluate(program_.output, diag);
    if (value == nullptr) return std::nullopt;
    Behaviour behaviour{WithoutFractions(std::get<SOpValues>(*value)), std::nullopt};
    if (generation_) {
      behaviour.generated =
          Generate(program_.traced.graph, program_.output, *framed, *generation_, diag,
                   program_.evaluation.causal, &vocabulary_);
      if (!behaviour.generated) return std::nullopt;
    }
    return behaviour;
  }

  void Skip(const Diagnostics& diag) {
    ++report_.skipped;
    if (!report_.first_skip && !diag.empty()) report_.first_skip = diag.all().front();
  }

  bool Equal(const Tokens& wanted, const Tokens& got) const {
    return std::equal(
        wanted.begin(), wanted.end(), got.begin(), got.end(),
        [&](const Atom& want, const Atom& have) { return rule_.Matches(want, have); });
  }

  bool Equal(const Behaviour& wanted, const ModelOutput& got) const {
    if (got.error || !Equal(wanted.values, got.values)) return false;
    if (wanted.generated.has_value() != got.generated.has_value()) return false;
    if (!wanted.generated) return true;
    return wanted.generated->stopped == got.generated->stopped &&
           Equal(wanted.generated->tokens, got.generated->tokens);
  }

  void Compare(std::size_t engine, const Tokens2& inputs, const std::vector<Behaviour>& wanted) {
    const std::vector<ModelOutput> outputs = RunModel(model_, *engines_[engine], inputs);
    ThrowIfOutOfMemory(outputs);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (Equal(wanted[i], outputs[i])) continue;
      ++report_.differing;
      if (report_.differences.size() >= plan_.max_differences) continue;
      report_.differences.push_back(
          {inputs[i], plan_.engines[engine], ToText(wanted[i].values, wanted[i].generated),
           outputs[i].error ? "failed: " + outputs[i].error->message
                            : ToText(outputs[i].values, outputs[i].generated)});
    }
  }

  const LoadedProgram& program_;
  const Model& model_;
  const VerifyPlan& plan_;
  ValueRule rule_;
  const AtomSet vocabulary_;
  InputFrame frame_;
  std::optional<GenerationRule> generation_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::int64_t total_;
  int num_threads_;
  std::vector<std::unique_ptr<Interpreter>> interpreters_;  // by worker
  Tokens2 batch_;
  std::size_t num_tokens_ = 0;
  VerifyReport report_;
};

void CheckPlan(const VerifyPlan& plan, const Model& model, Diagnostics& diag) {
  for (const Tokens& input : plan.inputs) CheckInput(input, model, diag);
  if (model.alphabet.empty()) {
    diag.Error(ErrorKind::kInput, {}, "the alphabet is empty");
  } else if (plan.exhaustive_length > model.max_length) {
    diag.Error(ErrorKind::kInput, {},
               fmt::format("cannot compare inputs up to length {}: the maximum length is {}",
                           plan.exhaustive_length, model.max_length));
  } else if (!CountWords(model.alphabet.size(), plan.exhaustive_length)) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("there are more than {} inputs up to length {} over {} tokens; choose a "
                           "smaller length, or random inputs",
                           kMaxVerifiedInputs, plan.exhaustive_length, model.alphabet.size()));
  }
  if (plan.random_count > kMaxVerifiedInputs) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("cannot compare {} random inputs: at most {}", plan.random_count,
                           kMaxVerifiedInputs));
  }
}

}  // namespace

void CheckInput(const std::vector<Atom>& input, const Model& model, Diagnostics& diag) {
  if (static_cast<std::int64_t>(input.size()) < model.frame.ShortestInput()) {
    diag.Error(ErrorKind::kInput, {}, "the input is empty");
  } else if (static_cast<std::int64_t>(input.size()) > model.max_length) {
    diag.Error(ErrorKind::kInput, {},
               fmt::format("the input has {} tokens, more than the maximum length {}", input.size(),
                           model.max_length));
  }
  for (const Atom& token : input) {
    const bool known = std::any_of(model.alphabet.begin(), model.alphabet.end(),
                                   [&](const Atom& other) { return Identical(token, other); });
    if (known) continue;
    diag.Error(ErrorKind::kInput, {},
               fmt::format("the input {} has the token {}, which is not in the alphabet",
                           ToJson(input), ToJson(token)));
    return;
  }
}

bool IsClose(double want, double got) {
  return std::abs(want - got) <= 1e-9 * std::max(1.0, std::abs(want));
}

ValueRule::ValueRule(const OutputDecoding& decoding) {
  for (const Atom& value : decoding.values) {
    if (TypeOf(value) == AtomType::kFloat) decoded_floats_.push_back(value);
  }
  std::sort(decoded_floats_.begin(), decoded_floats_.end(), IdentityLess);
}

bool ValueRule::Matches(const Atom& wanted, const Atom& got) const {
  if (Identical(wanted, got)) return true;
  if (TypeOf(wanted) != AtomType::kFloat || TypeOf(got) != AtomType::kFloat) return false;
  // The model could have given exactly this value, but gave a neighbour.
  if (std::binary_search(decoded_floats_.begin(), decoded_floats_.end(), wanted, IdentityLess)) {
    return false;
  }
  return IsClose(NumberOf(wanted), NumberOf(got));
}

std::optional<VerifyReport> Verify(const LoadedProgram& program, const Model& model,
                                   const VerifyPlan& plan, Diagnostics& diag) {
  CheckPlan(plan, model, diag);
  if (diag.HasErrors()) return std::nullopt;

  Comparer comparer(program, model, plan);
  for (const Tokens& input : plan.inputs) comparer.Add(input);
  if (plan.exhaustive_length > 0) {
    ForEachInput(model.alphabet, model.frame.ShortestInput(), plan.exhaustive_length,
                 [&](Tokens word) {
                   comparer.Add(std::move(word));
                   return true;
                 });
  }
  RandomInputs random(model.alphabet, model.max_length, plan.seed);
  for (std::int64_t i = 0; i < plan.random_count; ++i) comparer.Add(random.Next());
  comparer.Flush();
  return comparer.Take();
}

}  // namespace raspc

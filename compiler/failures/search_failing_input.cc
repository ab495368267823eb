#include "compiler/failures/search_failing_input.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "compiler/interpret/interpret.h"
#include "compiler/interpret/trial_inputs.h"

namespace raspc {
namespace {

using Tokens = std::vector<Atom>;

// Maximum work, in values of s-ops: some hundredths of a second.
constexpr double kBudget = 1'000'000;
// The same for shortening all examples.
constexpr double kBudgetForCuts = 200'000;
// Random inputs of at most this length find most failures, and cost little.
constexpr std::int64_t kShort = 12;

bool IsAt(const SourceLocation& a, const SourceLocation& b) {
  return a.source == b.source && a.line == b.line && a.column == b.column;
}

class Search {
 public:
  Search(const DataflowGraph& graph, NodeId output, const InputSpace& inputs,
         std::vector<FallibleExpression>& expressions)
      : graph_(graph),
        output_(output),
        inputs_(inputs),
        vocabulary_(inputs.vocabulary.begin(), inputs.vocabulary.end()),
        expressions_(expressions) {
    std::vector<NodeId> roots;
    for (const FallibleExpression& expression : expressions) {
      roots.insert(roots.end(), expression.nodes.begin(), expression.nodes.end());
    }
    if (inputs.generation) roots.push_back(output);
    for (const NodeId id : Reachable(graph, roots)) {
      ++(graph.IsSelector(id) ? num_selectors_ : num_sops_);
    }
  }

  SearchResult Run() {
    const std::int64_t all_to = TryShortOnes();
    result_.tried_all = all_to == inputs_.max_length;
    if (!result_.tried_all) {
      const std::int64_t lengths_to = TryLengths(all_to);
      // Generated sequences have other lengths.
      result_.tried_lengths = lengths_to == inputs_.max_length && !inputs_.generation;
      TryRandomOnes();
    }
    spent_ = 0;
    for (FallibleExpression& expression : expressions_) Shorten(expression);
    return result_;
  }

 private:
  // The cost of trying an input of n tokens, in values of s-ops; a row of a selector costs about as
  // much as a value per 16 keys, and an evaluation has a fixed cost.
  double CostOf(std::int64_t n) const {
    constexpr double kKeysPerValue = 16, kBeginning = 4;
    double length = static_cast<double>(inputs_.frame.LengthFor(n).value_or(0));
    if (inputs_.generation) length += static_cast<double>(inputs_.generation->max_steps);
    const double evaluations = inputs_.generation ? 2 : 1;
    return evaluations * (static_cast<double>(num_sops_) * (length + kBeginning) +
                          static_cast<double>(num_selectors_) *
                              (length * (1 + length / kKeysPerValue) + kBeginning));
  }

  // All inputs from the shortest on; returns the last complete length. Uses the whole budget if
  // that is enough for all inputs, else half of it.
  std::int64_t TryShortOnes() {
    std::vector<double> cost{0};  // by length, including all shorter ones
    double num_words = 1;
    for (std::int64_t n = 1; n <= inputs_.max_length && cost.back() <= kBudget; ++n) {
      num_words *= static_cast<double>(inputs_.alphabet.size());
      cost.push_back(cost.back() + num_words * CostOf(n));
    }
    auto longest = static_cast<std::int64_t>(cost.size()) - 1;
    if (longest < inputs_.max_length || cost.back() > kBudget) {
      while (longest > 0 && cost[static_cast<std::size_t>(longest)] > kBudget / 2) --longest;
    }
    ForEachInput(inputs_.alphabet, inputs_.frame.ShortestInput(), longest, [&](Tokens input) {
      Try(input);
      return !IsDone();
    });
    return IsDone() ? 0 : longest;
  }

  // One input of each greater length; returns the last length reached.
  std::int64_t TryLengths(std::int64_t above) {
    for (std::int64_t n = above + 1; n <= inputs_.max_length; ++n) {
      if (IsDone() || spent_ + CostOf(n) > 0.75 * kBudget) return n - 1;
      Tokens input;
      for (std::int64_t i = 0; i < n; ++i) {
        input.push_back(inputs_.alphabet[static_cast<std::size_t>(i) % inputs_.alphabet.size()]);
      }
      Try(input);
    }
    return inputs_.max_length;
  }

  // Seven of eight inputs are short.
  void TryRandomOnes() {
    RandomInputs of_any_length(inputs_.alphabet, inputs_.max_length, 1);
    RandomInputs short_ones(inputs_.alphabet, std::min(kShort, inputs_.max_length), 2);
    for (int i = 0; !IsDone(); ++i) {
      const Tokens input = i % 8 == 0 ? of_any_length.Next() : short_ones.Next();
      if (spent_ + CostOf(static_cast<std::int64_t>(input.size())) > kBudget) return;
      Try(input);
    }
  }

  bool IsDone() const {
    return std::all_of(
        expressions_.begin(), expressions_.end(),
        [](const FallibleExpression& expression) { return expression.example.has_value(); });
  }

  void Try(const Tokens& input) {
    ++result_.num_tried;
    spent_ += CostOf(static_cast<std::int64_t>(input.size()));
    ForEachFailure(input, [&](FallibleExpression& expression, const std::string& error) {
      if (!expression.example) expression.example = FailingInput{input, error};
    });
  }

  // Calls `use` with each expression that fails on the input although its operands have values.
  void ForEachFailure(
      const Tokens& input,
      const std::function<void(FallibleExpression&, const std::string& error)>& use) {
    const std::optional<Tokens> framed = inputs_.frame.Apply(input);
    if (!framed) return;
    const auto use_if_at = [&](FallibleExpression& expression, const Diagnostics& diag) {
      const Diagnostic& failure = diag.all().front();
      // Of all that may go wrong at a node, only a token that cannot be read back is an input error.
      if (expression.generates == (failure.kind == ErrorKind::kInput) &&
          IsAt(failure.location, PlaceInMessage(graph_, expression.nodes.front()))) {
        use(expression, failure.message);
      }
    };
    if (interpreter_) {
      interpreter_->Restart(*framed);
    } else {
      interpreter_.emplace(graph_, *framed, inputs_.causal);
    }
    for (FallibleExpression& expression : expressions_) {
      for (const NodeId id : expression.nodes) {
        Diagnostics diag;
        if (!interpreter_->CanEvaluate(id, diag)) use_if_at(expression, diag);
      }
    }
    Diagnostics generating;
    if (!inputs_.generation || Generate(graph_, output_, *framed, *inputs_.generation, generating,
                                        inputs_.causal, &vocabulary_)) {
      return;
    }
    for (FallibleExpression& expression : expressions_) use_if_at(expression, generating);
  }

  // Removes tokens that are not needed for the failure: halves first, then quarters, …
  void Shorten(FallibleExpression& expression) {
    if (!expression.example) return;
    for (std::size_t size = expression.example->input.size() / 2; size > 0; size /= 2) {
      std::size_t from = 0;
      while (from + size <= expression.example->input.size() &&
             expression.example->input.size() > size) {
        Tokens cut = expression.example->input;
        cut.erase(cut.begin() + static_cast<std::ptrdiff_t>(from),
                  cut.begin() + static_cast<std::ptrdiff_t>(from + size));
        spent_ += CostOf(static_cast<std::int64_t>(cut.size()));
        if (spent_ > kBudgetForCuts) return;
        std::optional<FailingInput> shorter;
        ForEachFailure(cut, [&](FallibleExpression& failing, const std::string& error) {
          if (&failing == &expression) shorter = FailingInput{cut, error};
        });
        if (shorter) {
          expression.example = std::move(shorter);
        } else {
          from += size;
        }
      }
    }
  }

  const DataflowGraph& graph_;
  const NodeId output_;
  const InputSpace& inputs_;
  const AtomSet vocabulary_;
  std::vector<FallibleExpression>& expressions_;
  std::int64_t num_sops_ = 0, num_selectors_ = 0;  // computed by an evaluation
  double spent_ = 0;
  std::optional<Interpreter> interpreter_;  // reused for one input after another
  SearchResult result_;
};

}  // namespace

SearchResult SearchFailures(const DataflowGraph& graph, NodeId output, const InputSpace& inputs,
                            std::vector<FallibleExpression>& expressions) {
  return Search(graph, output, inputs, expressions).Run();
}

}  // namespace raspc

// The maps of all factors of length 2^k, round by round (Liu et al. 2023, theorem 1).
//
// After round l a position holds the map of the 2^l symbols before it, its own left out, so that
// the end marker, after K rounds, has that of the last 2^K symbols. The first round gathers two
// symbols; each further one composes the map at a position with the map 2^(l-1) to the left. A map
// is one number, an element of the transition monoid, composed by a table; or one state for each
// state, composed by selecting among them.
#include <fmt/format.h>

#include <algorithm>

#include "frontends/regular/construction.h"
#include "frontends/regular/decision_steps.h"
#include "frontends/regular/faithful_parts.h"
#include "frontends/regular/first_failure.h"

namespace raspc {
namespace {

// ceil(log2(max_length)), but at least 1.
int RoundsFor(std::int64_t max_length) {
  int rounds = 1;
  while ((std::int64_t{1} << rounds) < max_length) ++rounds;
  return rounds;
}

Expr AtDistance(std::int64_t distance, const Expr& values, const Expr& missing) {
  return ValueAt(Indices() - distance, values, missing);
}

Expr Left(int round, const Expr& values, const Expr& missing) {
  return AtDistance(std::int64_t{1} << round, values, missing);
}

// The two symbols before a position; the end marker if there is none.
void WriteLastSymbols(const TokenNames& names, RaspWriter& w) {
  w.Comment(
      "The symbol before each position and the one before that; the end marker if there is none.");
  w.Assign("last", AtDistance(1, Tokens(), names.end));
  w.Assign("second_last", AtDistance(2, Tokens(), names.end));
}

bool IsFixed(const Dfa& dfa, StateId q) {
  for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
    if (dfa.Next(q, a) != q) return false;
  }
  return true;
}

std::string ElementName(ElementId i) { return fmt::format("m{}", i); }

// Writes the rounds of one part, with elements of its monoid or with its blocks; WriteLastSymbols
// comes first.
class PartWriter {
 public:
  // `prefix` is put before all names.
  PartWriter(const AutomatonPart& part, const TokenNames& names, std::string prefix, RaspWriter& w)
      : part_(part), dfa_(part.blocks), names_(names), prefix_(std::move(prefix)), w_(w) {}

  // `wanted`: the blocks whose images the verdict needs.
  void Write(int rounds, const std::vector<bool>& wanted) {
    if (part_.monoid) {
      WriteElements(rounds);
    } else {
      WriteBlocks(rounds, wanted);
    }
  }

  // The result of the last round: the element, as a string, or the block that block q leads to, an
  // int.
  Expr Element(int rounds) const { return Var(MapName(rounds)); }
  Expr Block(StateId q, int rounds) const { return Value(q, rounds); }

 private:
  std::string MapName(int round) const { return fmt::format("{}map_{}", prefix_, round); }
  std::string AfterName(StateId q, int round) const {
    return fmt::format("{}after_{}_{}", prefix_, q, round);
  }
  std::string FromName(StateId q) const { return fmt::format("{}from_{}", prefix_, q); }
  std::string LeftName(StateId q, int round) const {
    return fmt::format("{}left_{}_{}", prefix_, q, round);
  }
  // The block that block q leads to.
  Expr Value(StateId q, int round) const {
    return IsFixed(dfa_, q) ? Expr(q) : Var(AfterName(q, round));
  }

  void WriteElements(int rounds) {
    const TransitionMonoid& monoid = *part_.monoid;
    w_.Comment(
        "What each symbol does, as an element of the transition monoid; for the end marker the "
        "identity, m0.");
    RaspWriter::Rows letters;
    for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
      letters.emplace_back(dfa_.alphabet.Symbol(a), ElementName(monoid.Letter(a)));
    }
    letters.emplace_back(names_.end, ElementName(TransitionMonoid::kIdentity));
    const Expr letter = w_.Table(prefix_ + "letter", letters);
    RaspWriter::Rows products;
    for (ElementId i = 0; i < monoid.size(); ++i) {
      for (ElementId j = 0; j < monoid.size(); ++j) {
        products.emplace_back(ElementName(i) + " " + ElementName(j),
                              ElementName(monoid.Multiply(i, j)));
      }
    }
    const Expr product = w_.Table(prefix_ + "product", products);
    Expr map = w_.Assign(MapName(1),
                         product[letter[Var("second_last")] + " " + letter[Var("last")]]);
    for (int l = 1; l < rounds; ++l) {
      w_.Blank();
      const Expr left = w_.Assign(fmt::format("{}left_{}", prefix_, l),
                                  Left(l, map, ElementName(TransitionMonoid::kIdentity)));
      map = w_.Assign(MapName(l + 1), product[left + " " + map]);
    }
  }

  void WriteBlocks(int rounds, const std::vector<bool>& wanted) {
    w_.Comment(fmt::format(
        "{}from_q: where a symbol leads from q; for the end marker, q itself. {}after_q_l: where "
        "2^l symbols lead from q. At most one term of each sum is nonzero, so the sum is one of "
        "these numbers too; the last line of each tells the compiler.",
        prefix_, prefix_));
    for (StateId q = 0; q < dfa_.num_states(); ++q) {
      if (IsFixed(dfa_, q)) continue;
      std::vector<std::pair<Expr, Expr>> table;
      for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
        table.emplace_back(dfa_.alphabet.Symbol(a), dfa_.Next(q, a));
      }
      table.emplace_back(names_.end, q);
      const Expr from = w_.Assign(FromName(q), DictOf(table));
      w_.Assign(AfterName(q, 0), from[Var("last")]);
    }
    const std::vector<bool> all(wanted.size(), true);
    for (int l = 0; l < rounds; ++l) WriteRound(l, l + 1 < rounds ? all : wanted);
  }

  void WriteRound(int round, const std::vector<bool>& wanted) {
    w_.Blank();
    const auto is_written = [&](StateId q) {
      return wanted[static_cast<std::size_t>(q)] && !IsFixed(dfa_, q);
    };
    for (StateId q = 0; q < dfa_.num_states(); ++q) {
      if (!is_written(q)) continue;
      w_.Assign(LeftName(q, round), round == 0 ? Var(FromName(q))[Var("second_last")]
                                               : Left(round, Var(AfterName(q, round)), q));
    }
    for (StateId q = 0; q < dfa_.num_states(); ++q) {
      if (is_written(q)) WriteGates(q, round);
    }
  }

  // Where q leads after the round: the image of the block p that q leads to on the left.
  void WriteGates(StateId q, int round) {
    std::vector<Expr> gates;
    for (StateId i = 1; i <= dfa_.num_states(); ++i) {
      const StateId p = i % dfa_.num_states();
      gates.push_back(If(Var(LeftName(q, round)) == p, Value(p, round), 0));
    }
    const Expr sum = w_.Assign(fmt::format("{}sum_{}_{}", prefix_, q, round), SumOf(gates));
    const Expr last = dfa_.num_states() - 1;
    w_.Assign(AfterName(q, round + 1), If(sum < last, sum, last));
    w_.CountRows(std::int64_t{dfa_.num_states()} * dfa_.num_states());
  }

  const AutomatonPart& part_;
  const Dfa& dfa_;
  const TokenNames& names_;
  std::string prefix_;
  RaspWriter& w_;
};

// Something that the verdict may depend on: the image of a block, or the map on all of a part.
struct Variable {
  std::size_t part = 0;
  StateId block = 0;          // if the part has no monoid
  int num_values = 0;         // for DecisionSteps
  std::vector<int> value_of;  // [codes]: of the program's ints or elements
};

// Writes parts side by side and then the verdict.
class CompositionWriter {
 public:
  CompositionWriter(const Dfa& dfa, const TokenNames& names, const FaithfulParts& parts, int rounds,
                    RaspWriter& w)
      : dfa_(dfa), parts_(parts), rounds_(rounds), w_(w) {
    for (std::size_t k = 0; k < parts.parts.size(); ++k) {
      writers_.emplace_back(parts.parts[k], names,
                            parts.parts.size() == 1 ? "" : fmt::format("part_{}_", k + 1), w);
    }
  }

  void Write() {
    FindVariables();
    const std::vector<DecisionStep> steps = Decide();
    for (std::size_t k = 0; k < writers_.size(); ++k) {
      std::vector<bool> wanted(parts_.parts[k].blocks.accepting.size(), false);
      for (const DecisionStep& step : steps) {
        const Variable& variable = variables_[step.variable];
        if (variable.part == k) wanted[static_cast<std::size_t>(variable.block)] = true;
      }
      w_.Blank();
      WriteStatesOfBlocks(parts_.parts[k]);
      writers_[k].Write(rounds_, wanted);
    }
    WriteVerdict(steps);
  }

 private:
  // The states that a part does not distinguish.
  void WriteStatesOfBlocks(const AutomatonPart& part) {
    if (part.blocks.num_states() == dfa_.num_states()) return;
    std::vector<std::vector<StateId>> blocks(part.blocks.accepting.size());
    for (StateId q = 0; q < dfa_.num_states(); ++q) {
      blocks[static_cast<std::size_t>(part.block_of[static_cast<std::size_t>(q)])].push_back(q);
    }
    std::string text;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      text += fmt::format("{}{}: {}", b == 0 ? "" : "; ", b, fmt::join(blocks[b], " "));
    }
    w_.Comment(
        fmt::format("Blocks of states, each of which every symbol maps into a block. {}.", text));
  }

  // The blocks that the start leads to if they suffice; else the map on each part.
  void FindVariables() {
    for (std::size_t k = 0; k < parts_.parts.size(); ++k) {
      const AutomatonPart& part = parts_.parts[k];
      const int num_blocks = part.blocks.num_states();
      Variable variable;
      variable.part = k;
      variable.num_values = num_blocks;
      if (part.monoid) {
        if (!parts_.blocks_tell_state) variable.num_values = part.monoid->size();
        for (ElementId i = 0; i < part.monoid->size(); ++i) {
          const bool is_block = parts_.blocks_tell_state;
          variable.value_of.push_back(is_block ? part.monoid->Apply(part.blocks.start, i) : i);
        }
        variables_.push_back(variable);
        continue;
      }
      for (StateId p = 0; p < num_blocks; ++p) variable.value_of.push_back(p);
      for (variable.block = 0; variable.block < num_blocks; ++variable.block) {
        const bool is_start = variable.block == part.blocks.start;
        if (is_start || !parts_.blocks_tell_state) variables_.push_back(variable);
      }
    }
  }

  std::vector<DecisionStep> Decide() const {
    std::vector<int> num_values;
    for (const Variable& variable : variables_) num_values.push_back(variable.num_values);
    return DecisionSteps(parts_.blocks_tell_state ? PointsOfStates() : PointsOfElements(),
                         num_values);
  }

  std::vector<DecisionPoint> PointsOfStates() const {
    std::vector<DecisionPoint> points;
    for (StateId q = 0; q < dfa_.num_states(); ++q) {
      DecisionPoint point;
      for (const Variable& variable : variables_) {
        point.values.push_back(parts_.parts[variable.part].block_of[static_cast<std::size_t>(q)]);
      }
      point.result = dfa_.accepting[static_cast<std::size_t>(q)];
      points.push_back(std::move(point));
    }
    return points;
  }

  std::vector<DecisionPoint> PointsOfElements() const {
    const TransitionMonoid& monoid = *parts_.monoid;
    std::vector<DecisionPoint> points(static_cast<std::size_t>(monoid.size()));
    for (const Variable& variable : variables_) {
      const AutomatonPart& part = parts_.parts[variable.part];
      // Along the words of the monoid's elements.
      std::vector<int> value(points.size());
      value[TransitionMonoid::kIdentity] =
          part.monoid ? TransitionMonoid::kIdentity : variable.block;
      for (ElementId i = 0; i < monoid.size(); ++i) {
        const int at = value[static_cast<std::size_t>(i)];
        for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
          value[static_cast<std::size_t>(monoid.Right(i, a))] =
              part.monoid ? part.monoid->Right(at, a) : part.blocks.Next(at, a);
        }
        points[static_cast<std::size_t>(i)].values.push_back(at);
      }
    }
    for (ElementId i = 0; i < monoid.size(); ++i) {
      const StateId q = monoid.Apply(dfa_.start, i);
      points[static_cast<std::size_t>(i)].result = dfa_.accepting[static_cast<std::size_t>(q)];
    }
    return points;
  }

  bool IsElement(const Variable& variable) const {
    return parts_.parts[variable.part].monoid.has_value();
  }
  Expr ValueOf(const Variable& variable) const {
    const PartWriter& writer = writers_[variable.part];
    return IsElement(variable) ? writer.Element(rounds_) : writer.Block(variable.block, rounds_);
  }
  // The code as written in the program.
  Expr CodeLiteral(const Variable& variable, std::size_t code) const {
    return IsElement(variable) ? Expr(CodeName(variable, code)) : Expr(code);
  }
  std::string CodeName(const Variable& variable, std::size_t code) const {
    return IsElement(variable) ? ElementName(static_cast<ElementId>(code))
                               : fmt::format("{}", code);
  }
  // The variable as a string.
  Expr NameOf(const Variable& variable) const {
    if (IsElement(variable)) return ValueOf(variable);
    std::vector<std::pair<Expr, Expr>> rows;
    for (std::size_t code = 0; code < variable.value_of.size(); ++code) {
      rows.emplace_back(code, std::to_string(code));
    }
    return DictOf(rows)[ValueOf(variable)];
  }

  void WriteVerdict(const std::vector<DecisionStep>& steps) {
    w_.Blank();
    if (steps.size() > 1) {
      w_.Comment(
          "The verdict takes several of these in turn: decided_i is what the first i of them "
          "determine.");
    }
    const auto name_of = [](int node) { return fmt::format("d{}", node); };
    std::optional<Expr> decided;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
      const Variable& variable = variables_[steps[i].variable];
      RaspWriter::Rows rows;
      ForEachRow(steps[i], !decided,
                 [&](const std::string& key, int node) { rows.emplace_back(key, name_of(node)); });
      decided = w_.AssignByTable(fmt::format("decided_{}", i + 1), rows,
                                 Key(decided, NameOf(variable)));
    }
    const Variable& last = variables_[steps.back().variable];
    if (!decided) {
      std::vector<Expr> accepting;
      for (std::size_t code = 0; code < last.value_of.size(); ++code) {
        const auto value = static_cast<std::size_t>(last.value_of[code]);
        if (steps[0].next[0][value] == 1) accepting.push_back(CodeLiteral(last, code));
      }
      w_.Assign("accept", In(ValueOf(last), ListOf(accepting)));
      return;
    }
    std::vector<std::string> accepting;
    ForEachRow(steps.back(), false, [&](const std::string& key, int node) {
      if (node == 1) accepting.push_back(key);
    });
    w_.Assign("accept", In(Key(decided, NameOf(last)), TextsOf(accepting)));
  }

  static Expr Key(const std::optional<Expr>& decided, const Expr& name) {
    return decided ? *decided + " " + name : name;
  }

  // For each node and code: the key of the row and the node after.
  template <typename Function>
  void ForEachRow(const DecisionStep& step, bool is_first, const Function& function) const {
    const Variable& variable = variables_[step.variable];
    for (int node = 0; node < step.num_nodes; ++node) {
      for (std::size_t code = 0; code < variable.value_of.size(); ++code) {
        const std::string name = CodeName(variable, code);
        function(is_first ? name : fmt::format("d{} {}", node, name),
                 step.next[static_cast<std::size_t>(node)]
                          [static_cast<std::size_t>(variable.value_of[code])]);
      }
    }
  }

  const Dfa& dfa_;
  const FaithfulParts& parts_;
  int rounds_;
  RaspWriter& w_;
  std::vector<PartWriter> writers_;
  std::vector<Variable> variables_;
};

std::string PartText(const AutomatonPart& part, const Dfa& dfa) {
  const int num_blocks = part.blocks.num_states();
  if (part.monoid) return fmt::format("the {} elements of the monoid", part.monoid->size());
  if (num_blocks == dfa.num_states()) return fmt::format("{} states each", num_blocks);
  return fmt::format("{} blocks of states each", num_blocks);
}

}  // namespace

std::optional<GeneratedProgram> Composition(const Dfa& dfa, const TokenNames& names,
                                            const GeneratedProgramOptions& options,
                                            Diagnostics& diag) {
  GeneratedProgram body;
  const int enough = RoundsFor(options.max_length);
  const int rounds = options.num_rounds.value_or(enough);
  const auto parts = FindFaithfulParts(dfa, options.max_rows / rounds, options.limits);
  if (!parts) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("composing maps on {1} states, or on the parts found in the automaton, "
                           "for {0} rounds takes more than {2} table rows, the limit",
                           rounds, dfa.num_states(), options.max_rows));
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const AutomatonPart& part : parts->parts) {
    texts.push_back(PartText(part, dfa));
    if (part.monoid) continue;
    // A gate is a function of two blocks.
    const std::int64_t num_blocks = part.blocks.num_states();
    body.header.max_domain =
        std::max({kSmallDomain, body.header.max_domain.value_or(0), num_blocks * num_blocks});
  }
  body.construction =
      fmt::format("{} rounds of composition, by {}", rounds, fmt::join(texts, " and by "));
  body.promise_rest = fmt::format(", one for each round; words of up to {} symbols take {} rounds",
                             options.max_length, enough);
  body.explanation = fmt::format(
      "Each round composes what two adjacent factors do to the states, so factors double in "
      "length. {} rounds decide words of up to {} symbols.",
      rounds, std::int64_t{1} << rounds);
  body.depth = rounds;
  if (rounds < enough) {
    const auto failure = FirstFailureOfComposition(dfa, rounds, options.limits, diag);
    if (!failure) return std::nullopt;
    if (failure->length && *failure->length <= options.max_length) {
      body.right_to = *failure->length - 1;
    }
  }
  WriteLastSymbols(names, body.statements);
  CompositionWriter(dfa, names, *parts, rounds, body.statements).Write();
  return body;
}

}  // namespace raspc

// The result of lowering: variables in the residual stream, and the heads and MLP segments that
// compute them from one another.
//
// A variable is one direction of the stream with a meaning: "index", "tok is 'a'", "1/(1+width of
// same)". It is written once, by the embedding tables, a head or an MLP segment, and read by linear
// forms. compiler/schedule later chooses the layer of each block, then compiler/allocate the
// direction of each variable.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/lower/builder/rounding.h"
#include "compiler/lower/builder/variable_meaning.h"
#include "runtime/model/model.h"

namespace raspc {

struct VariableId {
  std::int32_t value = -1;
  friend bool operator==(VariableId, VariableId) = default;
  friend auto operator<=>(VariableId, VariableId) = default;
};

// The number constant + sum of weight * variable, read at one position.
//
// It stands for a value of the program, from which it may differ even if every variable has its
// ideal value: the program's floats are rounded after each operation, a form is not; and its
// weights are rounded when they are computed. Its bound includes this error.
struct LinearForm {
  std::vector<std::pair<VariableId, double>> terms;  // ascending ids, weights not 0
  double constant = 0;
  double drift = 0;  // error that does not depend on the variables
  std::vector<std::pair<VariableId, double>>
      weight_errors;  // error per unit of a variable; ascending ids

  static LinearForm Of(VariableId variable) { return {{{variable, 1.0}}, 0}; }
  static LinearForm Constant(double value) { return {{}, value}; }
  bool HasDrift() const { return drift != 0 || !weight_errors.empty(); }
  bool IsConstant() const { return terms.empty() && !HasDrift(); }
  friend bool operator==(const LinearForm&, const LinearForm&) = default;
};
LinearForm Scaled(const LinearForm& form, double factor);
LinearForm Sum(const LinearForm& a, const LinearForm& b);
LinearForm Shifted(const LinearForm& form, double constant);

// Codes are kept for s-ops of at most so many values.
inline constexpr std::size_t kMaxListedValues = 2048;

struct Variable {
  enum class Origin { kEmbedding, kHead, kMlp };
  std::string label;   // unique once lowering is done
  std::string detail;  // a longer label
  int line = 0;        // of the program, of what it carries; 0: unknown
  // Where it carries a number for each value of an s-op: these, and the numbers. NaN: never.
  std::shared_ptr<const ValueList> values;
  std::vector<double> code;
  Origin origin = Origin::kEmbedding;
  std::vector<double> by_token;     // kEmbedding: added for the token, [vocabulary], or empty
  std::vector<double> by_position;  // kEmbedding: added for the index, [context_length], or empty
  double at_bos = 0;                // its value at BOS, exactly
  Bound bound;
  int ready =
      0;  // half-steps: 0 embedding, 2l + 1 after the heads of layer l, 2l + 2 after its MLP

  // Sets the labels, the line, the values and the code.
  void SetMeaning(const VariableMeaning& meaning);
};

// A head: attends equally to the keys with the highest score, 0.
//
// The score of (q, k) is -scale * sum over terms of query * key. The terms are penalties: each
// product, or a group of them (compiler/lower/lower_equality.cc), is either exactly 0 or at
// least 1. BOS scores half-way (`bos_shares` false), so that it is attended to only when no key has
// score 0; or it has score 0 itself (`bos_shares` true), which a width needs. Where a row has at
// most one key, products may also have small errors, as long as their sum stays within 0.4 of its
// ideal value: the attention to a single key is 1 whatever its score.
//
// Where every row has exactly one key (`takes_least`), the sum need not be 0 at that key, only at
// most 0 and at least 1 less than at any other. BOS, whose sum is that of its `key_at_bos` plus a
// half, may be that key. With `may_tie` several keys may have it, at least one; their penalties may
// differ a little, and what the head reads is equal at all of them.
struct HeadBlock {
  struct Term {
    LinearForm query, key;
    double key_at_bos = 0;  // the key's value at BOS; nonzero only if `takes_least`
  };
  struct Channel {
    LinearForm value;  // read at the key
    double at_bos;     // the value at BOS
    VariableId output;
  };
  std::string label;  // its selector, and what it carries once lowering is done
  int line = 0;
  HeadMask mask = HeadMask::kNone;
  bool bos_shares = false;
  bool takes_least = false;
  bool may_tie = false;
  std::vector<Term> terms;
  // Keys hidden by their offset from the query: entry k - q + context_length - 1; empty: none.
  std::vector<bool> hidden_offsets;
  std::vector<Channel> channels;
};

// Part of an MLP: neurons max(0, input), and sums of them. At BOS every neuron is off.
struct MlpBlock {
  struct Output {
    VariableId variable;
    double base;                                           // initial value of the sum
    std::vector<std::pair<std::int32_t, double>> weights;  // neuron, weight
  };
  std::string label;  // what it computes, once lowering is done
  std::vector<LinearForm> neurons;
  std::vector<Output> outputs;
};

// A number with its error bound, for the certificate.
struct Margin : Certificate::Entry {
  VariableId variable;  // whose label it bears, if that is one
  std::optional<std::size_t> head;  // whose scores it is about, if it is about one
};

struct Blocks {
  Arithmetic arithmetic{};
  DType dtype = DType::kFloat32;
  std::vector<Variable> variables;
  std::vector<HeadBlock> heads;
  std::vector<MlpBlock> mlps;
  std::vector<LinearForm> readouts;
  OutputDecoding decoding;
  std::vector<Margin> margins;  // decisions taken, with their error bounds

  const Variable& operator[](VariableId id) const {
    return variables[static_cast<std::size_t>(id.value)];
  }
};

// How far a linear form of ideal variables can be from the value it stands for.
double DriftOf(const Blocks& blocks, const LinearForm& form);

// The error of a computed linear form, and when each variable is ready.
Bound BoundOf(const Blocks& blocks, const LinearForm& form);
Bound GivenBoundOf(const Blocks& blocks,
                   const LinearForm& form);  // without the rounding of the sum itself
// The error of `at_bos` at BOS, where the weights that read the form are corrected by its value
// there.
Bound BoundAtBos(const Blocks& blocks, const LinearForm& form, double at_bos);
int ReadyOf(const Blocks& blocks, const LinearForm& form);

// The earliest layer in which a head or an MLP segment can run if its inputs are ready at half-step
// `ready`.
inline int EarliestHeadLayer(int ready) { return (ready + 1) / 2; }
inline int EarliestMlpLayer(int ready) { return ready / 2; }

// Drops blocks and variables that the readout does not depend on, and the margins of their
// decisions; ids change.
Blocks WithoutDeadBlocks(const Blocks& blocks);

// One paragraph per block, for `inspect --stage lowered`.
std::string ToText(const Blocks& blocks);

}  // namespace raspc

// A transformer as explicit weights, with everything needed to run it and to read its output.
//
// The architecture is a plain transformer without layer norm:
//
//     x = token_embedding[token] + position_embedding[position]          // [seq_len, d_model]
//     for each layer:
//       x += sum over heads of softmax(x Q (x K)^T + bias + mask) x V O
//       x += ReLU(x W_in + b_in) W_out + b_out
//     readout = x R + r
//
// There is no 1/sqrt(head_dim): scales are in Q.
// Position 0 of every sequence is BOS, which the runtime adds; program index i is position i + 1.
// A model is a plain value: the compiler makes it, runtime/model/model_file.h reads and writes it,
// the engines execute it and never change it.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/atom.h"
#include "base/input_frame.h"

namespace raspc {

// Weights are held as doubles whatever the model's dtype; a float32 model's are float32 numbers.
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

enum class DType { kFloat32, kFloat64 };
enum class Target { kEncoder, kDecoder, kMasked };
enum class HeadMask { kNone, kCausal, kStrictlyCausal };

// The name in files and on the command line: "float32", "encoder", "strictly_causal", …
std::string_view NameOf(DType dtype);
std::string_view NameOf(Target target);
std::string_view NameOf(HeadMask mask);
std::optional<DType> DTypeNamed(std::string_view name);
std::optional<Target> TargetNamed(std::string_view name);
std::optional<HeadMask> HeadMaskNamed(std::string_view name);

// One attention head. A strictly causal query with no other key still sees BOS: BOS is visible to
// every query, itself included, under every mask.
struct Head {
  std::string label;      // its selector, and what it brings
  std::int64_t line = 0;  // of the program, of the selector; 0: unknown
  HeadMask mask = HeadMask::kNone;
  Matrix query;   // [d_model, head_dim], the scale included
  Matrix key;     // [d_model, head_dim]
  Matrix value;   // [d_model, value_dim]
  Matrix output;  // [value_dim, d_model]
  // Added to the score of a key by its offset from the query: entry k - q + context_length
  // is for query position q and key position k; BOS as a key is exempt. Empty: nothing. Only for
  // Target::kMasked.
  Vector relative_bias;  // [RelativeBiasSize(mask, context_length)] or empty
};

// The number of offsets k - q: 2 * context_length + 1, or context_length + 1 under a mask, which
// leaves those up to 0.
std::int64_t RelativeBiasSize(HeadMask mask, std::int64_t context_length);

// Neighbouring neurons that compute something together. A neuron's name is the group's label and
// its number in the group, from 0: "place 3".
struct NeuronGroup {
  std::string label;
  std::int64_t line = 0;  // of the program; 0: unknown
  std::int64_t count = 0;
};

struct Mlp {
  Matrix in;                          // [d_model, d_mlp]
  Vector in_bias;                     // [d_mlp]
  Matrix out;                         // [d_mlp, d_model]
  Vector out_bias;                    // [d_model]
  std::vector<NeuronGroup> groups{};  // of all neurons, in order, or empty
};

// The heads all read the stream as it enters the layer; the MLP reads it after them. A layer may
// have no heads, or an MLP with d_mlp = 0.
struct Layer {
  std::vector<Head> heads;
  Mlp mlp;
};

// How the readout at a position becomes an atom.
struct OutputDecoding {
  enum class Kind {
    kNearest,  // readout_dim is 1: the value whose code is nearest to the readout
    kArgmax,   // readout_dim is the number of values: the value with the largest entry
    kRaw,      // readout_dim is 1: the readout itself, a float
    // readout_dim is 2: a number, and its type: 0 an int, 1 a float, 2 a bool, and
    // from 3 on one of `values`, whatever the number.
    kNumber,
  };
  Kind kind = Kind::kNearest;
  std::vector<Atom> values;   // what a position can decode to; empty for kRaw
  std::vector<double> codes;  // kNearest: strictly rising, one per value
};

// The number of entries of a readout.
std::int64_t ReadoutDim(const OutputDecoding& decoding);

// What the compiler established about rounding; see docs/design.md.
struct Certificate {
  // A number and, if something is decided by it, the error it can have.
  struct Entry {
    std::string label;   // the residual direction that is decided, or the number itself
    double error_bound;  // the largest distance from the ideal value, at any position of any input
    double margin;       // the error at which the decision may go wrong, or infinity
  };
  std::int64_t exact_to_length = 0;  // input tokens
  std::vector<Entry> entries;
};

// How many of the entries are decisions, and the one whose bound uses the largest part of its
// margin: null if there are none.
struct Decisions {
  int count = 0;
  const Certificate::Entry* closest = nullptr;
};
Decisions DecisionsOf(const Certificate& certificate);

// The numbers that stand for the values of an s-op in some directions of the stream.
struct ValueCodes {
  struct Direction {
    std::int64_t direction = 0;
    std::vector<double> codes;  // one per value; NaN: a value that never comes up
  };
  std::string of;         // the s-op
  std::int64_t line = 0;  // of the program; 0: unknown
  std::vector<Atom> values;
  std::vector<Direction> directions;
};

struct Model {
  std::string name;  // of the s-op it computes
  Target target = Target::kEncoder;
  DType dtype = DType::kFloat32;
  bool causal = false;  // every head masks keys after the query
  // What the program's floats mean; weights and outputs are floats in either case.
  ArithmeticKind arithmetic = ArithmeticKind::kFloat;

  std::vector<Atom>
      vocabulary;  // token id -> atom, pairwise not Identical; BOS has the id after the last
  std::vector<Atom> alphabet;   // the tokens that inputs may use, a subset of the vocabulary
  std::int64_t max_length = 0;  // maximum number of input tokens
  std::int64_t context_length =
      0;  // maximum total (input, appended, padding, generated), BOS not counted
  InputFrame frame;
  std::optional<GenerationRule> generation;

  Matrix token_embedding;     // [vocabulary + 1, d_model]
  Matrix position_embedding;  // [context_length + 1, d_model]
  std::vector<Layer> layers;
  // The layers in the order in which they run, as indices; a layer may run more than once. Empty:
  // each once, as they are listed. Files hold no other order.
  std::vector<int> layer_order;
  Matrix readout;       // [d_model, readout_dim]
  Vector readout_bias;  // [readout_dim]
  OutputDecoding decoding;

  std::vector<std::string> residual_labels;  // [d_model]: what each direction carries
  std::vector<std::int64_t> residual_lines;  // [d_model], or empty: of the program; 0: unknown
  std::vector<ValueCodes> value_codes;       // a direction is in one at most
  Certificate certificate;

  int d_model() const { return static_cast<int>(token_embedding.cols()); }
  int bos_id() const { return static_cast<int>(vocabulary.size()); }
};

// The order in which the model's layers run, as indices of them.
std::vector<int> LayerOrder(const Model& model);
// Whether that is each once, as they are listed. Requires that CheckModel finds nothing.
bool RunsLayersAsListed(const Model& model);
// The names of an MLP's neurons, if it has groups.
std::vector<std::string> NeuronNames(const Mlp& mlp);

// The figures reported for each compilation.
struct ModelSizes {
  int layers = 0;
  int heads = 0;     // maximum per layer
  int head_dim = 0;  // largest, of queries and of values
  int d_model = 0;
  int d_mlp = 0;                // largest
  std::int64_t parameters = 0;  // every entry stored in the file, embedding tables included
  std::int64_t nonzeros = 0;
};
ModelSizes SizesOf(const Model& model);

// Whether the text is a name of the language: ASCII letters, digits and underscores, not starting
// with a digit.
bool IsName(std::string_view text);

// What is wrong with the model, in one sentence, or nothing: an invalid name, shapes that do
// not fit together, weights that are not finite or not of the model's type, a vocabulary with a
// token twice, an alphabet, frame or stop token outside it, an input length that it promises to
// accept but has no room for, masks that contradict the target or `causal`, an order that names a
// layer that is not there or leaves one out, a decoding that does not fit the readout, lines,
// groups or codes that do not fit what they describe, a certificate that claims what its entries
// deny. An MLP with d_mlp = 0 must add nothing: its out_bias is empty or zero.
//
// Everything that runs or stores a model relies on this. Reads every weight once.
std::optional<std::string> CheckModel(const Model& model);

}  // namespace raspc
